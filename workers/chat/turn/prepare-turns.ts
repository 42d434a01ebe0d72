import { type Bill, billOf } from "../../clones/bill.ts";
import { requireTalkable } from "../../clones/get-talkable-clone.ts";
import type { CloneCard } from "../../knowledge/clone-card.ts";
import { defaultConfig } from "../../knowledge/pipeline-config.ts";
import { viewerOf } from "../../knowledge/viewer.ts";
import { requireChoosable } from "../../model-access/choose-model.ts";
import type { Privacy } from "../../model-access/use.ts";
import { notFound, Problem } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import type { Context } from "../../workspaces/context.ts";
import { modelLimits } from "../answer/retry-policy.ts";
import type { TurnInput } from "../answer/turn-input.ts";
import { turnInProgress } from "../conversations/turn-in-progress.ts";
import { refuseVisitorsChoice } from "../conversations/visitors-choice.ts";
import type { ConversationStore, HeldMessage } from "../store/conversation-store.ts";
import type { Asked, AskedBy, Sampling } from "./asked.ts";

/** Where turns that are about to start work: what the object holds, and what is known of the clone; null where none answers. */
interface Place {
  ctx: Context;
  store: ConversationStore;
  card: CloneCard | null;
}

/** Which model answers: throws where the asker may not choose it, or it is not there. */
async function chosenModel(place: Place, { actor }: AskedBy, plan: Plan, wanted: string | undefined) {
  const { ctx, store, card } = place;
  const { model, workspaceId } = store.conversation;
  if (wanted === undefined) return model;
  refuseVisitorsChoice({ actor }, { model: wanted });
  const payer = { workspaceId: card?.clone?.workspaceId ?? workspaceId, privacy: privacyOf(place, plan) };
  await requireChoosable(ctx, payer, wanted, model);
  return wanted;
}

/** What a turn is bound to: by its question, its conversation, its clone, or what was said before it. Nobody undoes what another has bound. */
function privacyOf({ store, card }: Place, { sampling, question, continued, messageId }: Plan): Privacy {
  const bound = sampling.privacy ?? store.conversation.privacy ?? card?.clone?.privacy ?? null;
  return (
    bound ?? (store.isBound(continued ? messageId : question.isNew ? question.parentId : question.id) ? "own" : null)
  );
}

/** Who pays; see `billOf`. A clone that answers nobody any more is found out about by whoever makes the turn. */
function billFor({ ctx, store, card }: Place, { actor }: AskedBy, { messageId }: Plan): Promise<Bill | null> {
  const { clone = null, price = null } = card ?? {};
  const { workspaceId } = store.conversation;
  return billOf(ctx, { actor, workspaceId, clone, price, messageId });
}

interface Plan {
  question: TurnInput["question"];
  messageId: string;
  continued: TurnInput["continued"];
  sampling: Sampling;
  followsHead: boolean;
}

function inputFor(place: Place, by: AskedBy, plan: Plan, modelId: string | null, bill: Bill | null): TurnInput {
  const { ctx, store, card } = place;
  const { conversation } = store;
  const createdAt = ctx.clock.now();
  // A clone that was unpublished or deleted answers nobody any more.
  const clone = conversation.cloneId === null ? null : requireTalkable(by, card?.clone);
  const { sampling, ...rest } = plan;
  return {
    ...rest,
    clone: clone && {
      workspaceId: clone.workspaceId,
      name: clone.name,
      instructions: clone.instructions,
      model: clone.model,
    },
    bill,
    memberId: clone && viewerOf(by.actor, clone).memberId,
    holder: by.holder,
    source: by.source,
    asked: { at: createdAt, trace: by.trace },
    pipeline: card?.pipeline ?? defaultConfig,
    turnId: newId("turn"),
    conversationId: conversation.id,
    workspaceId: conversation.workspaceId,
    cloneId: conversation.cloneId,
    documentIds: conversation.documentIds,
    systemPrompt: conversation.systemPrompt,
    modelId,
    privacy: privacyOf(place, plan),
    compareGroup: null,
    // The question's own word counts before the conversation's, and that before the clone's.
    sampling: {
      temperature: sampling.temperature ?? conversation.temperature ?? clone?.temperature ?? undefined,
      topP: sampling.top_p ?? conversation.topP ?? clone?.topP ?? undefined,
      maxTokens: sampling.max_tokens ?? conversation.maxTokens ?? clone?.maxTokens ?? undefined,
      reasoning: sampling.reasoning_effort ?? conversation.reasoning ?? clone?.reasoning ?? undefined,
    },
    createdAt,
  };
}

