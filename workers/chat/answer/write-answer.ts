import { callModel } from "../../model-access/call-model.ts";
import type { FallbackReason } from "../../model-access/parameters-contract.ts";
import { breaker } from "../../models/breaker.ts";
import { classifyModelFailure, type ModelFailure, problemOfEmptyAnswer, withOwnWords } from "../../models/failures.ts";
import type { CalledModel } from "../../models/ports/called-model.ts";
import type { ChatModel, ModelInfo } from "../../models/ports/chat-model.ts";
import type { ModelEnd, ToolPart } from "../../models/read-model.ts";
import type { Place } from "../../platform/limits/line.ts";
import { load } from "../../platform/limits/overload.ts";
import type { Context } from "../../workspaces/context.ts";
import { CitedText, type TextSink } from "./cited-text.ts";
import { EndlessText } from "./endless-text.ts";
import type { Gathered } from "./gather.ts";
import { type Collected, type InLine, lineOf, nextInLine } from "./model-line.ts";
import { modelUse } from "./model-use.ts";
import { Paying } from "./paying/paying.ts";
import { type Call, countedFor, prepareCall } from "./prepare-call.ts";
import { firstTokenAllowance, limitsOf, type ModelLimits, nextStep } from "./retry-policy.ts";
import { asksOwnModel, modelOf, type TurnInput } from "./turn-input.ts";
import type { Ending } from "./turn-result.ts";

/** That another model is asked than the one before it in line. */
export interface Fallback {
  from: string;
  to: CalledModel;
  reason: FallbackReason;
  promptTokens: number;
}

/** A model that would answer in the place of one that has to be waited for. */
export interface Instead {
  model: string;
  price: ModelInfo["price"];
}

/** Where the answer goes, piece by piece. */
export interface AnswerSink extends TextSink {
  /** The model is called: the first time counts. */
  started(model: CalledModel, promptTokens: number): void;
  /** Another model is asked from now on, before anything was said. */
  fellBack?(fallback: Fallback): void;
  /** Where the question stands in the line of its model's machine, and what would answer in the place of that. */
  waits?(place: Place, instead: Instead | null): void;
  /** Aborted where whoever waits in line would rather have the next model. */
  leaving?(): AbortSignal;
  /** What the model thinks aloud. */
  thought?(text: string): void;
  /** What the model calls of the tools that it was given. */
  tool?(part: ToolPart): void;
  /** Whether anything was written yet. */
  readonly hasText: boolean;
  /** For how long it has no use for more, in ms. */
  restMs?(): number;
}

const delay = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });

async function answerOnce(
  ctx: Context,
  call: Call,
  input: TurnInput,
  sink: AnswerSink,
  signal: AbortSignal,
  limits: ModelLimits,
  spent: { ofModel: number; ofTurn: number },
  instead: Instead | null,
): Promise<Ending> {
  const text = new CitedText(input, call, sink, limits);
  const endless = new EndlessText();
  const model = call.chat.info.id;
  let callsTools = false;
  const { stallMs, thoughtMs } = limits;
  const allowance = { firstTokenMs: firstTokenAllowance(spent.ofModel, limits), stallMs, thoughtMs };
  const until = Date.now() + limits.answerMs - spent.ofTurn;
  const onPlace = (place: Place) => sink.waits?.(place, instead);
  const how = { options: call.options, signal, allowance, leave: sink.leaving?.(), onPlace };
  Object.assign(call, { calledAt: ctx.clock.now(), firstTokenMs: null, said: "", end: null });
  const end = await callModel(ctx, modelUse(input, "answer"), call.chat, how, {
    onCalled: () => sink.started(call.model, call.estimatedPrompt),
    restMs: () => sink.restMs?.() ?? 0,
    onThought: (thought) => sink.thought?.(thought),
    onTool(part) {
      callsTools = sink.tool !== undefined;
      sink.tool?.(part);
    },
    onText(delta) {
      call.firstTokenMs ??= ctx.clock.now() - (call.calledAt ?? 0);
      call.said += delta;
      text.push(delta);
      return text.isFull || Date.now() > until || endless.isEndless(delta);
    },
  });
  call.end = end;
  text.end();
  // What was continued may have been whole already.
  if (end && call.said.trim() === "" && !callsTools && !input.continued) throw problemOfEmptyAnswer(whyEmpty(end));
  return {
    outcome: "done",
    model,
    finishReason: end?.finishReason ?? "length",
    ...(await countedFor(call, ctx.clock.now())),
    error: null,
    droppedCitations: text.dropped,
  };
}

