import type { PipelineConfig } from "../knowledge/contract.ts";
import { defaultConfig } from "../knowledge/pipeline/config.ts";
import type { FoundPassage } from "../knowledge/search-knowledge.ts";
import { searchKnowledge } from "../knowledge/search-knowledge.ts";
import type { Context } from "../workspaces/context.ts";
import type { HistoryMessage } from "./prompt.ts";
import { retrievalQuery, standsAlone } from "./retrieval-query.ts";
import { standaloneQuestion } from "./standalone-question.ts";
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

/** What to search for: a follow-up says it anew with what it leans on, as a model puts it, or else takes the question before it along. */
async function queryOf(
  ctx: Context,
  input: TurnInput,
  history: Promise<HistoryMessage[]>,
  { retrieval }: PipelineConfig,
): Promise<string> {
  const { content } = input.question;
  if (standsAlone(content)) return content;
  const before = await history;
  const previous = before.findLast(({ role }) => role === "user")?.content;
  if (previous === undefined) return content;
  const rewritten = retrieval.rewrite ? await standaloneQuestion(ctx, input, before) : null;
  // Its own words stay: a small model may have taken the wrong ones away.
  return rewritten === null ? retrievalQuery(content, previous) : `${content}\n${rewritten}`;
}

/** Reads what the turn needs, each part beside the others: only a follow-up's search has to wait for the history. */
export async function gather(ctx: Context, input: TurnInput): Promise<Gathered> {
  const { question, clone, cloneId, conversationId } = input;
  const history = question.parentId ? branchTo(ctx.db, conversationId, question.parentId) : Promise.resolve([]);
  const passages = (async () => {
    if (!clone || !cloneId) return [];
    const config = input.pipeline ?? defaultConfig;
    return searchKnowledge(ctx, {
      workspaceId: clone.workspaceId,
      cloneId,
      viewer: { memberId: input.memberId ?? null },
      query: await queryOf(ctx, input, history, config),
      config,
      ...(input.documentIds ? { filter: { documentIds: input.documentIds } } : {}),
    });
  })();
  const summary = question.parentId ? readSummary(ctx.db, conversationId) : Promise.resolve(null);
  const [all, known, found] = await Promise.all([history, summary, passages]);
  return { clone, history: all, summary: known, passages: found };
}