/** A new question at its place in the tree. Throws `not_found`, and `validation_failed` for a parent that is no answer. */
function placedQuestion(store: ConversationStore, asked: Extract<Asked, { kind: "question" }>): TurnInput["question"] {
  const { headMessageId } = store.conversation;
  const parentId = asked.parentId === undefined ? headMessageId : asked.parentId;
  if (parentId !== null && parentId !== headMessageId) {
    const parent = store.message(parentId);
    if (!parent) throw notFound("message");
    if (parent.role !== "assistant")
      throw new Problem("validation_failed", "“parent_id” must name an answer: a question follows one.");
  }
  return { id: asked.id ?? newId("message"), parentId, content: asked.content, isNew: true };
}

/** An answer and the question that it answers. Throws `not_found`, and `validation_failed` for what is no answer. */
function answerAndQuestion(store: ConversationStore, answerId: string) {
  const answer = store.message(answerId);
  if (!answer) throw notFound("message");
  if (answer.role !== "assistant" || !answer.parentId)
    throw new Problem("validation_failed", "“message_id” must name an answer.");
  const found = store.message(answer.parentId);
  if (!found) throw notFound("message");
  const { id, parentId, content } = found;
  return { answer, question: { id, parentId, content, isNew: false } };
}

function requireUnfinished({ status, finishReason, content }: HeldMessage): void {
  if (status === "running") throw turnInProgress();
  if (status === "complete" && finishReason !== "length") {
    throw new Problem("conflict", "This answer is whole; there is nothing to continue.");
  }
  if (content.length >= modelLimits.answerCharacters) {
    throw new Problem("conflict", "This answer is as long as one can be. Ask a new question to go on.");
  }
}

/** How an answer is gone on with: by the model that began it, but for visitors, who choose none. */
function continuation(store: ConversationStore, { actor }: AskedBy, answerId: string): Plan {
  const { answer, question } = answerAndQuestion(store, answerId);
  requireUnfinished(answer);
  return {
    question,
    messageId: answer.id,
    continued: { content: answer.content, citations: answer.citations },
    sampling: answer.model && actor.kind === "user" ? { model: answer.model } : {},
    followsHead: false,
  };
}

function planOf(store: ConversationStore, by: AskedBy, asked: Asked): Plan {
  switch (asked.kind) {
    case "question": {
      const { sampling, mayQueue, parentId } = asked;
      const followsHead = mayQueue && parentId === undefined;
      const question = placedQuestion(store, asked);
      return { question, messageId: newId("message"), continued: null, sampling, followsHead };
    }
    case "again": {
      const { question } = answerAndQuestion(store, asked.messageId);
      const { sampling } = asked;
      return { question, messageId: newId("message"), continued: null, sampling, followsHead: false };
    }
    case "continue":
      return continuation(store, by, asked.messageId);
  }
}

/**
 * What each turn that answers is to do: one, or several side by side. Throws `not_found`, `forbidden`, `validation_failed`, `conflict`, and
 * `turn_in_progress` for an answer that is still being written.
 */
export async function prepareTurns(place: Place, by: AskedBy, asked: Asked): Promise<[TurnInput, ...TurnInput[]]> {
  const plan = planOf(place.store, by, asked);
  const models = asked.kind === "question" ? asked.models : null;
  const chosen = models ?? [plan.sampling.model];
  const modelIds = await Promise.all(chosen.map((model) => chosenModel(place, by, plan, model)));
  const [first, ...others] = await Promise.all(
    modelIds.map(async (modelId, i) => {
      const own = i === 0 ? plan : { ...plan, messageId: newId("message") };
      return inputFor(place, by, own, modelId, await billFor(place, by, own));
    }),
  );
  if (!first) throw new Problem("validation_failed", "Name the models that shall answer.");
  const compareGroup = models ? first.turnId : null;
  return [{ ...first, compareGroup }, ...others.map((input) => ({ ...input, compareGroup }))];
}
