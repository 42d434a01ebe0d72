import { load } from "../../platform/limits/overload.ts";
import { estimateTokens } from "../../text/tokens.ts";
import type { Context } from "../../workspaces/context.ts";
import { type Gathered, gather } from "../answer/gather.ts";
import type { Audience } from "../conversations/audience.ts";
import type { Before } from "./before-queries.ts";
import { dueAfter, flushDelay, flushEvery } from "./flush-policy.ts";
import type { ModelLimits } from "./retry-policy.ts";
import { citationEvent, tagOf } from "./turn-events.ts";
import type { StoredCitation, TurnInput, TurnLog, TurnResult } from "./turn-log.ts";
import { type AnswerSink, type Ending, writeAnswer } from "./write-answer.ts";

type Pending = { event: "citation"; data: ReturnType<typeof citationEvent> } | { event: "token"; text: string };

/**
 * Runs one turn in the object's memory: collects what the model says, stores it in few writes, and shows it only then. The model
 * is never kept waiting for storage or listeners.
 */
export class TurnRunner implements AnswerSink {
  readonly input: TurnInput;
  readonly #known: Before | null;
  readonly #log: TurnLog;
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
  constructor(input: TurnInput, known: Before | null, log: TurnLog, audience: Audience) {
    this.input = input;
    this.#known = known;
    this.#log = log;
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
    load.writing++;
    const collect = async () => {
      const gathered = await gather(ctx, this.input, this.#known);
      this.before = gathered;
      return gathered;
    };
    const ending: Ending = await writeAnswer(ctx, this.input, this, this.#abort.signal, limits, collect).finally(() => {
      load.writing--;
      this.#called.resolve();
    });
    // What the caller stores of the result is in the same commit as the last words.
    this.#flush();
    const record = this.#log.turn(this.input.turnId);
    const said = record ? this.#log.said(record) : { content: "", citations: [] };
    const completionTokens =
      ending.completionTokens || estimateTokens(said.content.slice(this.input.continued?.content.length ?? 0));
    return { ...ending, ...said, completionTokens, endedAt: ctx.clock.now() };
  }

  started(model: string, promptTokens: number): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#called.resolve();
    this.#log.setModel(this.input.turnId, model, promptTokens);
    const data = {
      turn_id: this.input.turnId,
      message_id: this.input.messageId,
      user_message_id: this.input.question.id,
      model,
      offset: this.input.continued?.content.length ?? 0,
    };
    void this.#audience.show([this.#log.append(this.input.turnId, "start", data)]);
  }

  citation(citation: StoredCitation): void {
    this.#pending.push({ event: "citation", data: citationEvent(citation) });
  }

  text(text: string): void {
    this.hasText = true;
    const last = this.#pending.at(-1);
    if (last?.event === "token") last.text += text;
    else this.#pending.push({ event: "token", text });
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
      piece.event === "citation"
        ? this.#log.append(this.input.turnId, "citation", { ...piece.data, ...tag })
        : this.#log.append(this.input.turnId, "token", { content: piece.text, finish_reason: null, ...tag }),
    );
    this.#pending = [];
    void this.#audience.show(rows);
  }
}