/** What is said of an answer without a word of text. */
function whyEmpty({ reason, hasThought }: ModelEnd): string {
  if (reason === "length")
    return "The model spent all tokens that its answer may have on thinking, and wrote nothing. Allow it more, or choose another model.";
  if (reason === "content-filter")
    return "The model’s provider held its answer back. Ask in other words, or choose another model.";
  if (reason === "tool-calls")
    return "The model called a tool instead of answering, and there is none here. Ask in other words, or choose another model.";
  return hasThought
    ? "The model thought, and wrote no answer. Try again, or choose another model."
    : "The model answered without a word of text. Try again, or choose another model.";
}

const eventCodes = {
  rate_limited: "RATE_LIMITED",
  model_unavailable: "MODEL_UNAVAILABLE",
  insufficient_credits: "INSUFFICIENT_CREDITS",
  internal: "INTERNAL",
} as const;

/** One turn's way along the line of models: whose turn it is, since when, and how often it was asked. */
class Asking {
  readonly #ctx: Context;
  readonly #input: TurnInput;
  readonly #sink: AnswerSink;
  readonly #startedAt: number;
  /** Who pays for it; null where nobody does. */
  readonly #paying: Paying | null;
  #gathered: Gathered | null = null;
  #turn: InLine | null = null;
  #call: Call | null = null;
  #askedAt: number;
  #attempts = 0;

  constructor(ctx: Context, input: TurnInput, sink: AnswerSink) {
    this.#ctx = ctx;
    this.#input = input;
    this.#sink = sink;
    this.#paying = input.bill ? new Paying(ctx, input, input.bill) : null;
    this.#startedAt = ctx.clock.now();
    this.#askedAt = this.#startedAt;
  }

  get chat(): ChatModel | null {
    return this.#turn?.chat ?? null;
  }

