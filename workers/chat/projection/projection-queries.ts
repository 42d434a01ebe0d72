import { getTableColumns, sql } from "drizzle-orm";
import { auditStatements } from "../../audit/record.ts";
import type { Statement } from "../../db/batch.ts";
import type { Database } from "../../db/client.ts";
import { rowsFromJson } from "../../db/rows-from-json.ts";
import { citations, conversations, messages } from "../../db/schema/chat.ts";
import { insertUsage } from "../../metering/queries.ts";
import type { Runtime } from "../../platform/runtime.ts";
import type { Projection } from "./projection.ts";

/** What is written of a message again: all but whose it is and where it stands. */
const rewritten = [
  "content",
  "status",
  "finishReason",
  "errorCode",
  "model",
  "askedModel",
  "fallbackReason",
  "lane",
  "privacy",
  "thoughts",
  "turnId",
  "promptTokens",
  "completionTokens",
  "cachedTokens",
  "reasoningTokens",
  "microCredits",
  "droppedCitations",
  "completedAt",
] as const;

const excluded = (name: string) => sql.raw(`excluded."${name}"`);

// A conversation that was deleted must not come back: its messages have nowhere to go, and are left out.
const intoConversation = sql`EXISTS (SELECT 1 FROM conversations WHERE id = json_extract(value, '$[1]'))`;
const intoMessage = sql`EXISTS (SELECT 1 FROM messages WHERE id = json_extract(value, '$[0]'))`;

function writeMessages(db: Database, all: readonly Projection[]): Statement[] {
  const columns = getTableColumns(messages);
  const set = Object.fromEntries(rewritten.map((key) => [key, excluded(columns[key].name)]));
  // What was taken out later, of what is written together, is not written.
  const isGone = (id: string, at: number) => all.slice(at + 1).some(({ removed }) => removed.includes(id));
  return rowsFromJson(
    messages,
    all.flatMap((each, at) => each.messages.filter(({ id }) => !isGone(id, at))),
  ).map((rows) =>
    db
      .insert(messages)
      .select(sql`${rows} WHERE ${intoConversation}`)
      // Ids are of their askers' making: never is one conversation's message written over another's.
      .onConflictDoUpdate({
        target: messages.id,
        set,
        setWhere: sql`${messages.conversationId} = ${excluded("conversation_id")}`,
      }),
  );
}

function writeCitations(db: Database, all: readonly Projection[]): Statement[] {
  return rowsFromJson(
    citations,
    all.flatMap((each) => each.citations),
  ).map((rows) => db.insert(citations).select(sql`${rows} WHERE ${intoMessage}`).onConflictDoNothing());
}

function removeMessages(db: Database, all: readonly Projection[]): Statement[] {
  const gone = all.flatMap(({ conversationId, removed }) => removed.map((id) => [conversationId, id]));
  if (gone.length === 0) return [];
  const listed = sql`(SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(${JSON.stringify(gone)}))`;
  return [db.delete(messages).where(sql`(${messages.conversationId}, ${messages.id}) IN ${listed}`)];
}

/** Columns of a conversation that its object decides, as they stand in the JSON that carries them. */
const decided = [
  "title",
  "titleSource",
  "model",
  "systemPrompt",
  "temperature",
  "topP",
  "maxTokens",
  "reasoning",
  "privacy",
  "headMessageId",
  "updatedAt",
] as const;

function writeConversations(db: Database, all: readonly Projection[]): Statement[] {
  // Of one that has changed twice, what it says last.
  const changed = new Map(
    all.flatMap(({ conversationId: id, conversation }) => (conversation ? [[id, { id, ...conversation }]] : [])),
  );
  if (changed.size === 0) return [];
  const set = Object.fromEntries(decided.map((key) => [key, sql.raw(`changed.value ->> '${key}'`)]));
  return [
    db
      .update(conversations)
      .set(set)
      .from(sql`json_each(${JSON.stringify([...changed.values()])}) AS changed`)
      .where(sql`${conversations.id} = changed.value ->> 'id'`),
  ];
}

/** The statements that bring D1 up to what conversations say; they may be repeated. What is of one kind is one statement, however many conversations it is of. */
export async function projectionStatements(runtime: Runtime, all: readonly Projection[]): Promise<Statement[]> {
  const { db } = runtime;
  const events = await Promise.all(
    all
      .flatMap((each) => each.events)
      .map(({ workspaceId, source, event, once, at }) =>
        auditStatements(runtime, workspaceId, source, event, { once, at }),
      ),
  );
  const usage = all.flatMap((each) => each.usage);
  return [
    ...writeConversations(db, all),
    ...removeMessages(db, all),
    ...writeMessages(db, all),
    ...writeCitations(db, all),
    ...insertUsage(db, usage),
    ...events.flat(),
  ];
}
