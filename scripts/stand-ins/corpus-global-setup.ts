import type { TestProject } from "vitest/node";
import { serveCorpus } from "./corpus-server.ts";

/** Starts what tests in Node reach over loopback: the corpus, where this machine has one. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const served = await serveCorpus();
  project.provide("corpus", served?.corpus ?? null);
  return served ? () => served.close() : undefined;
}
