import { iso } from "../../platform/clock.ts";
import { operation } from "../../workspaces/operation.ts";
import { ownerOf } from "../access.ts";
import { foundMessages, searchMessagesInput, tags } from "../contract.ts";
import { caughtUp } from "../projection/caught-up.ts";
import { findByPieces, findByWords } from "./library-queries.ts";
import { searchTerms } from "./search-terms.ts";
import { readMarkedSnippet, snippetAround } from "./snippet.ts";

/** Nothing that can be typed makes it throw. */
export const searchMessages = operation({
  summary: "Search your own messages",
  description: "Every word must be there, whole or as a beginning; best first.",
  tags,
  action: "conversation.read",
  scope: "chat",
  input: searchMessagesInput,
  output: foundMessages,
  async run(ctx, { body: { query, limit } }) {
    const { match, pieces } = searchTerms(query);
    if (match === null && pieces.length === 0) return { data: [], next_cursor: null };
    await caughtUp(ctx);
    const owner = ownerOf(ctx);
    // Marks that no message can hold, for nobody knows them before.
    const marks: [string, string] = [crypto.randomUUID(), crypto.randomUUID()];
    const rows =
      match === null
        ? await findByPieces(ctx.db, owner, pieces, { limit })
        : await findByWords(ctx.db, owner, match, pieces, { limit, marks });
    const data = rows.map((row) => {
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
    return { data, next_cursor: null };
  },
});
