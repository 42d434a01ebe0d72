import type { PipelineConfig } from "../../knowledge/contract.ts";
import { defaultConfig } from "../../knowledge/pipeline-config.ts";
import type { OfClone } from "../../knowledge/queries.ts";
import type { FoundPassage } from "../../knowledge/search-knowledge.ts";
import { searchKnowledge } from "../../knowledge/search-knowledge.ts";
import type { Context } from "../../workspaces/context.ts";
import { type Before, readBefore } from "./history-queries.ts";
import type { HistoryMessage } from "./prompt.ts";
import { retrievalQuery, standsAlone } from "./retrieval-query.ts";
import { standaloneQuestion } from "./standalone-question.ts";
import type { Summary } from "./summary.ts";
import type { TurnInput } from "./turn-input.ts";

/** Everything that a turn's prompt is made of. */
export interface Gathered {
  clone: TurnInput["clone"];
  history: HistoryMessage[];
  summary: Summary | null;
  passages: FoundPassage[];
}

/** Of a question, so many characters are searched by: as many as a message of ours has at most. */
const mostSearched = 32_000;

/** Where a turn searches, and for whom; null where no clone answers. */
export const searchedBy = ({ clone, cloneId, memberId = null }: TurnInput): OfClone | null =>
  clone && cloneId ? { workspaceId: clone.workspaceId, cloneId, viewer: { memberId } } : null;

/** What to search for: a follow-up says it anew with what it leans on, as a model puts it, or else takes the question before it along. */
async function queryOf(
  ctx: Context,
  input: TurnInput,
  before: Promise<Before>,
  { retrieval }: PipelineConfig,
): Promise<string> {
  const content = input.question.content.slice(0, mostSearched);
  if (standsAlone(content)) return content;
  const { history } = await before;
  const previous = history.findLast(({ role }) => role === "user")?.content;
  if (previous === undefined) return content;
  const rewritten = retrieval.rewrite ? await standaloneQuestion(ctx, input, history) : null;
  // Its own words stay: a small model may have taken the wrong ones away.
  return rewritten === null ? retrievalQuery(content, previous) : `${content}\n${rewritten}`;
}

/**
 * Reads what the turn needs, each part beside the others: only a follow-up's search has to wait for the history. `known` is what
 * stands before the question, where it has been read already.
 */
export async function gather(ctx: Context, input: TurnInput, known: Before | null = null): Promise<Gathered> {
  const of = searchedBy(input);
  const before = known ? Promise.resolve(known) : readBefore(ctx.db, input, of);
  const search = async () => {
    if (!of) return [];
    const config = input.pipeline ?? defaultConfig;
    return searchKnowledge(ctx, {
      ...of,
      query: await queryOf(ctx, input, before, config),
      config,
      names: before.then(({ names }) => names),
      ...(input.documentIds ? { filter: { documentIds: input.documentIds } } : {}),
    });
  };
  const [{ history, summary }, passages] = await Promise.all([before, search()]);
  return { clone: input.clone, history, summary, passages };
}
