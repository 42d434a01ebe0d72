import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import type { FoundPassage } from "../../knowledge/search-knowledge.ts";
import { classifyModelFailure } from "../../models/failures.ts";
import type { ChatModel, OfferedKnowledge } from "../../models/ports.ts";
import { estimateTokens } from "../../text/tokens.ts";
import type { Context } from "../../workspaces/context.ts";
import { CitationMarkers, type Cited, type MarkedPiece, type Quote } from "./citation-markers.ts";
import { EndlessText } from "./endless-text.ts";
import { QuoteFinder } from "./find-quote.ts";
import { type Gathered, gather } from "./gather.ts";
import { historyBudget, historyWindow } from "./history-policy.ts";
import { buildPrompt, promptTokens } from "./prompt.ts";
import { readModel } from "./read-model.ts";
import { resolveModel } from "./resolve-model.ts";
import { firstTokenAllowance, type ModelLimits, retryDelay } from "./retry-policy.ts";
import type { StoredCitation } from "./stored-citation.ts";
import { behindSummary } from "./summary.ts";
import type { TurnInput } from "./turn-input.ts";
import type { TurnResult } from "./turn-result.ts";

/** Where the answer goes, piece by piece; the object stores each before anybody sees it. */
export interface AnswerSink {
  /** The model is called: the first time counts. */
  started(model: string, promptTokens: number): void;
  text(text: string): void;
  citation(citation: StoredCitation): void;
  /** Whether anything was written yet. */
  readonly hasText: boolean;
}

/** How the model ended; the object adds what was said. */
export type Ending = Pick<
  TurnResult,
  "outcome" | "model" | "finishReason" | "promptTokens" | "completionTokens" | "error" | "droppedCitations"
>;

interface Call {
  chat: ChatModel;
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

function cite(passage: FoundPassage, index: number, span: Quote): StoredCitation {
  return {
    index,
    documentId: passage.documentId,
    source: passage.filename,
    page: passage.page,
    section: passage.section,
    quote: passage.text.slice(span.start, span.end),
    relevance: passage.score,
    start: passage.start + span.start,
    end: passage.start + span.end,
  };
}

/** A citation of the answer's first part, by the passage that it is of now; by none where that was not found again. */
function placed({ index, documentId, start, end }: StoredCitation, passages: FoundPassage[]): Cited {
  const at = passages.findIndex((each) => each.documentId === documentId && start >= each.start && start < each.end);
  const from = passages[at]?.start ?? 0;
  return { offered: at >= 0 ? at + 1 : -index, index, quote: { start: start - from, end: end - from } };
}

/** Passes one call's text through the markers into the sink. */
class Transcript {
  readonly #markers: CitationMarkers;
  readonly #passages: FoundPassage[];
  readonly #sink: AnswerSink;
  readonly #quotes: QuoteFinder;
  /** What an answer that is continued has said already and a reader that starts over will say again. */
  #repeated: string;
  /** How many characters more the answer may have. */
  #room: number;

  constructor(input: TurnInput, call: Call, sink: AnswerSink, limits: ModelLimits) {
    this.#room = Math.max(0, limits.answerCharacters - (input.continued?.content.length ?? 0));
    this.#passages = call.passages;
    this.#sink = sink;
    this.#quotes = new QuoteFinder(call.passages, input.question.content);
    this.#repeated = call.chat.info.offline ? (input.continued?.content ?? "") : "";
    const offered = call.passages.map((_, i) => i + 1);
    const cited = call.chat.info.offline ? [] : (input.continued?.citations ?? []);
    this.#markers = new CitationMarkers(
      offered,
      this.#quotes.find,
      cited.map((each) => placed(each, call.passages)),
    );
  }

  /** Citations that were left out: see `QuoteFinder`. */
  get dropped(): number {
    return this.#quotes.dropped;
  }

  push(delta: string): void {
    this.#write(this.#markers.push(delta));
  }

  end(): void {
    this.#write(this.#markers.end());
  }

  #write(pieces: MarkedPiece[]): void {
    for (const piece of pieces) {
      if (piece.kind === "cite") {
        const passage = this.#passages[piece.offered - 1];
        if (passage && !this.#isRepeating) this.#sink.citation(cite(passage, piece.index, piece.quote));
        continue;
      }
      const text = this.#fitting(this.#withoutRepeated(piece.text));
      if (text) this.#sink.text(text);
    }
  }

