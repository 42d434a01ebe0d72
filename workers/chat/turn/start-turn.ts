import type { z } from "zod";
import { requireTalkable } from "../../clones/get-talkable-clone.ts";
import { viewerOf } from "../../knowledge/viewer.ts";
import { requireChoosable } from "../../model-access/choose-model.ts";
import { Problem } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { overloaded } from "../../platform/limits/overload.ts";
import { auditSource } from "../../workspaces/audited.ts";
import type { Context } from "../../workspaces/context.ts";
import { holderOf } from "../../workspaces/standing.ts";
import type { Before } from "../answer/history-queries.ts";
import type { TurnInput } from "../answer/turn-input.ts";
import type { sampling } from "../contract.ts";
import { conversationObject, type Talk } from "../conversations/get-conversation.ts";
import { turnInProgress } from "../conversations/turn-in-progress.ts";
import { refuseVisitorsChoice } from "../conversations/visitors-choice.ts";

/** A turn that runs, or ran, and the stream of its events; of those side by side, the first, and the stream of all. */
export interface Turn {
  conversationId: string;
  turnId: string;
  questionId: string;
  messageId: string;
  compareGroup: string | null;
  stream: ReadableStream<Uint8Array>;
}

/** How every operation that starts one answers. */
export const streamed =
  "Answers as `text/event-stream`, or as JSON once it is whole where only `application/json` is accepted.";

type Sampling = z.output<z.ZodObject<typeof sampling>>;

export interface TurnPlan {
  question: TurnInput["question"];
  messageId: string;
  continued: TurnInput["continued"];
  sampling: Sampling;
  /** Where the question's place is the shown branch's end, found out when the turn starts. */
  followsHead: boolean;
  /** Where the turn may wait for the one that runs. */
  mayQueue: boolean;
  /** What stands before the question, where it has been read already. */
  before: Before | null;
}

export const idTaken = () =>
  new Problem("conflict", "This message id was used before for something else. Use a new one for each message.");

const queueFull = () =>
  new Problem("turn_in_progress", "Ten questions wait in this conversation already. Send this one a little later.", {
    retryAfterSeconds: 10,
  });

/** Who may choose the model, and whether it exists. */
async function chosenModel(
  ctx: Context,
  { clone, conversation }: Talk,
  wanted: string | undefined,
): Promise<string | null> {
  if (wanted === undefined) return conversation.model;
  refuseVisitorsChoice(ctx, { model: wanted });
  await requireChoosable(ctx, clone?.workspaceId ?? conversation.workspaceId, wanted, conversation.model);
  return wanted;
}

function inputFor(ctx: Context, talk: Talk, plan: TurnPlan, modelId: string | null): TurnInput {
  const { conversation } = talk;
  // A clone that was unpublished or deleted answers nobody any more.
  const clone = conversation.cloneId === null ? null : requireTalkable(ctx, talk.clone);
  const { question, messageId, continued, sampling, followsHead } = plan;
  return {
    clone: clone && {
      workspaceId: clone.workspaceId,
      name: clone.name,
      instructions: clone.instructions,
      model: clone.model,
    },
    memberId: clone && viewerOf(ctx.actor, clone).memberId,
    holder: holderOf(ctx.actor),
    pipeline: talk.pipeline,
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
    sampling: {
      temperature: sampling.temperature ?? conversation.temperature ?? undefined,
      topP: sampling.top_p ?? conversation.topP ?? undefined,
      maxTokens: sampling.max_tokens ?? conversation.maxTokens ?? undefined,
    },
    continued,
    createdAt: ctx.clock.now(),
    source: auditSource(ctx),
  };
}

async function launch(
  ctx: Context,
  inputs: [TurnInput, ...TurnInput[]],
  { mayQueue, before }: Pick<TurnPlan, "mayQueue" | "before">,
): Promise<Turn> {
  const [{ conversationId, question }] = inputs;
  const outcome = await conversationObject(ctx, conversationId).startTurns(inputs, mayQueue, before);
  if (outcome.status === "busy") throw mayQueue ? queueFull() : turnInProgress();
  if (outcome.status === "overloaded") throw overloaded();
  if (!("stream" in outcome)) throw idTaken();
  const { turnId, messageId, compareGroup } = outcome;
  const stream = outcome.stream as ReadableStream<Uint8Array>;
  return { conversationId, turnId, questionId: question.id, messageId, compareGroup, stream };
}

/** Has the conversation's object start a turn. Throws `turn_in_progress`, `conflict`, `not_found`, `forbidden`. */
export async function startTurn(ctx: Context, talk: Talk, plan: TurnPlan): Promise<Turn> {
  const modelId = await chosenModel(ctx, talk, plan.sampling.model);
  return launch(ctx, [inputFor(ctx, talk, plan, modelId)], plan);
}

/** Has several models answer one question, each in a turn of its own; they share one stream. Throws as `startTurn`. */
export async function startSideBySide(
  ctx: Context,
  talk: Talk,
  plan: Omit<TurnPlan, "messageId" | "continued" | "followsHead" | "mayQueue">,
  models: string[],
): Promise<Turn> {
  const modelIds = await Promise.all(models.map((model) => chosenModel(ctx, talk, model)));
  const alone = { ...plan, continued: null, followsHead: false, mayQueue: false };
  const [first, ...others] = modelIds.map((modelId) =>
    inputFor(ctx, talk, { ...alone, messageId: newId("message") }, modelId),
  );
  if (!first) throw new Problem("validation_failed", "Name the models that shall answer.");
  const compareGroup = first.turnId;
  return launch(ctx, [{ ...first, compareGroup }, ...others.map((input) => ({ ...input, compareGroup }))], alone);
}
