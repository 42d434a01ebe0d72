import { load } from "../../platform/limits/overload.ts";
import type { Context } from "../../workspaces/context.ts";
import { type Gathered, gather } from "../answer/gather.ts";
import type { Before } from "../answer/history-queries.ts";
import type { ModelLimits } from "../answer/retry-policy.ts";
import type { StoredCitation } from "../answer/stored-citation.ts";
import type { TurnInput } from "../answer/turn-input.ts";
import { resultOf, type TurnResult } from "../answer/turn-result.ts";
import { type AnswerSink, writeAnswer } from "../answer/write-answer.ts";
import type { Audience } from "../events/audience.ts";
import type { EventLog } from "../events/event-log.ts";
import { citationEvent, startEvent, tagOf, tokenEvent } from "../events/turn-events.ts";
import { dueAfter, flushDelay, flushEvery } from "./flush-policy.ts";
import type { TurnLog } from "./turn-log.ts";

type Pending = { kind: "citation"; citation: StoredCitation } | { kind: "text"; text: string };

/**
 * Runs one turn in the object's memory: collects what the model says, stores it in few writes, and shows it only then. The model
 * is never kept waiting for storage or listeners.
 */
export class TurnRunner implements AnswerSink {
  readonly input: TurnInput;
  readonly #known: Before | null;
  readonly #log: TurnLog;
  readonly #events: EventLog;
  readonly #audience: Audience;
  readonly #abort = new AbortController();
  readonly #called = Promise.withResolvers<void>();
  #pending: Pending[] = [];
  #isStarted = false;
  /** When the next flush may come; null before the first, which comes at once. */
  #flushDueAt: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  hasText = false;
  /** What the question was asked with; null until it is known. */
  before: Pick<Gathered, "history" | "summary"> | null = null;

  /** `known` is what stands before the question, where that has been read already. */
  constructor(input: TurnInput, known: Before | null, log: TurnLog, events: EventLog, audience: Audience) {
    this.input = input;
    this.#known = known;
    this.#log = log;
    this.#events = events;
    this.#audience = audience;
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
  async run(ctx: Context, limits: ModelLimits): Promise<TurnResult> {
    const collect = async () => {
      const gathered = await gather(ctx, this.input, this.#known);
      this.before = gathered;
      return gathered;
    };
    const ending = await writeAnswer(ctx, this.input, this, this.#abort.signal, limits, collect).finally(() =>
      this.#called.resolve(),
    );
    // What the caller stores of the result is in the same commit as the last words.
    this.#flush();
    const record = this.#log.turn(this.input.turnId);
    const said = record ? this.#log.said(record) : { content: "", citations: [] };
    return resultOf(ending, said, this.input.continued, ctx.clock.now());
  }

  started(model: string, promptTokens: number): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#called.resolve();
    this.#log.setModel(this.input.turnId, model, promptTokens);
    const { turnId, messageId, question, continued } = this.input;
    const offset = continued?.content.length ?? 0;
    const start = startEvent({ turnId, messageId, questionId: question.id, model, offset });
    void this.#audience.show([this.#events.append(turnId, start)]);
  }

  citation(citation: StoredCitation): void {
    this.#pending.push({ kind: "citation", citation });
  }

  text(text: string): void {
    this.hasText = true;
    const last = this.#pending.at(-1);
    if (last?.kind === "text") last.text += text;
    else this.#pending.push({ kind: "text", text });
    if (this.#timer !== undefined) return;
    const delay = flushDelay(this.#flushDueAt, Date.now());
    if (delay === 0) this.#flush();
    else this.#timer = setTimeout(() => this.#flushOnTime(), delay);
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
    const rows = this.#pending.map((piece) =>
      this.#events.append(
        this.input.turnId,
        piece.kind === "citation" ? citationEvent(piece.citation, tag) : tokenEvent(piece.text, tag),
      ),
    );
    this.#pending = [];
    void this.#audience.show(rows);
  }
}
