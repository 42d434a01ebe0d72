import { waitUntil } from "cloudflare:workers";
import type { Runtime } from "./runtime.ts";

/** Lets work go on after the response of the request that it is called in; its failure is logged, never lost. */
export function inBackground({ log }: Pick<Runtime, "log">, work: Promise<unknown>): void {
  waitUntil(work.catch((error) => log.error("deferred_work_failed", error)));
}
