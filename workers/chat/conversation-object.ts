import { DurableObject } from "cloudflare:workers";
import { connect } from "../db/client.ts";
import { estimateTokens } from "../models/tokens.ts";
import { createRuntime } from "../platform/runtime.ts";
import type { Context } from "../workspaces/context.ts";
import { Listeners } from "./listeners.ts";
import { recordStart } from "./queries.ts";
import { modelLimits } from "./retry-policy.ts";
import { settleTurn, terminalEvent } from "./settle-turn.ts";
import { suggestTitle } from "./suggest-title.ts";
import { isOver, nextState, recoveryOf, type TurnState, wakeAt } from "./turn.ts";
import { type StoredCitation, type TurnInput, TurnLog, type TurnRecord, type TurnResult } from "./turn-log.ts";
import { TurnRunner } from "./turn-runner.ts";

/** A turn and its events from the beginning. */
export interface Attached {
  turnId: string;
  messageId: string;
  stream: ReadableStream<Uint8Array>;
}

export type StartOutcome =
  | ({ status: "started" | "existing" } & Attached)
  /** Another turn is running, or the id was used for other words. */
  | { status: "busy" | "conflict" };

/** What a message says at this moment, for those who read the conversation while a turn runs. */
export interface Snapshot {
  state: TurnState;
  content: string;
  citations: StoredCitation[];
  model: string | null;
}

/**
 * One conversation's turns. The object only hosts them: what happens when is decided in turn.ts, flush-policy.ts and
 * retry-policy.ts; here are its storage, its alarm and its listeners.
 */
export class ConversationObject extends DurableObject<Env> {
  readonly #log: TurnLog;
  readonly #listeners: Listeners;
  readonly #runners = new Map<string, TurnRunner>();
  readonly #settling = new Set<string>();
  /** Turns whose stream has not ended. */
  readonly #live: Set<string>;

