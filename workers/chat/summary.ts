import { eq } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { conversationSummaries } from "../db/schema/chat.ts";

/** What the older part of a conversation comes down to. */
export interface Summary {
  text: string;
  throughMessageId: string;
}

/** The conversation's rolling summary, or null. */
export async function readSummary(db: Database, conversationId: string): Promise<Summary | null> {
  const rows = await db
    .select({ text: conversationSummaries.summary, throughMessageId: conversationSummaries.throughMessageId })
    .from(conversationSummaries)
    .where(eq(conversationSummaries.conversationId, conversationId));
  return rows[0] ?? null;
}
