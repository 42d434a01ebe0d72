import type { z } from "zod";
import { Problem } from "../../platform/errors.ts";
import { load, overloaded } from "../../platform/limits/overload.ts";
import type { Context } from "../../workspaces/context.ts";
import { type compareResult, messageTags, type turnResult } from "../contract.ts";
import { ofOwn } from "../conversations/get-conversation.ts";
import { type Asked, type AskedBy, askedBy } from "./asked.ts";
import type { Turn } from "./asking.ts";
import { treeOf } from "./read-tree.ts";

type Asker = Context<AskedBy["actor"]>;

/** A turn in its conversation. */
interface StartedTurn extends Turn {
  conversationId: string;
}

/** How every operation that starts one answers. */
export const streamed =
  "Answers as `text/event-stream`, or as JSON once it is whole where only `application/json` is accepted.";

const refusals = {
  RATE_LIMITED: ["rate_limited", "The model provider asks to slow down. Try again in a little while."],
  MODEL_UNAVAILABLE: [
    "model_unavailable",
    "The model cannot be reached at the moment. Try again, or choose another model.",
  ],
  INSUFFICIENT_CREDITS: ["insufficient_credits", "There are not enough credits for this answer."],
} as const;

/** More than the event that ends a turn. */
const endLength = 10_000;

/** Reads a turn's stream to its end; resolves to the sentence of the failure that it ends with, or null. */
async function failureIn(stream: ReadableStream<Uint8Array>): Promise<string | null> {
  const decoder = new TextDecoder();
  let end = "";
  for await (const bytes of stream) end = (end + decoder.decode(bytes, { stream: true })).slice(-endLength);
  const [, data] = /\nevent: error\ndata: (.*)\n\n\s*$/.exec(end) ?? [];
  return data === undefined ? null : (JSON.parse(data) as { error: string }).error;
}

/** The conversation's messages, once all that was asked has been answered, and the sentence of a failure. */
async function treeAfter(ctx: Context, { conversationId, stream }: StartedTurn) {
  const failure = await failureIn(stream);
  return { tree: await treeOf(ctx, conversationId), failure };
}

/** Waits for a turn's end; throws the model's failure where not a word was said. */
async function awaitTurn(ctx: Context, turn: StartedTurn): Promise<z.output<typeof turnResult>> {
  const { tree, failure } = await treeAfter(ctx, turn);
  const message = tree.find(({ id }) => id === turn.messageId);
  if (!message) throw new Problem("conflict", "The question was taken back before its turn came.");
  if (message.status === "failed" && message.content === "") {
    const [code, detail] = refusals[message.error_code as keyof typeof refusals] ?? [
      "internal",
      "Something went wrong on our side. Please try again.",
    ];
    throw new Problem(code, failure ?? detail);
  }
  return { turn_id: turn.turnId, user_message_id: turn.questionId, message };
}

/** Waits until the last of the answers side by side has ended. What failed says so itself. */
async function awaitComparison(ctx: Context, turn: StartedTurn): Promise<z.output<typeof compareResult>> {
  const { tree } = await treeAfter(ctx, turn);
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
  confirms: "beside",
  audit: "message.asked",
  params: ["id"],
} as const;

/** A turn that has started: what can be listened to, or awaited. */
export interface Answering extends StartedTurn {
  /** What the turn came to, once `stream`, which may be the turn's own as somebody else reads it, has ended. */
  whole(stream: ReadableStream<Uint8Array>): Promise<z.output<typeof turnResult> | z.output<typeof compareResult>>;
}

/** How often a question is asked again by what is true now, where what was believed of its asker or its clone held no more. */
const mostAttempts = 3;

/** Has the conversation's object start what is asked, or find what the same question started. */
async function start(ctx: Asker, conversationId: string, asked: Asked): Promise<StartedTurn> {
  let by = ctx;
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const asker = askedBy(by);
    const turn = await ofOwn(by, conversationId, (object) => object.ask(conversationId, asker, asked));
    if (turn) return { conversationId, ...turn };
    by = await ctx.confirmAnew();
  }
  throw overloaded();
}

/** Starts what is asked where there is room for one more. Throws `overloaded`, and what `Asking.ask` does. */
export const startAnswering = (ctx: Asker, conversationId: string, asked: Asked): Promise<Answering> =>
  load.enter(async () => {
    const turn = await start(ctx, conversationId, asked);
    const whole = turn.compareGroup === null ? awaitTurn : awaitComparison;
    return { ...turn, whole: (stream) => whole(ctx, { ...turn, stream }) };
  });
