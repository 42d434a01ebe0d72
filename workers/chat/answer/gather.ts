import { defaultConfig } from "../../knowledge/pipeline-config.ts";
import type { PipelineConfig } from "../../knowledge/pipeline-contract.ts";
import type { OfClone } from "../../knowledge/queries.ts";
import type { FoundPassage } from "../../knowledge/search-knowledge.ts";
import { searchKnowledge } from "../../knowledge/search-knowledge.ts";
import type { Context } from "../../workspaces/context.ts";
import { modelUse } from "./model-use.ts";
import type { Passed } from "./passing/passed.ts";
import type { HistoryMessage } from "./prompt.ts";
import { retrievalQuery, standsAlone } from "./retrieval-query.ts";
import { standaloneQuestion } from "./standalone-question.ts";
import type { Summary } from "./summary.ts";
import type { TurnInput } from "./turn-input.ts";

/** What stands before a question: the messages above it, and what the older of them come down to. */
export interface Before {
  history: HistoryMessage[];
  summary: Summary | null;
}

/** Everything that a turn's prompt is made of. */
export interface Gathered {
  clone: TurnInput["clone"];
  history: HistoryMessage[];
  summary: Summary | null;
  passages: FoundPassage[];
  /** What came beside a question in words, by another wire. */
  passed?: Passed;
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
  { history }: Before,
  { retrieval }: PipelineConfig,
): Promise<string> {
  const content = input.question.content.slice(0, mostSearched);
  if (standsAlone(content)) return content;
  const previous = history.findLast(({ role }) => role === "user")?.content;
  if (previous === undefined) return content;
  const rewritten = retrieval.rewrite ? await standaloneQuestion(ctx, input, history) : null;
  // Its own words stay: a small model may have taken the wrong ones away.
  return rewritten === null ? retrievalQuery(content, previous) : `${content}\n${rewritten}`;
}

/** Finds what the turn needs, each part beside the others. `names` are those of the documents that whoever asks may be answered from, by id. */
export async function gather(
  ctx: Context,
  input: TurnInput,
  before: Before,
  names: Promise<Map<string, string>>,
): Promise<Gathered> {
  const of = searchedBy(input);
  const search = async () => {
    if (!of) return [];
    const config = input.pipeline ?? defaultConfig;
    return searchKnowledge(ctx, {
      ...of,
      use: modelUse(input, "embedding"),
      query: await queryOf(ctx, input, before, config),
      config,
      names,
      ...(input.documentIds ? { filter: { documentIds: input.documentIds } } : {}),
    });
  };
  return { clone: input.clone, ...before, passages: await search() };
}
