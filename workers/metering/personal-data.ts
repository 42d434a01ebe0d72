import { iso } from "../platform/clock.ts";
import { jsonListFile } from "../platform/rooms/archive-file.ts";
import type { PersonalData } from "../platform/rooms/personal-data.ts";
import type { Runtime } from "../platform/runtime.ts";
import { eachUsage, removeUsage } from "./queries.ts";

async function* usageOf({ db }: Runtime, workspaceId: string) {
  for await (const row of eachUsage(db, workspaceId)) {
    yield {
      id: row.id,
      purpose: row.purpose,
      turn_id: row.turnId,
      user_id: row.userId,
      key_id: row.keyId,
      clone_id: row.cloneId,
      conversation_id: row.conversationId,
      model: row.model,
      lane: row.lane,
      payer: row.payer,
      prompt_tokens: row.promptTokens,
      cache_read_tokens: row.cacheReadTokens,
      cache_write_tokens: row.cacheWriteTokens,
      completion_tokens: row.completionTokens,
      reasoning_tokens: row.reasoningTokens,
      estimated: row.estimated,
      duration_ms: row.durationMs,
      first_token_ms: row.firstTokenMs,
      price_id: row.priceId,
      micro_credits: row.microCredits,
      outcome: row.outcome,
      created_at: iso(row.createdAt),
    };
  }
}

/** What the calls that a workspace pays for took. */
export const personalData: PersonalData = {
  ofWorkspace: {
    async *files(runtime, workspaceId) {
      yield jsonListFile(runtime, "usage.json", usageOf(runtime, workspaceId));
    },
  },
  erasure: { workspaces: { remove: (db, of, isFree) => [removeUsage(db, of, isFree)] } },
};