  constructor(state: DurableObjectState, env: Env) {
    super(state, env);
    this.#log = new TurnLog(state.storage);
    this.#live = new Set(
      this.#log
        .turns()
        .filter(({ state }) => !isOver(state))
        .map(({ input }) => input.turnId),
    );
    this.#listeners = new Listeners(this.#log, (turnId) => !this.#live.has(turnId));
    // What a process that is gone left running is found at the first touch, not only by the alarm.
    this.#recover();
  }

  /** Starts the turn, or finds the one that the same question started; the stream has its events from the beginning. */
  async startTurn(input: TurnInput): Promise<StartOutcome> {
    const known = input.question.isNew ? this.#log.turnOfQuestion(input.question.id) : undefined;
    if (known) {
      if (known.input.question.content !== input.question.content) return { status: "conflict" };
      return { status: "existing", ...this.#attach(known.input) };
    }
    const running = this.#log.turns().filter(({ state }) => !isOver(state));
    const besides = running.some((turn) => !input.compareGroup || turn.input.compareGroup !== input.compareGroup);
    if (besides) return { status: "busy" };
    this.#log.insertTurn(input, nextState("queued", { kind: "started" }));
    this.#live.add(input.turnId);
    await this.#arm();
    const runner = new TurnRunner(input, this.#log, this.#listeners);
    this.#runners.set(input.turnId, runner);
    this.ctx.waitUntil(this.#run(runner));
    return { status: "started", ...this.#attach(input) };
  }

  /** The turn that a question started, or null where its events are gone. */
  async attachToQuestion(questionId: string): Promise<Attached | null> {
    const known = this.#log.turnOfQuestion(questionId);
    return known ? this.#attach(known.input) : null;
  }

  #attach({ turnId, messageId }: TurnInput): Attached {
    return { turnId, messageId, stream: this.#listeners.attach(turnId, 0) };
  }

  /** The events of a turn (of the last one where none is named) behind `after`, then live; null where nothing is kept. */
  async listen(turnId: string | null, after: number): Promise<ReadableStream<Uint8Array> | null> {
    const record = turnId ? this.#log.turn(turnId) : this.#log.lastTurn();
    return record ? this.#listeners.attach(record.input.turnId, after) : null;
  }

  /** Ends what is being written; what was said stays. False where nothing was. */
  async stop(): Promise<boolean> {
    for (const runner of this.#runners.values()) runner.stop();
    return this.#runners.size > 0;
  }

  /** What the given messages say at this moment, as far as their turns are kept. */
  async snapshots(messageIds: string[]): Promise<Record<string, Snapshot>> {
    const found: Record<string, Snapshot> = {};
    for (const id of messageIds) {
      const record = this.#log.turnOfMessage(id);
      if (!record) continue;
      const state = record.result?.outcome ?? record.state;
      found[id] = { state, model: record.model, ...(record.result ?? this.#log.said(record)) };
    }
    return found;
  }

  /** Forgets the conversation: its turns end, its log goes. */
  async erase(): Promise<void> {
    await this.stop();
    for (const { input, state } of this.#log.turns()) if (isOver(state)) this.#log.purge(input.turnId);
  }

  override async alarm(): Promise<void> {
    this.#recover();
    await this.#arm();
  }

  #context(): Context {
    const runtime = createRuntime(this.env, { object: "conversation" });
    const defer = (work: Promise<unknown>) =>
      this.ctx.waitUntil(work.catch((error) => runtime.log.error("deferred_work_failed", error)));
    return {
      ...runtime,
      db: connect(this.env.DB),
      actor: { kind: "job", job: "turn" },
      requestId: this.ctx.id.toString(),
      defer,
    };
  }

  async #run(runner: TurnRunner): Promise<void> {
    const { input } = runner;
    const ctx = this.#context();
    // The messages appear in D1 beside everything else; where that fails, settling writes them all the same.
    const recorded = recordStart(ctx.db, input).catch((error) =>
      ctx.log.error("turn_start_not_recorded", error, { turn_id: input.turnId }),
    );
    const result = await runner.run(ctx, modelLimits).catch((error): TurnResult => {
      ctx.log.error("turn_broke", error, { turn_id: input.turnId });
      return this.#resultOf(input.turnId, "failed", {
        code: "INTERNAL",
        message: "Something went wrong while the answer was written.",
      });
    });
    this.#log.setResult(input.turnId, nextState("running", { kind: "ended", outcome: result.outcome }), result);
    await recorded;
    this.#runners.delete(input.turnId);
    await this.#settle(input.turnId);
    if (result.outcome === "done") ctx.defer(suggestTitle(ctx, input, result));
  }

  /** A result made of what was stored, for turns that nobody can finish. */
  #resultOf(turnId: string, outcome: "interrupted" | "failed", error: NonNullable<TurnResult["error"]>): TurnResult {
    const record = this.#log.turn(turnId);
    if (!record) throw new Error(`There is no turn ${turnId}.`);
    const said = this.#log.said(record);
    const own = said.content.slice(record.input.continued?.content.length ?? 0);
    return {
      ...said,
      outcome,
      error,
      model: record.model ?? record.input.modelId ?? "unknown",
      finishReason: null,
      promptTokens: record.promptTokens,
      completionTokens: estimateTokens(own),
      endedAt: Date.now(),
    };
  }

  #recover(): void {
    const now = Date.now();
    for (const record of this.#log.turns()) {
      const { turnId } = record.input;
      switch (recoveryOf(this.#facts(record), now)) {
        case "orphan": {
          const error = {
            code: "INTERRUPTED" as const,
            message: "The answer was cut off. What was said is kept; you can continue it.",
          };
          const result = this.#resultOf(turnId, "interrupted", error);
          this.#log.setResult(turnId, nextState(record.state, { kind: "orphaned" }), result);
          this.ctx.waitUntil(this.#settle(turnId));
          break;
        }
        case "settle":
          this.ctx.waitUntil(this.#settle(turnId));
          break;
        case "purge":
          this.#log.purge(turnId);
          break;
        case "renew":
        case "keep":
          break;
      }
    }
  }

  #facts({ state, input, result, settleAttempts }: TurnRecord) {
    const hasRunner = this.#runners.has(input.turnId) || this.#settling.has(input.turnId);
    return { state, hasRunner, endedAt: result?.endedAt ?? null, settleAttempts };
  }

  /** D1 first, then the terminal event: who sees `done` can read it anywhere. Where D1 fails, the alarm tries again. */
  async #settle(turnId: string): Promise<void> {
    const record = this.#log.turn(turnId);
    if (record?.state !== "settling" || !record.result || this.#settling.has(turnId)) return;
    this.#settling.add(turnId);
    try {
      await settleTurn(this.#context(), record.input, record.result);
      const { event, data } = terminalEvent(record.input, record.result);
      const row = this.#log.appendTerminal(turnId, event, data);
      this.#log.setState(turnId, nextState("settling", { kind: "settled", outcome: record.result.outcome }));
      await this.#log.durable();
      this.#live.delete(turnId);
      this.#listeners.emit(row ? [row] : []);
    } catch (error) {
      this.#log.countSettleAttempt(turnId);
      createRuntime(this.env).log.error("turn_not_settled", error, { turn_id: turnId });
    } finally {
      this.#settling.delete(turnId);
      await this.#arm();
    }
  }

  /** Sets the alarm for the first turn that needs looking at. */
  async #arm(): Promise<void> {
    const now = Date.now();
    const times = this.#log.turns().map((record) => wakeAt(this.#facts(record), now));
    if (times.length > 0) await this.ctx.storage.setAlarm(Math.min(...times));
  }
}
