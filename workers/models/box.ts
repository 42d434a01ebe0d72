import { z } from "zod";
import { isProblem } from "../platform/errors.ts";
import { problemOfGarbledAnswer, problemOfNetwork, problemOfSaid } from "./failures.ts";
import type { Connection } from "./ports/connection.ts";
import { forgetListed } from "./providers/discovery.ts";
import { EventLines } from "./providers/event-lines.ts";
import { boxFetch, boxJson } from "./providers/ollama/box.ts";
import { boxModel, forgetModel, isSameName, type LoadedModel, loadedModels } from "./providers/ollama/box-model.ts";
import { contextFor } from "./providers/ollama/context-window.ts";

export type { LoadedModel } from "./providers/ollama/box-model.ts";
export { type BoxEntry, boxEntries } from "./providers/ollama/model-list.ts";
export { ollama } from "./providers/ollama/provider.ts";
export { loadedModels };

const progress = z.object({
  status: z.string(),
  digest: z.string().optional(),
  total: z.number().optional(),
  completed: z.number().optional(),
});
/** How far a box is with a model that it fetches. */
export type Progress = z.output<typeof progress>;

/** A model has come to a box, or gone from it. */
function forget(connection: Connection, name: string): void {
  forgetListed(connection);
  forgetModel(connection, name);
}

/** Reads lines of progress as they come. Throws what they say went wrong. */
async function* progressIn(body: ReadableStream<Uint8Array>): AsyncGenerator<Progress> {
  const steps: Progress[] = [];
  const failed = (said: unknown) => {
    throw problemOfSaid(said);
  };
  const value = (said: unknown) => {
    if (typeof said === "object" && said !== null && "error" in said) failed(said);
    const step = progress.safeParse(said);
    if (!step.success) throw problemOfGarbledAnswer(step.error);
    steps.push(step.data);
  };
  const lines = new EventLines({ value, failed, done: () => undefined, alive: () => undefined });
  const decoder = new TextDecoder();
  for await (const bytes of body) {
    lines.feed(decoder.decode(bytes, { stream: true }));
    yield* steps.splice(0);
  }
  lines.end();
  yield* steps;
}

/**
 * Has a box fetch a model, and tells how far it is; resolves once the box has begun. Aborting `signal` ends it: what came is kept, and the next time goes on from there.
 * What comes throws what the box says went wrong, and where it breaks off.
 */
export async function pullModel(
  connection: Connection,
  env: Env,
  name: string,
  signal: AbortSignal,
): Promise<AsyncGenerator<Progress>> {
  const { body } = await boxFetch(connection, env, { path: "pull", body: { model: name, stream: true }, signal });
  if (!body) throw problemOfGarbledAnswer(new Error("The answer has no body."));
  const steps = async function* () {
    let last = "";
    try {
      for await (const step of progressIn(body)) {
        last = step.status;
        yield step;
      }
    } catch (cause) {
      throw isProblem(cause) || signal.aborted ? cause : problemOfNetwork(cause);
    } finally {
      forget(connection, name);
    }
    if (last !== "success") throw problemOfNetwork(new Error("The box broke off."));
  };
  return steps();
}

/** How long a box may take to delete files of many gigabytes, in ms. */
const deleteWithinMs = 30_000;

/** Deletes a model from a box. Throws where it has none of that name. */
export async function deleteModel(connection: Connection, env: Env, name: string): Promise<void> {
  const signal = AbortSignal.timeout(deleteWithinMs);
  const response = await boxFetch(connection, env, { path: "delete", body: { model: name }, signal });
  await response.body?.cancel();
  forget(connection, name);
}

/** Has a box load a model, so that the next answer need not wait for that; resolves to it as it is loaded. Throws where it cannot. */
export async function warmModel(connection: Connection, env: Env, name: string): Promise<LoadedModel | undefined> {
  const model = await boxModel(connection, env, name);
  const { keepAlive, waits } = connection;
  const window = contextFor({ estimate: 0, least: 0 }, model, { asked: 0, answer: 0 });
  const isEmbedder = model.capabilities?.includes("completion") === false;
  const body = {
    model: name,
    ...(isEmbedder ? { input: [] } : { messages: [], stream: false }),
    options: { num_ctx: window },
    ...(keepAlive === undefined ? {} : { keep_alive: keepAlive }),
  };
  await boxJson(connection, env, { path: isEmbedder ? "embed" : "chat", body }, waits?.firstTokenMs);
  forgetModel(connection, name);
  return (await loadedModels(connection, env)).find((each) => isSameName(each.name, name));
}
