import type { FoundPassage } from "../knowledge/search-knowledge.ts";
import { searchKnowledge } from "../knowledge/search-knowledge.ts";
import type { Context } from "../workspaces/context.ts";
import type { HistoryMessage } from "./prompt.ts";
import { retrievalQuery, standsAlone } from "./retrieval-query.ts";
import { readSummary, type Summary } from "./summary.ts";
import type { TurnInput } from "./turn-log.ts";
import { branchTo, cloneForTurn } from "./turn-queries.ts";

const passageCount = 8;

type TurnClone = NonNullable<Awaited<ReturnType<typeof cloneForTurn>>>;

/** Everything that a turn's prompt is made of. */
export interface Gathered {
  clone: TurnClone | null;
  history: HistoryMessage[];
  summary: Summary | null;
  passages: FoundPassage[];
}

/** Reads what the turn needs, each part beside the others: only a follow-up's search has to wait for the history. */
export async function gather(ctx: Context, input: TurnInput): Promise<Gathered> {
  const { question, cloneId, conversationId } = input;
  const history = question.parentId ? branchTo(ctx.db, conversationId, question.parentId) : Promise.resolve([]);
  const clone = cloneId ? cloneForTurn(ctx.db, cloneId).then((found) => found ?? null) : Promise.resolve(null);
  const passages = (async () => {
    const found = await clone;
    if (!found || !cloneId) return [];
    const previous = standsAlone(question.content)
      ? undefined
      : (await history).findLast(({ role }) => role === "user")?.content;
    return searchKnowledge(ctx, {
      workspaceId: found.workspaceId,
      cloneId,
      query: retrievalQuery(question.content, previous),
      topK: passageCount,
      mode: "hybrid",
      ...(input.documentIds ? { filter: { documentIds: input.documentIds } } : {}),
    });
  })();
  const summary = question.parentId ? readSummary(ctx.db, conversationId) : Promise.resolve(null);
  const [all, of, known, found] = await Promise.all([history, clone, summary, passages]);
  return { clone: of, history: all, summary: known, passages: found };
}
