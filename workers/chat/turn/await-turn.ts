import type { z } from "zod";
import { Problem } from "../../platform/errors.ts";
import { load } from "../../platform/limits/overload.ts";
import type { Context } from "../../workspaces/context.ts";
import { type compareResult, type Message, messageTags, type turnResult } from "../contract.ts";
import { getConversation } from "../conversations/get-conversation.ts";
import { treeOf } from "./read-tree.ts";
import { streamed, type Turn } from "./start-turn.ts";

const refusals = {
  RATE_LIMITED: ["rate_limited", "The model provider asks to slow down. Try again in a little while."],
  MODEL_UNAVAILABLE: [
    "model_unavailable",
    "The model cannot be reached at the moment. Try again, or choose another model.",
  ],
} as const;

/** The conversation's messages, once all that was asked has been answered. */
async function treeAfter(ctx: Context, { conversationId, stream }: Turn): Promise<Message[]> {
  await stream.pipeTo(new WritableStream());
  return treeOf(ctx, await getConversation(ctx, conversationId));
}

/** Waits for a turn's end; throws the model's failure where not a word was said. */
async function awaitTurn(ctx: Context, turn: Turn): Promise<z.output<typeof turnResult>> {
  const tree = await treeAfter(ctx, turn);
  const message = tree.find(({ id }) => id === turn.messageId);
  if (!message) throw new Problem("conflict", "The question was taken back before its turn came.");
  if (message.status === "failed" && message.content === "") {
    const [code, detail] = refusals[message.error_code as keyof typeof refusals] ?? [
      "internal",
      "Something went wrong on our side. Please try again.",
    ];
    throw new Problem(code, detail);
  }
  return { turn_id: turn.turnId, user_message_id: turn.questionId, message };
}

/** Waits until the last of the answers side by side has ended. What failed says so itself. */
async function awaitComparison(ctx: Context, turn: Turn): Promise<z.output<typeof compareResult>> {
  const tree = await treeAfter(ctx, turn);
  return {
    compare_group: turn.compareGroup ?? turn.turnId,
    user_message_id: turn.questionId,
    data: tree.filter(({ compare_group }) => compare_group === turn.compareGroup),
  };
}

/** What all that ask a model in a conversation have in common. */
export const asking = {
  description: streamed,
  tags: messageTags,
  action: "conversation.write",
  scope: "chat",
  limit: "chat",
  audit: "message.asked",
  params: ["id"],
} as const;

/** A turn that has started: what can be listened to, or awaited. */
export interface Answering extends Turn {
  /** What the turn came to, once `stream`, which may be the turn's own as somebody else reads it, has ended. */
  whole(stream: ReadableStream<Uint8Array>): Promise<z.output<typeof turnResult> | z.output<typeof compareResult>>;
}

/** Starts a turn where there is room for one more. Throws `overloaded`, and what `start` does. */
export const startAnswering = (ctx: Context, start: () => Promise<Turn>): Promise<Answering> =>
  load.enter(async () => {
    const turn = await start();
    const whole = turn.compareGroup === null ? awaitTurn : awaitComparison;
    return { ...turn, whole: (stream) => whole(ctx, { ...turn, stream }) };
  });
