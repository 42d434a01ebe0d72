import { exportSpans } from "../../platform/tracing/export-spans.ts";
import { genAi, own } from "../../platform/tracing/gen-ai-names.ts";
import { type Attribute, Span, type SpanRecord } from "../../platform/tracing/span.ts";
import type { TraceContext } from "../../platform/tracing/trace-context.ts";
import type { Context } from "../../workspaces/context.ts";
import { asksOwnModel, modelOf, type TurnInput } from "./turn-input.ts";
import { costOfTurn, type TurnResult } from "./turn-result.ts";

/** A span as it is kept with its message: `startedMs` counts from the turn's beginning, `parent` is the number of the span that it is part of. */
interface KeptSpan {
  name: string;
  parent: number | null;
  startedMs: number;
  /** Null of what had not ended. */
  durationMs: number | null;
  error: string | null;
  attributes: Record<string, Attribute>;
}

/** What happened for an answer, as it is kept with its message. */
export interface KeptTrace {
  traceId: string;
  turnId: string;
  startedAt: number;
  spans: KeptSpan[];
  /** How many spans there was no room for. */
  left: number;
  /** Whether it is shown to whoever asked: their own model answered, or their workspace's clone. */
  isShown: boolean;
}

/** So many characters are kept with a message. */
const mostKept = 4_000;

/** What is done for a turn, from when it was asked: it goes into the message, and to the collector where there is one. */
export class TurnTrace {
  readonly #input: TurnInput;
  readonly #span: Span;
  readonly #startedAt: number;

  /** `parent` is where it was asked for, where the turn itself does not say. */
  constructor(input: TurnInput, parent: TraceContext | null = null) {
    const { turnId, messageId, cloneId, conversationId, createdAt } = input;
    this.#input = input;
    this.#startedAt = input.asked?.at ?? createdAt;
    this.#span = Span.root("turn", { parent: input.asked?.trace ?? parent, startedAt: this.#startedAt });
    this.#span.set({
      [genAi.operation]: "invoke_agent",
      [genAi.agentId]: cloneId,
      [genAi.conversationId]: conversationId,
      [own.turnId]: turnId,
      [own.messageId]: messageId,
    });
    // A turn that waited was made anew when its turn had come.
    if (createdAt > this.#startedAt) this.#span.open("queue", {}, this.#startedAt).end(createdAt);
  }

  /** The context, for what is done as part of the turn. */
  within(ctx: Context): Context {
    return { ...ctx, span: this.#span };
  }

  end(ended: TurnResult): void {
    const { outcome, model, askedModel, fallbackReason, called, finishReason, error, ...result } = ended;
    const { records } = this.#span;
    const first = records.find(({ name, error }) => name === "model" && error === null);
    const firstAt = first?.attributes[genAi.firstChunk];
    const known = typeof firstAt === "number" && first ? (first.startedAt - this.#startedAt) / 1_000 + firstAt : null;
    this.#span.set({
      [own.outcome]: outcome,
      [genAi.requestModel]: askedModel ?? modelOf(this.#input) ?? model,
      [genAi.responseModel]: model,
      [genAi.finishReasons]: finishReason === null ? null : [finishReason],
      [genAi.inputTokens]: result.promptTokens,
      [genAi.outputTokens]: result.completionTokens,
      [genAi.cachedTokens]: called?.cacheReadTokens ?? null,
      [own.cost]: costOfTurn(ended),
      [genAi.firstChunk]: known,
      [own.fallbackReason]: fallbackReason,
      [own.lane]: called?.model.lane ?? null,
    });
    if (error) this.#span.fail(error.code);
    this.#span.end(result.endedAt);
  }

  /** Sends what has ended since it was last called. */
  send(ctx: Context): void {
    exportSpans(ctx, this.#span, ctx.defer);
  }

  /** What is known so far, as much as there is room for. */
  kept(): KeptTrace {
    const { records } = this.#span;
    const spans: KeptSpan[] = [];
    let room = mostKept;
    for (const record of records) {
      const span = this.#keptSpan(record, records);
      room -= JSON.stringify(span).length;
      if (room < 0) break;
      spans.push(span);
    }
    return {
      traceId: this.#span.context.traceId,
      turnId: this.#input.turnId,
      startedAt: this.#startedAt,
      spans,
      left: records.length - spans.length,
      isShown: asksOwnModel(this.#input),
    };
  }

  #keptSpan(
    { name, parentId, startedAt, endedAt, error, attributes }: SpanRecord,
    all: readonly SpanRecord[],
  ): KeptSpan {
    const parent = all.findIndex(({ spanId }) => spanId === parentId);
    return {
      name,
      parent: parent === -1 ? null : parent,
      startedMs: startedAt - this.#startedAt,
      durationMs: endedAt === null ? null : endedAt - startedAt,
      error,
      attributes,
    };
  }
}
