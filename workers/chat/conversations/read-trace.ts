import { iso } from "../../platform/clock.ts";
import { notFound, Problem } from "../../platform/errors.ts";
import { operation } from "../../workspaces/operation.ts";
import { messageTags } from "../contract.ts";
import { messageTrace } from "../trace-contract.ts";
import { ofOwn } from "./get-conversation.ts";

const notTheirs = () =>
  new Problem("forbidden", "What happened for an answer is shown to members of the workspace whose clone gave it.");

/** Throws `not_found` for a message of which nothing is known, as for one that is not there, and `forbidden` where another workspace's clone answered. */
export const readTrace = operation({
  summary: "Read what happened for an answer",
  description:
    "Search, models asked and answered, waits, tokens and times, of the turn that last wrote it. Nothing of what was asked or said.",
  tags: messageTags,
  action: "conversation.read",
  scope: "chat",
  params: ["id", "messageId"],
  output: messageTrace,
  async run(ctx, { params: { id, messageId } }) {
    if (ctx.actor.kind === "visitor") throw notTheirs();
    const found = await ofOwn(ctx, id, (object, owner) => object.traceOf(id, owner, messageId));
    if (!found) throw notFound("message");
    if (!found.isShown) throw notTheirs();
    return {
      message_id: messageId,
      turn_id: found.turnId,
      trace_id: found.traceId,
      started_at: iso(found.startedAt),
      spans: found.spans.map(({ startedMs, durationMs, ...span }) => ({
        ...span,
        started_ms: startedMs,
        duration_ms: durationMs,
      })),
      left_out: found.left,
    };
  },
});
