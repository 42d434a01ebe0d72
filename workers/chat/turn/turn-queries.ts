import { and, asc, eq, sql } from "drizzle-orm";
import { type AuditStatements, auditStatements } from "../../audit/record.ts";
import { batch } from "../../db/batch.ts";
import type { Database } from "../../db/client.ts";
import { inRuns } from "../../db/in-runs.ts";
import { citations, conversations, messages } from "../../db/schema/chat.ts";
import { insertUsage } from "../../metering/queries.ts";
import type { Runtime } from "../../platform/runtime.ts";
import type { TurnInput } from "../answer/turn-input.ts";
import { leads } from "../answer/turn-input.ts";
import { statusOf, type TurnResult } from "../answer/turn-result.ts";
import { usageOf } from "../answer/turn-usage.ts";
import { titleFrom } from "../conversations/title.ts";
import { inConversation } from "../queries.ts";

/**
 * Where a question that waited goes: behind what the conversation shows last, or where it asked to, while that stands. Undefined
 * where the conversation was deleted.
 */
export async function placeOf(
  db: Database,
  { conversationId, followsHead, question }: TurnInput,
): Promise<{ parentId: string | null } | undefined> {
  const head = sql<string | null>`${conversations.headMessageId}`;
  const standing = sql<string | null>`coalesce(
    (SELECT id FROM messages WHERE id = ${question.parentId} AND conversation_id = ${conversationId}), ${head})`;
  const isAtTop = !followsHead && question.parentId === null;
  const rows = await db
    .select({ parentId: followsHead || isAtTop ? head : standing })
    .from(conversations)
    .where(eq(conversations.id, conversationId));
  return rows[0] && (isAtTop ? { parentId: null } : rows[0]);
}

/** The answers that were given side by side, in their order. */
export function answersBeside(db: Database, conversation: { id: string; workspaceId: string }, compareGroup: string) {
  return db
    .select()
    .from(messages)
    .where(and(inConversation(conversation), eq(messages.compareGroup, compareGroup)))
    .orderBy(asc(messages.createdAt), asc(messages.id));
}

function questionRow(input: TurnInput) {
  const { question } = input;
  return {
    id: question.id,
    conversationId: input.conversationId,
    workspaceId: input.workspaceId,
    parentId: question.parentId,
    role: "user" as const,
    content: question.content,
    status: "complete" as const,
    createdAt: input.createdAt,
    completedAt: input.createdAt,
  };
}

function answerRow(input: TurnInput) {
  return {
    id: input.messageId,
    conversationId: input.conversationId,
    workspaceId: input.workspaceId,
    parentId: input.question.id,
    role: "assistant" as const,
    content: input.continued?.content ?? "",
    status: "running" as const,
    turnId: input.turnId,
    compareGroup: input.compareGroup,
    createdAt: input.createdAt + 1,
  };
}

/** A new conversation's first name, from its first question: while nothing was said in it, and unless a person has named it. */
function firstTitle({ question }: TurnInput) {
  if (question.parentId !== null || !question.isNew) return {};
  const { headMessageId, titleSource, title } = conversations;
  const isUnnamed = sql`${titleSource} = 'auto' AND ${headMessageId} IS NULL`;
  return { title: sql`CASE WHEN ${isUnnamed} THEN ${titleFrom(question.content)} ELSE ${title} END` };
}

// A conversation that was deleted in mid-turn must not come back: the foreign key refuses its messages, and the batch with them.
function startStatements(db: Database, input: TurnInput) {
  const { conversationId, messageId, turnId, continued, question } = input;
  return [
    continued
      ? db
          .update(messages)
          .set({ status: "running", turnId, errorCode: null, finishReason: null })
          .where(and(eq(messages.id, messageId), eq(messages.conversationId, conversationId)))
      : db
          .insert(messages)
          // In one statement: what D1 does around each takes longer than a row.
          .values([...(question.isNew ? [questionRow(input)] : []), answerRow(input)])
          .onConflictDoNothing(),
    db
      .update(conversations)
      .set({
        ...firstTitle(input),
        ...(leads(input) ? { headMessageId: messageId } : {}),
        updatedAt: input.createdAt,
      })
      .where(eq(conversations.id, conversationId)),
  ] as const;
}

