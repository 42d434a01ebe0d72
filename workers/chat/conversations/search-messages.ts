import { iso } from "../../platform/clock.ts";
import type { Context } from "../../workspaces/context.ts";
import { ownerOf } from "../access.ts";
import type { FoundMessage } from "../contract.ts";
import { findByPieces, findByWords } from "./library-queries.ts";
import { searchTerms } from "./search-terms.ts";
import { readMarkedSnippet, snippetAround } from "./snippet.ts";

/** The actor's own messages that hold every word of `query`, best first. Nothing that can be typed makes it throw. */
export async function searchMessages(ctx: Context, query: string, limit: number): Promise<FoundMessage[]> {
  const { match, pieces } = searchTerms(query);
  if (match === null && pieces.length === 0) return [];
  const owner = ownerOf(ctx);
  // Marks that no message can hold, for nobody knows them before.
  const marks: [string, string] = [crypto.randomUUID(), crypto.randomUUID()];
  const rows =
    match === null
      ? await findByPieces(ctx.db, owner, pieces, { limit })
      : await findByWords(ctx.db, owner, match, pieces, { limit, marks });
  return rows.map((row) => {
    const snippet = match === null ? snippetAround(row.text, pieces) : readMarkedSnippet(row.text, marks);
    return {
      conversation_id: row.conversationId,
      title: row.title,
      message_id: row.messageId,
      role: row.role,
      snippet: snippet.text,
      matches: snippet.matches,
      created_at: iso(row.createdAt),
    };
  });
}
