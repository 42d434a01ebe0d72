import { load } from "../../platform/limits/overload.ts";
import { createRuntime } from "../../platform/runtime.ts";
import { type Context, jobContext } from "../../workspaces/context.ts";
import { stillStands } from "../../workspaces/standing.ts";
import type { Before } from "../answer/history-queries.ts";
import { modelLimits } from "../answer/retry-policy.ts";
import type { TurnInput } from "../answer/turn-input.ts";
import { leads } from "../answer/turn-input.ts";
import type { TurnResult } from "../answer/turn-result.ts";
import { Audience } from "../events/audience.ts";
import { EventLog } from "../events/event-log.ts";
import { Listeners } from "../events/listeners.ts";
import { Sockets } from "../events/sockets.ts";
import { Afterwards } from "./afterwards.ts";
import { Alarm } from "./alarm.ts";
import { settleTurn } from "./settle-turn.ts";
import { TurnLog, type TurnRecord, type TurnStanding } from "./turn-log.ts";
import { placeOf, recordStart } from "./turn-queries.ts";
import { brokenResult, endOf, interruptedResult, withdrawnResult } from "./turn-results.ts";
import { TurnRunner } from "./turn-runner.ts";
import { isOver, nextState, recoveryOf, type TurnEvent, wakeAt } from "./turn-state.ts";

/** How many questions may wait behind a running answer. */
const mayWait = 10;
/** How often a running answer makes sure that those who follow it still may, in ms: with what is remembered of them, below 5 s. */
const watchEvery = 1_500;
/** How long a conversation that is about to go takes no question, in ms. */
const closedFor = 30_000;

/**
 * Runs a conversation's turns over its object's storage. What happens when is decided in turn-state.ts, flush-policy.ts and
 * answer/retry-policy.ts; here are the effects, in an order in which each may be lost and repeated.
 */
export class TurnHost {
  readonly log: TurnLog;
  readonly audience: Audience;
  readonly #state: DurableObjectState;
  readonly #env: Env;
  readonly #events: EventLog;
  readonly #runners = new Map<string, TurnRunner>();
  readonly #settling = new Set<string>();
  /** Turns whose stream has not ended. */
  readonly #live: Set<string>;
  #isStartingNext = false;
  /** Until when nothing starts here, in ms: the conversation is about to go. */
  #closedUntil = 0;
  readonly #alarm: Alarm;
  readonly #afterwards = new Afterwards();

