import { costOfTaken, type Taken } from "../../metering/usage-event.ts";
import type { FallbackReason } from "../../model-access/parameters-contract.ts";
import type { CalledModel } from "../../models/ports/called-model.ts";
import { estimateTokens } from "../../text/tokens.ts";
import type { Due, SettleAsk } from "../../wallet/terms.ts";
import type { StoredCitation } from "./stored-citation.ts";
import type { TurnInput } from "./turn-input.ts";

/** What is settled at whose wallet. */
export interface Settlement {
  wallet: string;
  ask: SettleAsk;
}

export type Outcome = "done" | "stopped" | "interrupted" | "failed";

/** What is stored of an answer, by how its turn ended. */
export const statusOf = { done: "complete", stopped: "stopped", interrupted: "interrupted", failed: "failed" } as const;

/** A call of a model, as it is counted. */
export interface Called extends Omit<Taken, "promptTokens" | "completionTokens"> {
  model: CalledModel;
}

/** How a turn ended, before it is settled: everything that D1 and the terminal event need. */
export interface TurnResult {
  /** The model that was called, with what is told of that beside its tokens; nothing where none was, and of turns of older versions. */
  called?: Called;
  outcome: Outcome;
  content: string;
  citations: StoredCitation[];
  model: string;
  /** What was asked for, where another answered. */
  askedModel?: string | null;
  fallbackReason?: FallbackReason | null;
  /** What the model thought aloud. */
  thoughts?: string | null;
  finishReason: "stop" | "length" | "stopped" | null;
  promptTokens: number;
  completionTokens: number;
  /** What was set aside for it at its payer's, in micro-credits: it costs them no more. Null where nothing was, or nobody knows. */
  held?: number | null;
  /** What of that is the price of the answer: nothing in a session, or where that was paid before. */
  price?: number | null;
  /** Citations that were left out, because their passage does not say what the sentence says. */
  droppedCitations?: number;
  /** For people and for the event's `code`, where it failed. */
  error: {
    code: "RATE_LIMITED" | "MODEL_UNAVAILABLE" | "INSUFFICIENT_CREDITS" | "INTERRUPTED" | "INTERNAL";
    message: string;
  } | null;
  endedAt: number;
}

/** How the model ended, without what was said. */
export type Ending = Omit<TurnResult, "content" | "citations" | "endedAt">;

/** What an answer says, and what it cites. */
export type Said = Pick<TurnResult, "content" | "citations">;

/** A turn's result. `continued` is what its answer said before the turn: where the model counted no tokens, the rest is estimated. */
export function resultOf(ending: Ending, said: Said, continued: Said | null, endedAt: number): TurnResult {
  const own = said.content.slice(continued?.content.length ?? 0);
  if (ending.completionTokens > 0 || own === "") return { ...ending, ...said, endedAt };
  const called = ending.called && { called: { ...ending.called, estimated: true } };
  return { ...ending, ...called, ...said, completionTokens: estimateTokens(own), endedAt };
}

/**
 * What a turn cost, in micro-credits; null where no price is known. A call that failed before its first token costs nothing, as no provider takes
 * anything for it, and neither does what was never asked.
 */
export function costOfTurn({ called, outcome, promptTokens, completionTokens }: TurnResult): number | null {
  const isUnheard = outcome === "failed" && completionTokens === 0;
  const isUnasked = promptTokens === 0 || (outcome !== "interrupted" && called?.durationMs === null);
  if (isUnheard || isUnasked) return 0;
  return called ? costOfTaken(called.model, { ...called, promptTokens, completionTokens }) : null;
}

/** Whether an answer is paid by its price: where it came to its end, or was ended by whoever asked, and says something. What we cut off, or what failed, is not. */
const isAnswer = ({ outcome, content }: TurnResult, before: string) =>
  (outcome === "done" || outcome === "stopped") && content.length > before.length;

/** What is due for a turn: what its model took by the installation's keys, and the price of an answer. */
export function dueOf({ continued }: TurnInput, result: TurnResult): Due {
  const isPaidHere = result.called?.model.payer === "installation";
  return {
    usage: isPaidHere ? (costOfTurn(result) ?? 0) : 0,
    price: isAnswer(result, continued?.content ?? "") ? (result.price ?? 0) : 0,
  };
}

/** What a turn costs whoever asked it, as far as it is known; null where no price is. */
export function chargeOfTurn(input: TurnInput, result: TurnResult): number | null {
  if (!input.bill) return costOfTurn(result);
  const { usage, price } = dueOf(input, result);
  return Math.min(usage + price, result.held ?? Number.MAX_SAFE_INTEGER);
}

/** What the payer's wallet is told when a turn has ended; null where nobody pays. */
export function settlementOf(input: TurnInput, result: TurnResult): Settlement | null {
  const { bill, turnId, messageId, conversationId, cloneId } = input;
  if (!bill) return null;
  const { promptTokens, completionTokens, called, outcome, model } = result;
  const details = {
    ...{ message_id: messageId, conversation_id: conversationId, clone_id: cloneId, model, outcome },
    ...{ prompt_tokens: promptTokens, completion_tokens: completionTokens },
    ...{ lane: called?.model.lane ?? null, price_id: called?.model.price?.id ?? null },
  };
  return { wallet: bill.wallet, ask: { id: turnId, due: dueOf(input, result), details, terms: bill.terms } };
}
