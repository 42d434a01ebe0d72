import { confirmedCard } from "../../knowledge/clone-card.ts";
import { askerOf } from "../../knowledge/viewer.ts";
import { problemOfFault } from "../../models/failures.ts";
import type { CalledModel } from "../../models/ports/called-model.ts";
import type { Place } from "../../platform/limits/line.ts";
import { load } from "../../platform/limits/overload.ts";
import type { Context } from "../../workspaces/context.ts";
import { type Before, gather, searchedBy } from "../answer/gather.ts";
import { type Collected, collected } from "../answer/model-line.ts";
import type { ModelLimits } from "../answer/retry-policy.ts";
import type { StoredCitation } from "../answer/stored-citation.ts";
import type { TurnInput } from "../answer/turn-input.ts";
import { resultOf, type TurnResult } from "../answer/turn-result.ts";
import { TurnTrace } from "../answer/turn-trace.ts";
import { type AnswerSink, type Fallback, type Instead, writeAnswer } from "../answer/write-answer.ts";
import type { Audience } from "../events/audience.ts";
import type { EventLog } from "../events/event-log.ts";
import {
  citationEvent,
  fallbackEvent,
  queueEvent,
  reasoningEvent,
  startEvent,
  tagOf,
  tokenEvent,
} from "../events/turn-events.ts";
import { dueAfter, flushDelay, flushEvery, restBefore } from "./flush-policy.ts";
import type { TurnLog } from "./turn-log.ts";

type Pending = { kind: "citation"; citation: StoredCitation } | { kind: "text" | "thought"; text: string };

/** Of what a model thinks aloud, so many characters are kept and shown. */
const mostThoughts = 64_000;

/** The names of the documents that an asker may be answered from, where they are known; null where they have to be read. */
export type Names = Map<string, string> | null;

function eventOf(piece: Pending, tag: ReturnType<typeof tagOf>) {
  if (piece.kind === "citation") return citationEvent(piece.citation, tag);
  return piece.kind === "text" ? tokenEvent(piece.text, tag) : reasoningEvent(piece.text, tag);
}

/** Where a turn writes. */
interface Places {
  log: TurnLog;
  events: EventLog;
  audience: Audience;
}

/**
 * Runs one turn in the object's memory: collects what the model says, stores it in few writes, and shows it only then. The model
 * is never kept waiting for storage or listeners.
 */
export class TurnRunner implements AnswerSink {
  readonly input: TurnInput;
  /** What stands before the question. */
  readonly before: Before;
  readonly trace: TurnTrace;
  readonly #names: Names;
  readonly #log: TurnLog;
  readonly #events: EventLog;
  readonly #audience: Audience;
  readonly #abort = new AbortController();
  readonly #called = Promise.withResolvers<void>();
  #ahead: Collected | null = null;
  #pending: Pending[] = [];
  #isStarted = false;
  /** Ends its wait for a machine that others are at. */
  #leave = new AbortController();
  #instead: Instead | null = null;
  readonly #fallbacks: Fallback[] = [];
  /** Characters of thoughts that were kept. */
  #thoughts = 0;
  /** When the next flush may come; null before the first, which comes at once. */
  #flushDueAt: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  hasText = false;

  constructor(input: TurnInput, before: Before, names: Names, { log, events, audience }: Places) {
    this.input = input;
    this.before = before;
    this.trace = new TurnTrace(input);
    this.#names = names;
    this.#log = log;
    this.#events = events;
    this.#audience = audience;
  }

  /** Begins to search before it is known whether the turn will run: what leaves then need not wait for what is stored of it. */
  searchAhead(ctx: Context): void {
    this.#ahead = this.#gather(this.trace.within(ctx));
  }

  #gather(ctx: Context): Collected {
    return collected(ctx, this.input, gather(ctx, this.input, this.before, this.#namesIn(ctx)));
  }

  async #namesIn(ctx: Context): Promise<Map<string, string>> {
    const of = searchedBy(this.input);
    if (this.#names || !of) return this.#names ?? new Map();
    return (await confirmedCard(ctx, of.cloneId, askerOf(of))).names;
  }

  /** What was searched ahead, once; what is gathered after a failure is gathered anew. */
  #collect(ctx: Context): Collected {
    const ahead = this.#ahead;
    this.#ahead = null;
    return ahead ?? this.#gather(ctx);
  }

