import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { createRuntime } from "../../platform/runtime.ts";
import { call, jsonOf } from "../../testing/client.ts";
import { eventually } from "../../testing/eventually.ts";
import { ingestMessage } from "../ingestion/ingest-message.ts";
import { consumeIngestion } from "../ingestion/ingest-queue.ts";

export const fileOf = (name: string, content: string | Uint8Array) => new File([content as BlobPart], name);

export function formOf(cloneId: string, ...files: File[]): FormData {
  const form = new FormData();
  form.set("clone_id", cloneId);
  for (const file of files) form.append("file", file);
  return form;
}

export async function upload(
  token: string,
  cloneId: string,
  ...files: File[]
): Promise<{ id: string; filename: string }[]> {
  const response = await call("POST", "/api/v1/documents/upload", { token, body: formOf(cloneId, ...files) });
  return (await jsonOf<{ data: { id: string; filename: string }[] }>(response, 202)).data;
}

interface State {
  status: string;
  stage: string | null;
  progress: number;
  chunk_count: number;
  pages: number | null;
  error: { code: string; message: string } | null;
  run_id: string;
}

export const stateOf = async (token: string, id: string) =>
  jsonOf<State>(await call("GET", `/api/v1/documents/${id}/status`, { token }), 200);

/** Follows a document until it is read or failed, as a client does. */
export async function settled(token: string, id: string): Promise<State> {
  for (;;) {
    const state = await stateOf(token, id);
    if (state.status === "indexed" || state.status === "failed") return state;
    await scheduler.wait(10);
  }
}

/** Waits until what only the pipeline needs of a document is cleared away: the last that a run does, when all others have been told of its end. */
export const clearedAway = (id: string) =>
  eventually(async () => {
    const { objects } = await env.UPLOADS.list();
    const kept = objects.filter(({ key }) => key.includes(`/${id}/`) && /\/(?:chunks|vectors)\//.test(key));
    expect(kept).toEqual([]);
  });

/** Delivers a message to the consumer once more, as a queue may; resolves to what became of it. */
export async function deliver(
  body: unknown,
  queue = "understudy-ingest",
  bindings: Env = env,
  patienceMs = 600_000,
): Promise<{ acked: boolean; retried: boolean }> {
  const outcome = { acked: false, retried: false };
  const message = {
    id: crypto.randomUUID(),
    timestamp: new Date(),
    body,
    attempts: 1,
    ack() {
      outcome.acked = true;
    },
    retry() {
      outcome.retried = true;
    },
  };
  const delivery = { message: message as unknown as Message, body: ingestMessage.parse(body) };
  await consumeIngestion(createRuntime(bindings), [delivery], queue.endsWith("-dead"), patienceMs);
  return outcome;
}
