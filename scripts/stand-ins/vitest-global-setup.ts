import type { TestProject } from "vitest/node";
import { startOpenAiStandIn } from "./openai-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Base URL of the OpenAI stand-in, with `/v1`. */
    openaiStandIn: string;
  }
}

/** Starts the third parties that tests in workerd reach over loopback. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const openai = await startOpenAiStandIn();
  project.provide("openaiStandIn", openai.url);
  return () => openai.close();
}