  /** How an answer ends that was not given. */
  async partial() {
    const model = this.chat?.info.id ?? this.#input.modelId ?? "unknown";
    if (!this.#call) return { model, promptTokens: 0, completionTokens: 0, ...this.paid };
    return { model, ...this.paid, ...(await countedFor(this.#call, this.#ctx.clock.now())) };
  }

  /** What was set aside for it, and what of that is its price, in micro-credits. */
  get paid() {
    return { held: this.#paying?.held ?? null, price: this.#paying?.price ?? null };
  }

  #stand(turn: InLine, gathered: Gathered): void {
    const from = this.chat?.info.id ?? modelOf(this.#input) ?? defaultIdOf(this.#ctx);
    this.#turn = turn;
    this.#call = prepareCall(turn.chat, this.#ctx.config.SYSTEM_PROMPT ?? null, this.#input, gathered);
    this.#askedAt = this.#ctx.clock.now();
    this.#attempts = 0;
    const { model: to, estimatedPrompt } = this.#call;
    if (turn.reason !== null && to.id !== from)
      this.#sink.fellBack?.({ from, to, reason: turn.reason, promptTokens: estimatedPrompt });
  }

  /** Brings what the prompt is made of, once, and asks the model whose turn it is. */
  async ask(signal: AbortSignal, limits: ModelLimits, collect: () => Collected): Promise<Ending> {
    this.#attempts += 1;
    if (!this.#gathered) {
      const collecting = collect();
      const first = await collecting.first;
      const ahead = this.#paying?.ahead(first.chat);
      // Also where nothing is found: what ends meanwhile is told to the wallet behind what was set aside for it.
      this.#gathered = await collecting.gathered.finally(() => ahead);
      this.#stand(first, this.#gathered);
    }
    const [call, chat] = [this.#call, this.chat];
    if (!call || !chat) throw new Error("Nobody's turn has come.");
    if (signal.aborted) this.#sink.started(call.model, call.estimatedPrompt);
    signal.throwIfAborted();
    await this.#paying?.cover(call);
    const now = this.#ctx.clock.now();
    const spent = { ofModel: now - this.#askedAt, ofTurn: now - this.#startedAt };
    const own = limitsOf(limits, chat.waits);
    const instead = chat.connection?.hasLine ? await this.#instead() : null;
    const ending = await answerOnce(this.#ctx, call, this.#input, this.#sink, signal, own, spent, instead);
    breaker.answered(chat);
    return { ...ending, ...this.paid };
  }

  async #instead(): Promise<Instead | null> {
    const passed = this.#gathered?.passed;
    const next = this.#turn && (await nextInLine(this.#ctx, this.#input, this.#turn.at + 1, "queue", passed));
    return next && { model: next.chat.info.id, price: next.chat.info.price };
  }

  /** What is done about a failure: null where that was it. Otherwise resolves when the model whose turn it is then may be asked. */
  async goOn(failure: ModelFailure, signal: AbortSignal, limits: ModelLimits): Promise<boolean> {
    const now = this.#ctx.clock.now();
    const [turn, gathered] = [this.#turn, this.#gathered];
    if (turn) breaker.failed(turn.chat, failure, now);
    const attempt = { number: this.#attempts, hasText: this.#sink.hasText, elapsedMs: now - this.#askedAt };
    const hasNext = turn !== null && turn.at + 1 < lineOf(this.#ctx, this.#input).length;
    const own = limitsOf(limits, turn?.chat.waits);
    let step = nextStep(failure, attempt, hasNext, own);
    if (step.kind === "next" && turn && gathered) {
      const next = await nextInLine(this.#ctx, this.#input, turn.at + 1, failure.kind, gathered.passed);
      if (next) {
        this.#stand(next, gathered);
        return true;
      }
      step = nextStep(failure, attempt, false, own);
    }
    if (step.kind !== "again") return false;
    await delay(step.delayMs, signal).catch(() => {});
    return true;
  }
}

/** What answers where nobody chose anything, as far as it is known before it is looked for. */
const defaultIdOf = ({ config }: Context) => config.DEFAULT_MODEL ?? config.LLM_PROVIDER ?? "default";

/** Asks, and asks again or the next in line, while nothing was written. */
async function tryToAnswer(
  ctx: Context,
  input: TurnInput,
  sink: AnswerSink,
  signal: AbortSignal,
  limits: ModelLimits,
  collect: () => Collected,
): Promise<Ending> {
  const asking = new Asking(ctx, input, sink);
  for (;;) {
    try {
      return await asking.ask(signal, limits, collect);
    } catch (error) {
      const partial = await asking.partial();
      if (signal.aborted) return { ...partial, outcome: "stopped", finishReason: "stopped", error: null };
      const failure = classifyModelFailure(error);
      if (await asking.goOn(failure, signal, limits)) continue;
      ctx.log.error("turn_failed", error, { turn_id: input.turnId, code: failure.code });
      return {
        ...partial,
        outcome: "failed",
        finishReason: null,
        error: {
          code: eventCodes[failure.code],
          message: asksOwnModel(input) ? withOwnWords(failure) : failure.message,
        },
      };
    }
  }
}

/**
 * Collects by `collect`, asks the model, and writes its answer into the sink; tries again only while nothing was written. It counts as one
 * that is being written here all the while. Never throws for the model's faults: they are its ending. A stop (`signal`) is one too.
 */
export async function writeAnswer(...asked: Parameters<typeof tryToAnswer>): Promise<Ending> {
  const [, { turnId }] = asked;
  load.begin(turnId);
  try {
    return await tryToAnswer(...asked);
  } finally {
    load.end(turnId);
  }
}
