import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import type { FoundPassage } from "../../knowledge/search-knowledge.ts";
import { callModel } from "../../model-access/call-model.ts";
import { estimateCall } from "../../models/estimate-call.ts";
import { classifyModelFailure, problemOfEmptyAnswer, withOwnWords } from "../../models/failures.ts";
import { type CalledModel, calledModel } from "../../models/ports/called-model.ts";
import type { ChatModel, OfferedKnowledge } from "../../models/ports/chat-model.ts";
import { promptTokens } from "../../models/prompt-tokens.ts";
import type { ModelEnd } from "../../models/read-model.ts";
import { load } from "../../platform/limits/overload.ts";
import type { Context } from "../../workspaces/context.ts";
import { CitedText, type TextSink } from "./cited-text.ts";
import { EndlessText } from "./endless-text.ts";
import type { Gathered } from "./gather.ts";
import { historyBudget, historyWindow } from "./history-policy.ts";
import { modelUse, resolveModel } from "./model-use.ts";
import { buildPrompt } from "./prompt.ts";
import { firstTokenAllowance, limitsOf, type ModelLimits, retryDelay } from "./retry-policy.ts";
import { behindSummary } from "./summary.ts";
import { asksOwnModel, modelOf, type TurnInput } from "./turn-input.ts";
import type { Called, Ending } from "./turn-result.ts";

/** What an answer is made of: what was found, and the model that is asked. */
export interface Collected {
  gathered: Gathered;
  chat: ChatModel;
}

/** Collects what a turn's answer is made of, its parts side by side. */
export async function collected(ctx: Context, input: TurnInput, gathering: Promise<Gathered>): Promise<Collected> {
  const [gathered, chat] = await Promise.all([gathering, resolveModel(ctx, input, modelOf(input))]);
  return { gathered, chat };
}

/** Where the answer goes, piece by piece. */
export interface AnswerSink extends TextSink {
  /** The model is called: the first time counts. */
  started(model: CalledModel, promptTokens: number): void;
  /** Whether anything was written yet. */
  readonly hasText: boolean;
  /** For how long it has no use for more, in ms. */
  restMs?(): number;
}

interface Call {
  chat: ChatModel;
  /** How it is counted. */
  model: CalledModel;
  /** Of the last attempt: when it was made, in ms, how long the first word took, what was said, and how it ended where it did. */
  calledAt: number | null;
  firstTokenMs: number | null;
  said: string;
  end: ModelEnd | null;
  options: LanguageModelV4CallOptions;
  passages: FoundPassage[];
  estimatedPrompt: number;
}

