import { eq, type SQL, sql } from "drizzle-orm";
import type { Database } from "../../db/client.ts";
import { conversationSummaries, conversations } from "../../db/schema/chat.ts";
import type { Summary } from "./summary.ts";

/** The conversation's rolling summary: one row, or none. */
export function selectSummary(db: Database, conversationId: string | SQL) {
  return db
    .select({ text: conversationSummaries.summary, throughMessageId: conversationSummaries.throughMessageId })
    .from(conversationSummaries)
    .where(eq(conversationSummaries.conversationId, conversationId));
}

/** Stores a summary in the place of the one before; does nothing where the conversation was deleted meanwhile. */
export async function writeSummary(
  db: Database,
  conversationId: string,
  { text, throughMessageId }: Summary,
  { model, now }: { model: string; now: number },
): Promise<void> {
  await db.run(sql`
    INSERT INTO ${conversationSummaries} (conversation_id, workspace_id, through_message_id, summary, model, updated_at)
    SELECT id, workspace_id, ${throughMessageId}, ${text}, ${model}, ${now} FROM ${conversations} WHERE id = ${conversationId}
    ON CONFLICT (conversation_id) DO UPDATE SET
      through_message_id = excluded.through_message_id, summary = excluded.summary,
      model = excluded.model, updated_at = excluded.updated_at`);
}
