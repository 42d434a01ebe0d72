import { and, asc, desc, eq, inArray, lt, or, type SQL, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { citations, conversations, messages, usageEvents } from "../db/schema/chat.ts";
import { clones } from "../db/schema/clones.ts";
import { documents } from "../db/schema/knowledge.ts";
import type { HistoryMessage } from "./prompt.ts";
import type { TurnInput, TurnResult } from "./turn-log.ts";

export type ConversationRow = typeof conversations.$inferSelect;
export type NewConversation = typeof conversations.$inferInsert;
export type MessageRow = typeof messages.$inferSelect;
export type CitationRow = typeof citations.$inferSelect;

/** Whose a conversation is; in the WHERE of every query. */
export type Owner =
  | { workspaceId: string; userId: string }
  | { workspaceId: string; visitorId: string; cloneId: string };

export function owned(owner: Owner): SQL | undefined {
  const tenant = eq(conversations.workspaceId, owner.workspaceId);
  return "userId" in owner
    ? and(tenant, eq(conversations.userId, owner.userId))
    : and(tenant, eq(conversations.visitorId, owner.visitorId), eq(conversations.cloneId, owner.cloneId));
}

export async function findConversation(db: Database, owner: Owner, id: string): Promise<ConversationRow | undefined> {
  const rows = await db
    .select()
    .from(conversations)
    .where(and(eq(conversations.id, id), owned(owner)));
  return rows[0];
}

export async function insertConversation(db: Database, row: NewConversation): Promise<ConversationRow> {
  const rows = await db.insert(conversations).values(row).returning();
  if (!rows[0]) throw new Error("The conversation was not stored.");
  return rows[0];
}

export type ConversationChanges = Partial<
  Pick<
    ConversationRow,
    "title" | "titleSource" | "model" | "systemPrompt" | "pinned" | "archived" | "folder" | "tags" | "headMessageId"
  >
>;

export async function changeConversation(
  db: Database,
  owner: Owner,
  id: string,
  changes: ConversationChanges & { updatedAt?: number },
) {
  const rows = await db
    .update(conversations)
    .set(changes)
    .where(and(eq(conversations.id, id), owned(owner)))
    .returning();
  return rows[0];
}

/** Deletes a conversation with its messages; true where there was one. */
export async function removeConversation(db: Database, owner: Owner, id: string): Promise<boolean> {
  const rows = await db
    .delete(conversations)
    .where(and(eq(conversations.id, id), owned(owner)))
    .returning({ id: conversations.id });
  return rows.length > 0;
}

export interface ConversationFilter {
  cloneId?: string | undefined;
  archived: boolean;
}

/** A page of somebody's conversations, last touched first, from behind `after`. */
export function listConversationPage(
  db: Database,
  owner: Owner,
  { cloneId, archived }: ConversationFilter,
  { after, limit }: { after: [updatedAt: number, id: string] | null; limit: number },
): Promise<ConversationRow[]> {
  const behind = after
    ? or(
        lt(conversations.updatedAt, after[0]),
        and(eq(conversations.updatedAt, after[0]), lt(conversations.id, after[1])),
      )
    : undefined;
  const ofClone = cloneId === undefined ? undefined : eq(conversations.cloneId, cloneId);
  return db
    .select()
    .from(conversations)
    .where(and(owned(owner), eq(conversations.archived, archived), ofClone, behind))
    .orderBy(desc(conversations.updatedAt), desc(conversations.id))
    .limit(limit);
}

/** Every message of a conversation, oldest first, at most 2,000. */
export function listMessages(db: Database, conversation: { id: string; workspaceId: string }): Promise<MessageRow[]> {
  return db
    .select()
    .from(messages)
    .where(and(eq(messages.conversationId, conversation.id), eq(messages.workspaceId, conversation.workspaceId)))
    .orderBy(asc(messages.createdAt), asc(messages.id))
    .limit(2_000);
}

/** The citations of a conversation's messages, in order. */
export async function listCitations(db: Database, conversationId: string): Promise<CitationRow[]> {
  return db
    .select({ citation: citations })
    .from(citations)
    .innerJoin(messages, eq(messages.id, citations.messageId))
    .where(eq(messages.conversationId, conversationId))
    .orderBy(asc(citations.messageId), asc(citations.index))
    .then((rows) => rows.map(({ citation }) => citation));
}

export async function findMessage(db: Database, conversation: { id: string; workspaceId: string }, id: string) {
  const rows = await db
    .select()
    .from(messages)
    .where(
      and(
        eq(messages.id, id),
        eq(messages.conversationId, conversation.id),
        eq(messages.workspaceId, conversation.workspaceId),
      ),
    );
  return rows[0];
}

/** The newest answer to a question, or undefined. */
export async function findAnswerTo(
  db: Database,
  conversation: { id: string; workspaceId: string },
  questionId: string,
) {
  const rows = await db
    .select()
    .from(messages)
    .where(
      and(
        eq(messages.parentId, questionId),
        eq(messages.conversationId, conversation.id),
        eq(messages.workspaceId, conversation.workspaceId),
      ),
    )
    .orderBy(desc(messages.createdAt))
    .limit(1);
  return rows[0];
}

/** Where a message id stands already, in whatever conversation. */
export async function conversationOfMessage(
  db: Database,
  id: string,
): Promise<{ conversationId: string; content: string } | undefined> {
  const rows = await db
    .select({ conversationId: messages.conversationId, content: messages.content })
    .from(messages)
    .where(eq(messages.id, id));
  return rows[0];
}

export function citationsOf(db: Database, messageId: string): Promise<CitationRow[]> {
  return db.select().from(citations).where(eq(citations.messageId, messageId)).orderBy(asc(citations.index));
}

/** The branch that ends at `leafId`, oldest first: at most 400 messages back. */
export async function branchTo(db: Database, conversationId: string, leafId: string): Promise<HistoryMessage[]> {
  const rows = await db.all<{ id: string; role: "user" | "assistant"; content: string }>(sql`
    WITH RECURSIVE branch (id, parent_id, role, content, depth) AS (
      SELECT id, parent_id, role, content, 0 FROM messages WHERE id = ${leafId} AND conversation_id = ${conversationId}
      UNION ALL
      SELECT m.id, m.parent_id, m.role, m.content, branch.depth + 1
      FROM messages m JOIN branch ON m.id = branch.parent_id
      WHERE m.conversation_id = ${conversationId} AND branch.depth < 400
    )
    SELECT id, role, content FROM branch WHERE content <> '' ORDER BY depth DESC`);
  return rows;
}

/** How many of `ids` are documents of the clone. */
export async function countDocumentsOf(db: Database, cloneId: string, ids: string[]): Promise<number> {
  const rows = await db
    .select({ id: documents.id })
    .from(documents)
    .where(and(eq(documents.cloneId, cloneId), inArray(documents.id, ids)));
  return rows.length;
}

/** What a turn needs of its clone; undefined where it was deleted meanwhile. */
export async function cloneForTurn(db: Database, cloneId: string) {
  const rows = await db
    .select({
      workspaceId: clones.workspaceId,
      name: clones.name,
      instructions: clones.instructions,
      model: clones.model,
    })
    .from(clones)
    .where(and(eq(clones.id, cloneId), sql`${clones.deletedAt} IS NULL`));
  return rows[0];
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

// A conversation that was deleted in mid-turn must not come back: the foreign key refuses its messages, and the batch with them.
function startStatements(db: Database, input: TurnInput) {
  const { conversationId, messageId, turnId, continued } = input;
  return [
    ...(input.question.isNew ? [db.insert(messages).values(questionRow(input)).onConflictDoNothing()] : []),
    continued
      ? db
          .update(messages)
          .set({ status: "running", turnId, errorCode: null, finishReason: null })
          .where(and(eq(messages.id, messageId), eq(messages.conversationId, conversationId)))
      : db.insert(messages).values(answerRow(input)).onConflictDoNothing(),
    db
      .update(conversations)
      .set({ headMessageId: messageId, updatedAt: input.createdAt })
      .where(eq(conversations.id, conversationId)),
  ] as const;
}

type Statements = Parameters<Database["batch"]>[0];

/** Stores the question and the answer's place, in one batch that may be repeated. */
export async function recordStart(db: Database, input: TurnInput): Promise<void> {
  await db.batch(startStatements(db, input) as unknown as Statements);
}

const statusOf = { done: "complete", stopped: "stopped", interrupted: "interrupted", failed: "failed" } as const;

/** The one usage event of a turn: keyed by it, so that repeating counts nothing twice. */
export function insertUsage(db: Database, input: TurnInput, result: TurnResult) {
  return db
    .insert(usageEvents)
    .values({
      turnId: input.turnId,
      workspaceId: input.workspaceId,
      conversationId: input.conversationId,
      cloneId: input.cloneId,
      model: result.model,
      promptTokens: result.promptTokens,
      completionTokens: result.completionTokens,
      outcome: statusOf[result.outcome],
      createdAt: result.endedAt,
    })
    .onConflictDoNothing();
}

export async function conversationExists(db: Database, id: string): Promise<boolean> {
  const rows = await db.select({ id: conversations.id }).from(conversations).where(eq(conversations.id, id));
  return rows.length > 0;
}

/**
 * Stores how a turn ended: both messages, the citations and the one usage event, in one batch that may be repeated after any
 * crash. Usage is keyed by the turn: it is counted at most once.
 */
export async function recordResult(db: Database, input: TurnInput, result: TurnResult): Promise<void> {
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
    completedAt: result.endedAt,
  };
  const cited = result.citations.map((citation) => ({ ...citation, messageId: input.messageId }));
  await db.batch([
    ...(input.question.isNew ? [db.insert(messages).values(questionRow(input)).onConflictDoNothing()] : []),
    db
      .insert(messages)
      .values({ ...answerRow(input), ...answer })
      .onConflictDoUpdate({ target: messages.id, set: answer }),
    // Nine parameters a citation: single inserts stay below D1's limit of a hundred.
    ...cited.map((row) => db.insert(citations).values(row).onConflictDoNothing()),
    insertUsage(db, input, result),
    db
      .update(conversations)
      .set({ headMessageId: input.messageId, updatedAt: result.endedAt })
      .where(eq(conversations.id, input.conversationId)),
  ] as unknown as Statements);
}

/** Gives a conversation a better title, unless a person has named it. */
export async function improveTitle(db: Database, conversationId: string, title: string): Promise<void> {
  await db
    .update(conversations)
    .set({ title })
    .where(and(eq(conversations.id, conversationId), eq(conversations.titleSource, "auto")));
}