/** Stores the question and the answer's place, in one batch that may be repeated. */
export async function recordStart(ctx: Runtime, input: TurnInput): Promise<void> {
  await batch(ctx.db, [...startStatements(ctx.db, input), ...(await askedAudit(ctx, input))]);
}

/** That a question was asked: once for a turn, however often its start or its end is stored. */
async function askedAudit(ctx: Runtime, input: TurnInput): Promise<AuditStatements> {
  const { turnId, workspaceId, conversationId, cloneId, question, createdAt, source } = input;
  if (!source) return [];
  const details = { conversation_id: conversationId, clone_id: cloneId, turn_id: turnId, new: question.isNew };
  const event = { action: "message.asked", resource: { kind: "message", id: question.id }, details } as const;
  return auditStatements(ctx, workspaceId, source, event, { once: `aud_${turnId}`, at: createdAt });
}

/** Ten parameters a citation, and D1 takes a hundred a statement. */
const citationsAtOnce = 10;

export async function conversationExists(db: Database, id: string): Promise<boolean> {
  const rows = await db.select({ id: conversations.id }).from(conversations).where(eq(conversations.id, id));
  return rows.length > 0;
}

/** Another branch may have been chosen meanwhile: a turn's end moves the head only where its start was never recorded. */
function headAfter({ messageId, turnId }: TurnInput) {
  const head = conversations.headMessageId;
  return sql`CASE WHEN EXISTS (SELECT 1 FROM messages WHERE id = ${messageId} AND turn_id = ${turnId})
    THEN ${head} ELSE ${messageId} END`;
}

/** What `recordStart` stores too: for a turn whose start came to nothing, or of which nobody knows. */
async function belatedStart(ctx: Runtime, input: TurnInput) {
  const { db } = ctx;
  return {
    conversation: { ...firstTitle(input), ...(leads(input) ? { headMessageId: headAfter(input) } : {}) },
    statements: [
      ...(input.question.isNew ? [db.insert(messages).values(questionRow(input)).onConflictDoNothing()] : []),
      ...(await askedAudit(ctx, input)),
    ],
  };
}

/**
 * Stores how a turn ended: both messages, the citations and the one usage event, in one batch that may be repeated after any
 * crash. Usage is keyed by the turn: it is counted at most once. `isStarted` says that `recordStart` is known to have stored its part.
 */
export async function recordResult(
  ctx: Runtime,
  input: TurnInput,
  result: TurnResult,
  isStarted: boolean,
): Promise<void> {
  const { db } = ctx;
  const status = statusOf[result.outcome];
  const answer = {
    content: result.content,
    status,
    finishReason: result.finishReason,
    errorCode: result.error?.code ?? null,
    model: result.model,
    turnId: input.turnId,
    promptTokens: result.promptTokens,
    completionTokens: result.completionTokens,
    droppedCitations: result.droppedCitations ?? 0,
    completedAt: result.endedAt,
  };
  const cited = result.citations.map((citation) => ({ ...citation, messageId: input.messageId }));
  const start = isStarted ? { conversation: {}, statements: [] } : await belatedStart(ctx, input);
  await batch(db, [
    // First, for it looks at whether the answer stands already.
    db
      .update(conversations)
      .set({ ...start.conversation, updatedAt: result.endedAt })
      .where(eq(conversations.id, input.conversationId)),
    ...start.statements,
    db
      .insert(messages)
      .values({ ...answerRow(input), ...answer })
      .onConflictDoUpdate({ target: messages.id, set: answer }),
    ...inRuns(cited, citationsAtOnce).map((rows) => db.insert(citations).values(rows).onConflictDoNothing()),
    insertUsage(db, usageOf(input, result)),
  ]);
}