  /** Resolves when the model is called, or will not be: until then nothing may stand in the way of its first token. */
  get called(): Promise<void> {
    return this.#called.promise;
  }

  /** Ends the model's answer where it is. */
  stop(): void {
    this.#abort.abort(new DOMException("The answer was stopped.", "AbortError"));
  }

  /** Writes the answer to its end; resolves when all that was said is in the log; the audience shows it once it is on disk. */
  async run(outer: Context, limits: ModelLimits): Promise<TurnResult> {
    const ctx = this.trace.within(outer);
    const collect = () => this.#collect(ctx);
    const ending = await writeAnswer(ctx, this.input, this, this.#abort.signal, limits, collect).finally(() =>
      this.#called.resolve(),
    );
    // What the caller stores of the result is in the same commit as the last words.
    this.#flush();
    const record = this.#log.turn(this.input.turnId);
    const said = record ? this.#log.said(record) : { content: "", citations: [] };
    return resultOf(ending, said, this.input.continued, ctx.clock.now());
  }

  started(called: CalledModel, promptTokens: number): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#called.resolve();
    this.#log.setModel(this.input.turnId, called, promptTokens);
    const { turnId, messageId, question, continued } = this.input;
    const offset = continued?.content.length ?? 0;
    const start = startEvent({ turnId, messageId, questionId: question.id, model: called.id, offset });
    const told = this.#fallbacks.map((fallback) => fallbackEvent(fallback, tagOf(this.input)));
    void this.#audience.show([start, ...told].map((event) => this.#events.append(turnId, event)));
  }

  fellBack(fallback: Fallback): void {
    // Before its start it is told right behind it.
    if (!this.#isStarted) {
      this.#fallbacks.push(fallback);
      return;
    }
    const { turnId } = this.input;
    this.#log.setModel(turnId, fallback.to, fallback.promptTokens);
    void this.#audience.show([this.#events.append(turnId, fallbackEvent(fallback, tagOf(this.input)))]);
  }

  waits(place: Place, instead: Instead | null): void {
    this.#instead = instead;
    const event = queueEvent(place, tagOf(this.input), instead);
    void this.#audience.show([this.#events.append(this.input.turnId, event)]);
  }

  leaving(): AbortSignal {
    this.#leave = new AbortController();
    return this.#leave.signal;
  }

  /** Has the next model asked where this turn waits in line for one: false where it does not, or nothing is next. */
  fallBack(): boolean {
    if (this.#isStarted || !this.#instead) return false;
    this.#instead = null;
    this.#leave.abort(problemOfFault("queue", "Another model was asked, as this one had to be waited for."));
    return true;
  }

  citation(citation: StoredCitation): void {
    this.#pending.push({ kind: "citation", citation });
  }

  text(text: string): void {
    this.hasText = true;
    this.#add("text", text);
  }

  thought(text: string): void {
    const kept = text.slice(0, mostThoughts - this.#thoughts);
    this.#thoughts += kept.length;
    if (kept !== "") this.#add("thought", kept);
  }

  #add(kind: "text" | "thought", text: string): void {
    const last = this.#pending.at(-1);
    if (last?.kind === kind) last.text += text;
    else this.#pending.push({ kind, text });
    if (this.#timer !== undefined) return;
    const delay = flushDelay(this.#flushDueAt, Date.now());
    if (delay === 0) this.#flush();
    else this.#timer = setTimeout(() => this.#flushOnTime(), delay);
  }

  /** Where many answers are written, what comes before the next flush is read right before it, all at once: waking up for each token costs most of it. */
  restMs(): number {
    return this.#timer === undefined ? 0 : restBefore(this.#flushDueAt, Date.now(), load.writing);
  }

  #flushOnTime(): void {
    const now = Date.now();
    load.note(now - (this.#flushDueAt ?? now), now);
    this.#flush();
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pending.length === 0) return;
    const now = Date.now();
    this.#flushDueAt = dueAfter(this.#flushDueAt, now, flushEvery(load.writing, load.lateMs(now)));
    const tag = tagOf(this.input);
    const rows = this.#pending.map((piece) => this.#events.append(this.input.turnId, eventOf(piece, tag)));
    this.#pending = [];
    void this.#audience.show(rows);
  }
}
