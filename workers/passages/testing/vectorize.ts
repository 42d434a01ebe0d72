import { inject } from "vitest";
import type { VectorService } from "../engine/vectors/vector-mirror.ts";

let indexes = 0;

/** An index of the stand-in, in the shape of Vectorize's binding. */
export function vectorizeIndex() {
  indexes += 1;
  const address = `${inject("vectorize")}/index-${indexes}`;
  const send = async <T>(operation: string, body: object = {}): Promise<T> => {
    const response = await fetch(`${address}/${operation}`, { method: "POST", body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${operation}: ${response.status} ${await response.text()}`);
    return response.json<T>();
  };
  const service: VectorService = {
    describe: () => send("describe"),
    query: (vector, options) => send("query", { vector: [...vector], ...options }),
    upsert: (vectors) => send("upsert", { vectors }),
    deleteByIds: (ids) => send("delete", { ids }),
  };
  return {
    service,
    /** From here on what was sent is found. */
    settle: () => send("settle"),
    fail: (times: number) => send("fail", { times }),
    log: () => send<{ calls: Record<"upsert" | "delete" | "query", number[]>; count: number }>("log"),
  };
}
