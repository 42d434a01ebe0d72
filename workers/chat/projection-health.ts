import type { Check } from "../platform/health-routes.ts";
import type { Runtime } from "../platform/runtime.ts";
import { projectionObject } from "./projection/caught-up.ts";

/** By how much D1 lies behind what conversations say, as one check among others: its latency is what all but one of a hundred changes waited at most. */
export async function checkProjection(runtime: Runtime): Promise<Check> {
  try {
    const { waiting, p50, p99 } = await projectionObject(runtime).lag();
    const detail = `${waiting} waiting; D1 lies ${p50} ms behind (median), ${p99} ms (99th percentile).`;
    return { status: "ok", latency_ms: p99, detail };
  } catch (error) {
    runtime.log.error("health_check_failed", error);
    return { status: "failing", latency_ms: 0, detail: "It does not answer. The log says why." };
  }
}
