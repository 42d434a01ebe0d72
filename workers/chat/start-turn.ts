import type { z } from "zod";
import { getTalkableClone } from "../clones/get-talkable-clone.ts";
import { resolveChatModel } from "../models/registry.ts";
import { Problem } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import type { Context } from "../workspaces/context.ts";
import type { sampling } from "./contract.ts";
import { conversationObject } from "./get-conversation.ts";
import type { ConversationRow } from "./queries.ts";
import type { TurnInput } from "./turn-log.ts";

/** A turn that runs, or ran, and the stream of its events. */
export interface Turn {
  turnId: string;
  questionId: string;
  messageId: string;
  stream: ReadableStream<Uint8Array>;
}

type Sampling = z.output<z.ZodObject<typeof sampling>>;

interface TurnPlan {
  question: TurnInput["question"];
  messageId: string;
  continued: TurnInput["continued"];
  sampling: Sampling;
  /** Where the question's place is the shown branch's end, found out when the turn starts. */
  followsHead: boolean;
  /** Where the turn may wait for the one that runs. */
  mayQueue: boolean;
}

export const inProgress = () =>
  new Problem(
    "turn_in_progress",
    "An answer is still being written in this conversation. Wait for it, or stop it first.",
    {
      retryAfterSeconds: 2,
    },
  );
export const idTaken = () =>
  new Problem("conflict", "This message id was used before for something else. Use a new one for each message.");

const queueFull = () =>
  new Problem("turn_in_progress", "Ten questions wait in this conversation already. Send this one a little later.", {
    retryAfterSeconds: 10,
  });

/** Who may choose the model, and whether it exists. */
async function chosenModel(
  ctx: Context,
  conversation: ConversationRow,
  wanted: string | undefined,
): Promise<string | null> {
  if (wanted === undefined) return conversation.model;
  if (ctx.actor.kind === "visitor") throw new Problem("forbidden", "Visitors talk to the clone’s own model.");
  await resolveChatModel(ctx, wanted);
  return wanted;
}

/** Has the conversation's object start a turn. Throws `turn_in_progress`, `conflict`, `not_found`, `forbidden`. */
export async function startTurn(ctx: Context, conversation: ConversationRow, plan: TurnPlan): Promise<Turn> {
  const { question, messageId, sampling, followsHead, mayQueue } = plan;
  // A clone that was unpublished or deleted answers nobody any more.
  const [modelId] = await Promise.all([
    chosenModel(ctx, conversation, sampling.model),
    conversation.cloneId ? getTalkableClone(ctx, conversation.cloneId) : null,
  ]);
  const input: TurnInput = {
    turnId: newId("turn"),
    conversationId: conversation.id,
    workspaceId: conversation.workspaceId,
    cloneId: conversation.cloneId,
    documentIds: conversation.documentIds,
    systemPrompt: conversation.systemPrompt,
    question,
    followsHead,
    messageId,
    modelId,
    compareGroup: null,
    sampling: { temperature: sampling.temperature, topP: sampling.top_p, maxTokens: sampling.max_tokens },
    continued: plan.continued,
    createdAt: ctx.clock.now(),
  };
  const outcome = await conversationObject(ctx, conversation.id).startTurn(input, mayQueue);
  if (outcome.status === "busy") throw mayQueue ? queueFull() : inProgress();
  if (!("stream" in outcome)) throw idTaken();
  const stream = outcome.stream as ReadableStream<Uint8Array>;
  return { turnId: outcome.turnId, questionId: question.id, messageId: outcome.messageId, stream };
}
