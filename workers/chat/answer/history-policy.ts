import { estimateTokens } from "../../text/tokens.ts";
import type { HistoryMessage } from "./prompt.ts";

/** Of a model's window, at most this goes to earlier messages: the rest is for the sources, the question and the answer. */
const historyShare = 0.4;
/** Kept free for the answer, whatever else there is. */
const answerShare = 0.2;
/** Older than this many messages is folded, however short they are: a branch is read 400 messages back. */
const mostMessages = 200;
const tokensPerMessage = 4;

const tokensOf = ({ content }: HistoryMessage) => estimateTokens(content) + tokensPerMessage;

/** Tokens that earlier messages may take in a model's window beside `fixed` tokens of everything else. */
export function historyBudget(contextWindow: number, fixed: number): number {
  return Math.max(0, Math.min(contextWindow * historyShare, contextWindow * (1 - answerShare) - fixed));
}

/** The newest messages of `history` (oldest first) that fit into `budget` tokens, never starting with an answer. */
export function historyWindow(history: HistoryMessage[], budget: number): HistoryMessage[] {
  let used = 0;
  let from = history.length;
  for (const message of history.toReversed()) {
    used += tokensOf(message);
    if (used > budget || history.length - from === mostMessages) break;
    from--;
  }
  while (history[from]?.role === "assistant") from++;
  return history.slice(from);
}

/**
 * What of `history` (oldest first, behind the last summary) should be folded into one: all but the newest third of the budget, once
 * three quarters of it are taken. So nothing falls out of the window unsummarised, and it is done every few turns only.
 */
export function toFold(history: HistoryMessage[], contextWindow: number): HistoryMessage[] {
  const budget = historyBudget(contextWindow, 0);
  const isTight = historyWindow(history, budget * 0.75).length < history.length || history.length > mostMessages * 0.75;
  if (!isTight) return [];
  const kept = historyWindow(history, budget / 3).slice(-mostMessages / 3);
  while (kept[0]?.role === "assistant") kept.shift();
  return history.slice(0, history.length - kept.length);
}

/** Cuts messages into runs of at most `budget` tokens each; one that is longer alone is a run by itself. */
export function runsOf(messages: HistoryMessage[], budget: number): HistoryMessage[][] {
  const runs: HistoryMessage[][] = [];
  let used = 0;
  for (const message of messages) {
    const tokens = tokensOf(message);
    const run = runs.at(-1);
    if (run && used + tokens <= budget) {
      run.push(message);
      used += tokens;
    } else {
      runs.push([message]);
      used = tokens;
    }
  }
  return runs;
}
