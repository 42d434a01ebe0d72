import { iso } from "../platform/clock.ts";
import { jsonListFile } from "../platform/rooms/archive-file.ts";
import type { PersonalData } from "../platform/rooms/personal-data.ts";
import type { Runtime } from "../platform/runtime.ts";
import { eachUsage, removeUsage } from "./queries.ts";

async function* usageOf({ db }: Runtime, workspaceId: string) {
  for await (const row of eachUsage(db, workspaceId)) {
    yield {
      turn_id: row.turnId,
      conversation_id: row.conversationId,
      clone_id: row.cloneId,
      model: row.model,
      prompt_tokens: row.promptTokens,
      completion_tokens: row.completionTokens,
      outcome: row.outcome,
      created_at: iso(row.createdAt),
    };
  }
}

/** What the turns in a workspace used. */
export const personalData: PersonalData = {
  ofWorkspace: {
    async *files(runtime, workspaceId) {
      yield jsonListFile(runtime, "usage.json", usageOf(runtime, workspaceId));
    },
  },
  erasure: { workspaces: { remove: (db, of, isFree) => [removeUsage(db, of, isFree)] } },
};
