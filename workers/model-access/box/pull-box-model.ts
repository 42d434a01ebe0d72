import { type Progress, pullModel } from "../../models/box.ts";
import { classifyModelFailure, withOwnWords } from "../../models/failures.ts";
import { sseFrame } from "../../platform/http/sse.ts";
import { recordAudit } from "../../workspaces/audited.ts";
import type { Context, UserActor } from "../../workspaces/context.ts";
import { operation } from "../../workspaces/operation.ts";
import { namedModel } from "../box-contract.ts";
import { boxToChange } from "./reach-box.ts";

/** What is told of a pull: how far it is, and at last that it is whole, or what went wrong. */
async function* eventsOf(
  { log }: Context<UserActor>,
  model: string,
  steps: AsyncGenerator<Progress>,
  { signal }: AbortController,
) {
  try {
    for await (const data of steps) yield sseFrame({ event: "progress", data });
    yield sseFrame({ event: "done", data: { model, id: `ollama/${model}` } });
  } catch (error) {
    // Nobody is there any more.
    if (signal.aborted) return;
    const failure = classifyModelFailure(error);
    if (failure.code === "internal") log.error("pull_failed", error);
    const code = failure.code.toUpperCase();
    yield sseFrame({ event: "error", data: { error: withOwnWords(failure), code } });
  }
}

/** Events as a body; whoever stops reading ends what they tell of, at once. */
function bodyOf(events: AsyncGenerator<Uint8Array>, leaving: AbortController): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await events.next();
      if (leaving.signal.aborted) return;
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => leaving.abort(reason),
  });
}

export const pullBoxModel = operation({
  summary: "Have the box fetch a model",
  description:
    "For whoever runs the installation. `progress` events as Ollama tells of them, with bytes where it is a file; `done` or `error` at the end. Whoever leaves ends it; what came is kept for the next time.",
  tags: ["Models"],
  action: "box.write",
  audit: "model.pulled",
  input: namedModel,
  async run(ctx, { body: { model } }) {
    const box = await boxToChange(ctx);
    const leaving = new AbortController();
    const steps = await pullModel(box, ctx.env, model, leaving.signal);
    await recordAudit(ctx, {
      action: "model.pulled",
      resource: { kind: "model", id: `ollama/${model}` },
      details: { name: model },
    });
    return bodyOf(eventsOf(ctx, model, steps, leaving), leaving);
  },
});
