import { citationQuality, citedNumbers } from "../chat/citation-quality.ts";
import { runStatelessTurn, statelessInput } from "../chat/stateless-turn.ts";
import { type CloneRow, findClone } from "../clones/queries.ts";
import type { FoundPassage } from "../knowledge/search-knowledge.ts";
import type { Context } from "../workspaces/context.ts";
import { judge } from "./judge.ts";
import { findAnyRun, finishResult, listWaiting, type ResultRow, type RunRow, touchRun } from "./queries.ts";

/** Questions that are asked at once. */
const parallel = 4;
/** How long one delivery goes on before the rest is left to the next, in ms: well below the quarter of an hour that a queue gives. */
const patienceMs = 5 * 60_000;

async function ask(
  ctx: Context,
  run: RunRow,
  clone: CloneRow,
  { runId, questionId, question }: ResultRow,
): Promise<void> {
  const at = { runId, questionId };
  let passages: FoundPassage[] = [];
  const input = statelessInput(ctx, {
    workspaceId: run.workspaceId,
    clone,
    memberId: run.userId,
    question: question.question,
  });
  const onGathered = (gathered: { passages: FoundPassage[] }) => {
    passages = gathered.passages;
  };
  const { content, citations, droppedCitations, error } = await runStatelessTurn(
    ctx,
    { input, history: [] },
    new AbortController().signal,
    {
      onGathered,
    },
  );
  if (error) return finishResult(ctx.db, at, { status: "failed", error: error.message });
  const cited = citations.filter(({ index }) => citedNumbers(content).has(index));
  const found = passages.map(({ filename, page }) => ({ source: filename, page }));
  await finishResult(ctx.db, at, {
    status: "done",
    answer: content,
    cited: cited.map(({ source, page, quote }) => ({ source, page, quote })),
    ...judge(question, { answer: content, cited, found }),
    ...citationQuality(content, cited, question.question),
    droppedCitations,
  });
}

/** Asks the questions of a run that have no answer yet; true where some are left for another delivery. */
export async function askQuestions(ctx: Context, runId: string): Promise<boolean> {
  const run = await findAnyRun(ctx.db, runId);
  const clone = run && (await findClone(ctx.db, run.workspaceId, run.cloneId));
  // Deleted meanwhile: nobody will look at it.
  if (!run || !clone) return false;
  const until = ctx.clock.now() + patienceMs;
  for (;;) {
    const waiting = await listWaiting(ctx.db, runId, parallel);
    if (waiting.length === 0) return false;
    await Promise.all(waiting.map((result) => ask(ctx, run, clone, result)));
    await touchRun(ctx.db, runId, ctx.clock.now());
    if (ctx.clock.now() > until) return true;
  }
}