  get isFull(): boolean {
    return this.#room === 0;
  }

  #fitting(text: string): string {
    // Half a character at the cut would be stored as another one than was shown.
    const fitting = text.length <= this.#room ? text : text.slice(0, this.#room).toWellFormed();
    this.#room -= fitting.length;
    return fitting;
  }

  get #isRepeating(): boolean {
    return this.#repeated !== "";
  }

  #withoutRepeated(text: string): string {
    let same = 0;
    while (same < text.length && same < this.#repeated.length && text[same] === this.#repeated[same]) same++;
    const rest = text.slice(same);
    // Where it departs from what was said, the rest is new.
    this.#repeated = rest ? "" : this.#repeated.slice(same);
    return rest;
  }
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
  call: Call,
  input: TurnInput,
  sink: AnswerSink,
  signal: AbortSignal,
  limits: ModelLimits,
  elapsed: number,
): Promise<Ending> {
  const transcript = new Transcript(input, call, sink, limits);
  const endless = new EndlessText();
  const model = call.chat.info.id;
  let said = "";
  const { stallMs, thoughtMs } = limits;
  const allowance = { firstTokenMs: firstTokenAllowance(elapsed, limits), stallMs, thoughtMs };
  const until = Date.now() + limits.answerMs - elapsed;
  const end = await readModel(call.chat.model, call.options, signal, allowance, {
    onCalled: () => sink.started(model, call.estimatedPrompt),
    onText(text) {
      said += text;
      transcript.push(text);
      return transcript.isFull || Date.now() > until || endless.isEndless(text);
    },
  });
  transcript.end();
  return {
    outcome: "done",
    model,
    finishReason: end?.finishReason ?? "length",
    promptTokens: end?.promptTokens ?? call.estimatedPrompt,
    completionTokens: end?.completionTokens ?? estimateTokens(said),
    error: null,
    droppedCitations: transcript.dropped,
  };
}

const eventCodes = {
  rate_limited: "RATE_LIMITED",
  model_unavailable: "MODEL_UNAVAILABLE",
  internal: "INTERNAL",
} as const;

/**
 * Gathers, asks the model, and writes its answer into the sink; tries again only while nothing was written. Never throws for the
 * model's faults: they are its ending. A stop (`signal`) is one too. `collect` brings what the prompt is made of.
 */
export async function writeAnswer(
  ctx: Context,
  input: TurnInput,
  sink: AnswerSink,
  signal: AbortSignal,
  limits: ModelLimits,
  collect: (ctx: Context, input: TurnInput) => Promise<Gathered> = gather,
): Promise<Ending> {
  const startedAt = ctx.clock.now();
  let call: Call | undefined;
  for (let number = 1; ; number++) {
    try {
      if (!call) {
        const [gathered, chat] = await Promise.all([
          collect(ctx, input),
          resolveModel(ctx, input, input.modelId ?? input.clone?.model ?? null),
        ]);
        call = prepare(chat, ctx.config.SYSTEM_PROMPT ?? null, input, gathered);
      }
      if (signal.aborted) sink.started(call.chat.info.id, call.estimatedPrompt);
      signal.throwIfAborted();
      return await answerOnce(call, input, sink, signal, limits, ctx.clock.now() - startedAt);
    } catch (error) {
      const partial = {
        model: call?.chat.info.id ?? input.modelId ?? "unknown",
        promptTokens: call?.estimatedPrompt ?? 0,
        completionTokens: 0,
      };
      if (signal.aborted) return { ...partial, outcome: "stopped", finishReason: "stopped", error: null };
      const failure = classifyModelFailure(error);
      const wait = retryDelay(
        failure,
        { number, hasText: sink.hasText, elapsedMs: ctx.clock.now() - startedAt },
        limits,
      );
      if (wait === null) {
        ctx.log.error("turn_failed", error, { turn_id: input.turnId, code: failure.code });
        return {
          ...partial,
          outcome: "failed",
          finishReason: null,
          error: { code: eventCodes[failure.code], message: failure.message },
        };
      }
      await delay(wait, signal).catch(() => {});
    }
  }
}
