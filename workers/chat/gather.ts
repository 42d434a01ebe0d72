import { defaultConfig } from "../knowledge/pipeline/config.ts";
import type { FoundPassage } from "../knowledge/search-knowledge.ts";
import { searchKnowledge } from "../knowledge/search-knowledge.ts";
import type { Context } from "../workspaces/context.ts";
import type { HistoryMessage } from "./prompt.ts";
import { retrievalQuery, standsAlone } from "./retrieval-query.ts";
import { readSummary, type Summary } from "./summary.ts";
import type { TurnInput } from "./turn-log.ts";
import { branchTo } from "./turn-queries.ts";

/** Everything that a turn's prompt is made of. */
export interface Gathered {
  clone: TurnInput["clone"];
  history: HistoryMessage[];
  summary: Summary | null;
  passages: FoundPassage[];
}

/** Reads what the turn needs, each part beside the others: only a follow-up's search has to wait for the history. */
export async function gather(ctx: Context, input: TurnInput): Promise<Gathered> {
  const { question, clone, cloneId, conversationId } = input;
  const history = question.parentId ? branchTo(ctx.db, conversationId, question.parentId) : Promise.resolve([]);
  const passages = (async () => {
    if (!clone || !cloneId) return [];
    const previous = standsAlone(question.content)
      ? undefined
      : (await history).findLast(({ role }) => role === "user")?.content;
    return searchKnowledge(ctx, {
      workspaceId: clone.workspaceId,
      cloneId,
      viewer: { memberId: input.memberId ?? null },
      query: retrievalQuery(question.content, previous),
      config: input.pipeline ?? defaultConfig,
      ...(input.documentIds ? { filter: { documentIds: input.documentIds } } : {}),
    });
  })();
  const summary = question.parentId ? readSummary(ctx.db, conversationId) : Promise.resolve(null);
  const [all, known, found] = await Promise.all([history, summary, passages]);
  return { clone, history: all, summary: known, passages: found };
}
