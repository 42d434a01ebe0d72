import { createParser } from "eventsource-parser";
import { refusal } from "./api-problem.ts";
import { callApi } from "./call-api.ts";

/** How far the box is with a model that it fetches: bytes where it is at a file. */
export interface PullProgress {
  status: string;
  completed?: number | undefined;
  total?: number | undefined;
}

/** Has the box fetch a model, and tells how far it is. Resolves once the model is there; rejects with what went wrong, and where `signal` ends it. */
export async function pullModel(
  model: string,
  onProgress: (progress: PullProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  const { body } = await callApi("/ollama/pull", { method: "POST", json: { model }, signal });
  let isDone = false;
  let failure: string | null = null;
  const parser = createParser({
    onEvent({ event, data }) {
      if (event === "progress") onProgress(JSON.parse(data));
      else if (event === "done") isDone = true;
      else if (event === "error") failure = JSON.parse(data).error;
    },
  });
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done) break;
    parser.feed(value);
  }
  if (failure !== null) throw refusal(failure);
  if (!isDone) throw refusal("The connection was lost. What came is kept: fetch the model again to go on.");
}