function prepare(chat: ChatModel, global: string | null, input: TurnInput, gathered: Gathered): Call {
  const { clone, history, summary: known, passages } = gathered;
  const { summary, rest } = behindSummary(history, known);
  const offered = passages.map(({ filename, page, section, text, score }, i) => ({
    index: i + 1,
    source: filename,
    page,
    section,
    text,
    score,
  }));
  const parts = {
    global,
    clone,
    systemPrompt: input.systemPrompt,
    summary: summary?.text ?? null,
    passages: offered,
    question: input.question.content,
    partial: input.continued?.content ?? null,
  };
  const budget = historyBudget(chat.info.contextWindow, promptTokens(buildPrompt({ ...parts, history: [] })));
  const prompt = buildPrompt({ ...parts, history: historyWindow(rest, budget) });
  const knowledge: OfferedKnowledge = { question: input.question.content, passages: offered };
  const { temperature, topP, maxTokens, stop } = input.sampling;
  return {
    chat,
    model: calledModel(chat.info, chat.connection),
    calledAt: null,
    firstTokenMs: null,
    said: "",
    end: null,
    passages,
    estimatedPrompt: promptTokens(prompt),
    options: {
      prompt,
      providerOptions: { understudy: knowledge },
      ...(temperature === undefined ? {} : { temperature }),
      ...(topP === undefined ? {} : { topP }),
      ...(maxTokens === undefined ? {} : { maxOutputTokens: maxTokens }),
      ...(stop === undefined ? {} : { stopSequences: stop }),
    },
  };
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
  elapsed: number,
): Promise<Ending> {
  const text = new CitedText(input, call, sink, limits);
  const endless = new EndlessText();
  const model = call.chat.info.id;
  const { stallMs, thoughtMs } = limits;
  const allowance = { firstTokenMs: firstTokenAllowance(elapsed, limits), stallMs, thoughtMs };
  const until = Date.now() + limits.answerMs - elapsed;
  const how = { options: call.options, signal, allowance };
  Object.assign(call, { calledAt: ctx.clock.now(), firstTokenMs: null, said: "", end: null });
  const end = await callModel(ctx, modelUse(input, "answer"), call.chat, how, {
    onCalled: () => sink.started(call.model, call.estimatedPrompt),
    restMs: () => sink.restMs?.() ?? 0,
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
  if (end && call.said.trim() === "" && !input.continued) throw problemOfEmptyAnswer(whyEmpty(end));
  return {
    outcome: "done",
    model,
    finishReason: end?.finishReason ?? "length",
    ...(await countedFor(call, ctx.clock.now())),
    error: null,
    droppedCitations: text.dropped,
  };
}

/** What a call took: what its provider counted, where it came to its end and was, else an estimate. */
async function countedFor(
  { model, options, said, end, estimatedPrompt, calledAt, firstTokenMs }: Call,
  now: number,
): Promise<Pick<Ending, "promptTokens" | "completionTokens"> & { called: Called }> {
  const estimated = end?.promptTokens === undefined || end.completionTokens === undefined;
  const unheard = { promptTokens: estimatedPrompt, completionTokens: 0 };
  const estimate = estimated && said !== "" ? await estimateCall(model, options.prompt, said) : unheard;
  const called = {
    model,
    cacheReadTokens: end?.cacheReadTokens ?? null,
    cacheWriteTokens: end?.cacheWriteTokens ?? null,
    reasoningTokens: end?.reasoningTokens ?? null,
    estimated,
    durationMs: end?.durationMs ?? (calledAt === null ? null : now - calledAt),
    firstTokenMs: end?.firstTokenMs ?? firstTokenMs,
  };
  const { promptTokens = estimate.promptTokens, completionTokens = estimate.completionTokens } = end ?? {};
  return { promptTokens, completionTokens, called };
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
  internal: "INTERNAL",
} as const;

/** Brings what the prompt is made of, asks, and asks again while nothing was written. */
async function tryToAnswer(
  ctx: Context,
  input: TurnInput,
  sink: AnswerSink,
  signal: AbortSignal,
  limits: ModelLimits,
  collect: () => Promise<Collected>,
): Promise<Ending> {
  const startedAt = ctx.clock.now();
  let call: Call | undefined;
  for (let number = 1; ; number++) {
    try {
      if (!call) {
        const { gathered, chat } = await collect();
        call = prepare(chat, ctx.config.SYSTEM_PROMPT ?? null, input, gathered);
      }
      if (signal.aborted) sink.started(call.model, call.estimatedPrompt);
      signal.throwIfAborted();
      const own = limitsOf(limits, call.chat.waits);
      return await answerOnce(ctx, call, input, sink, signal, own, ctx.clock.now() - startedAt);
    } catch (error) {
      const partial = {
        model: call?.chat.info.id ?? input.modelId ?? "unknown",
        ...(call ? await countedFor(call, ctx.clock.now()) : { promptTokens: 0, completionTokens: 0 }),
      };
      if (signal.aborted) return { ...partial, outcome: "stopped", finishReason: "stopped", error: null };
      const failure = classifyModelFailure(error);
      const attempt = { number, hasText: sink.hasText, elapsedMs: ctx.clock.now() - startedAt };
      const wait = retryDelay(failure, attempt, limitsOf(limits, call?.chat.waits));
      if (wait === null) {
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
      await delay(wait, signal).catch(() => {});
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