  constructor(state: DurableObjectState, env: Env) {
    this.#state = state;
    this.#env = env;
    this.#alarm = new Alarm(state.storage);
    const events = new EventLog(state.storage);
    this.#events = events;
    this.log = new TurnLog(state.storage, events);
    this.#live = new Set(this.log.unfinished().map(({ input }) => input.turnId));
    const listeners = new Listeners(events, (turnId) => !this.#live.has(turnId));
    const sockets = new Sockets(state, events, (holder) => stillStands(createRuntime(env), holder));
    this.audience = new Audience(events, listeners, sockets);
  }

  /**
   * Starts turns that belong together, or lets them wait where `mayQueue` and others are at work. Says `busy` where they can
   * do neither, and `overloaded` where this isolate cannot keep up with what it writes already.
   */
  async start(
    inputs: TurnInput[],
    mayQueue: boolean,
    before: Before | null,
  ): Promise<"started" | "queued" | "busy" | "overloaded"> {
    if (load.isLate(Date.now())) return "overloaded";
    if (Date.now() < this.#closedUntil) return "busy";
    const unfinished = this.log.unfinished();
    const waiting = unfinished.filter(({ state }) => state === "queued").length;
    if (unfinished.length > 0 && !(mayQueue && waiting < mayWait)) return "busy";
    const waits = unfinished.length > 0 || inputs.some((input) => this.#mayHaveMoved(input));
    for (const input of inputs) {
      // Its reads leave before the write, which keeps whatever leaves after it waiting until it is on disk.
      if (!waits) this.#begin(input, before);
      this.log.insertTurn(input, waits ? "queued" : nextState("queued", { kind: "started" }));
      this.#live.add(input.turnId);
    }
    const armed = this.#arm();
    if (waits) this.#state.waitUntil(this.#startNext());
    await armed;
    return waits ? "queued" : "started";
  }

  /** Whether the head that the request read may be older than the last turn here. */
  #mayHaveMoved({ followsHead, question }: TurnInput): boolean {
    const last = followsHead ? this.log.lastTurn() : undefined;
    return last !== undefined && last.input.messageId !== question.parentId;
  }

  /** Ends what is being written; what was said stays. False where nothing was. */
  stop(): boolean {
    for (const runner of this.#runners.values()) runner.stop();
    return this.#runners.size > 0;
  }

  /** Takes back a turn that waits; false where it does not (any more). */
  async withdraw(turnId: string): Promise<boolean> {
    const record = this.log.turn(turnId);
    if (record?.state !== "queued") return false;
    const result = withdrawnResult(record);
    this.log.setResult(turnId, nextState("queued", { kind: "withdrawn" }), result);
    await this.#tellEnd(record.input, result);
    await this.#arm();
    return true;
  }

  /** Finds what a process that is gone left behind, settles what is not settled, forgets what is old. */
  recover(): void {
    const now = Date.now();
    for (const standing of this.log.standings()) {
      const { turnId } = standing;
      switch (recoveryOf(this.#facts(standing), now)) {
        case "start":
          this.#state.waitUntil(this.#startNext());
          break;
        case "orphan": {
          const record = this.log.expect(turnId);
          this.#end(record, { kind: "orphaned" }, interruptedResult(record, this.log));
          this.#state.waitUntil(this.#settle(turnId));
          break;
        }
        case "settle":
          this.#state.waitUntil(this.#settle(turnId));
          break;
        case "purge":
          this.log.purge(turnId);
          break;
        case "renew":
        case "keep":
          break;
      }
    }
  }

  /** What the alarm does, which is what every beginning of the object does. */
  async wake(): Promise<void> {
    this.#alarm.came();
    this.recover();
    await this.#arm();
  }

  #context(): Context {
    const runtime = createRuntime(this.#env, { object: "conversation" });
    const defer = (work: Promise<unknown>) =>
      this.#state.waitUntil(work.catch((error) => runtime.log.error("deferred_work_failed", error)));
    return jobContext(runtime, "turn", { requestId: this.#state.id.toString(), defer });
  }

  #begin(input: TurnInput, before: Before | null = null): void {
    this.#afterwards.makeWay();
    const runner = new TurnRunner(input, before, this.log, this.#events, this.audience);
    this.#runners.set(input.turnId, runner);
    this.#state.waitUntil(this.#run(runner));
  }

  /** Starts the turn that has waited longest, unless another is at work. It waits on until its place in the tree is known. */
  async #startNext(): Promise<void> {
    const [next] = this.log.unfinished();
    if (next?.state !== "queued" || this.#isStartingNext) return;
    this.#isStartingNext = true;
    const { input } = next;
    const ctx = this.#context();
    let goesOn = false;
    try {
      const place = await placeOf(ctx.db, input);
      if (!place) {
        goesOn = await this.withdraw(input.turnId);
      } else if (this.log.turn(input.turnId)?.state === "queued") {
        const started = { ...input, question: { ...input.question, ...place }, createdAt: ctx.clock.now() };
        this.log.setStarted(started, nextState("queued", { kind: "started" }));
        this.#begin(started);
      } else {
        goesOn = true;
      }
    } catch (error) {
      this.log.countAttempt(input.turnId);
      ctx.log.error("turn_not_started", error, { turn_id: input.turnId });
    } finally {
      this.#isStartingNext = false;
      await this.#arm();
    }
    if (goesOn) await this.#startNext();
  }

  async #run(runner: TurnRunner): Promise<void> {
    const { input } = runner;
    const ctx = this.#context();
    // The messages appear in D1 while the model thinks; where that fails, settling writes them all the same.
    const recorded = runner.called
      .then(() => recordStart(ctx, input))
      .then(() => true)
      .catch((error) => {
        ctx.log.error("turn_start_not_recorded", error, { turn_id: input.turnId });
        return false;
      });
    const watch = setInterval(() => ctx.defer(this.#watch(ctx, runner)), watchEvery);
    const result = await runner.run(ctx, modelLimits).catch((error): TurnResult => {
      ctx.log.error("turn_broke", error, { turn_id: input.turnId });
      return brokenResult(this.log.expect(input.turnId), this.log);
    });
    clearInterval(watch);
    this.#end(this.log.expect(input.turnId), { kind: "ended", outcome: result.outcome }, result);
    const isStarted = await recorded;
    this.#runners.delete(input.turnId);
    await this.#settle(input.turnId, isStarted);
    if (result.outcome === "done" && leads(input))
      this.#afterwards.begin(ctx, runner, result, { writing: this.#runners.size > 0 });
  }

  /** Stops an answer whose asker is not let in any more, and closes the sockets of all who are not. */
  async #watch(ctx: Context, runner: TurnRunner): Promise<void> {
    const { holder } = runner.input;
    if (holder && !(await stillStands(ctx, holder))) runner.stop();
    await this.audience.sockets.dismiss();
  }

  /** Decides how a turn ended; whoever comes second changes nothing. */
  #end({ state, input }: TurnRecord, event: TurnEvent, result: TurnResult): void {
    const next = nextState(state, event);
    if (next !== state) this.log.setResult(input.turnId, next, result);
  }

  #facts({ turnId, state, endedAt, attempts }: TurnStanding) {
    return { state, hasRunner: this.#runners.has(turnId) || this.#settling.has(turnId), endedAt, attempts };
  }

  /** D1 first, then the terminal event: who sees `done` can read it anywhere. Where D1 fails, the alarm tries again. */
  async #settle(turnId: string, isStarted = false): Promise<void> {
    const record = this.log.turn(turnId);
    if (record?.state !== "settling" || !record.result || this.#settling.has(turnId)) return;
    this.#settling.add(turnId);
    try {
      await settleTurn(this.#context(), record.input, record.result, isStarted);
      this.log.setState(turnId, nextState("settling", { kind: "settled", outcome: record.result.outcome }));
      await this.#tellEnd(record.input, record.result);
    } catch (error) {
      this.log.countAttempt(turnId);
      createRuntime(this.#env).log.error("turn_not_settled", error, { turn_id: turnId });
    } finally {
      this.#settling.delete(turnId);
      await this.#arm();
    }
    await this.#startNext();
  }

  /** Appends the terminal event, unless it stands already, and ends the streams. Called in one step with the terminal state. */
  async #tellEnd(input: TurnInput, result: TurnResult): Promise<void> {
    const row = this.#events.appendTerminal(input.turnId, endOf(input, result));
    await this.audience.show(row ? [row] : [], () => this.#live.delete(input.turnId));
  }

  /** Sets the alarm for the first turn that needs looking at. */
  async #arm(): Promise<void> {
    const now = Date.now();
    const times = this.log.standings().map((standing) => wakeAt(this.#facts(standing), now));
    if (times.length > 0) await this.#alarm.setBy(Math.min(...times));
  }

  /**
   * Forgets the conversation unless an answer is being written or waited for; false where one is. Nothing starts for a while, in which
   * its rows go too, or it is let be.
   */
  async retire(): Promise<boolean> {
    if (this.log.unfinished().length > 0) return false;
    this.#closedUntil = Date.now() + closedFor;
    await this.erase();
    return true;
  }

  /** Forgets the conversation: what runs ends, what waits is taken back, the log goes. */
  async erase(): Promise<void> {
    for (const { input, state } of this.log.unfinished().reverse())
      if (state === "queued") await this.withdraw(input.turnId);
    this.stop();
    this.audience.sockets.closeAll();
    for (const { turnId, state } of this.log.standings()) if (isOver(state)) this.log.purge(turnId);
  }
}
