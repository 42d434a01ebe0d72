import { Alarm } from "../../platform/alarm.ts";
import { load } from "../../platform/limits/overload.ts";
import { createRuntime } from "../../platform/runtime.ts";
import { type Context, jobContext } from "../../workspaces/context.ts";
import { mayStillRead, type Reader, stillStands } from "../../workspaces/standing.ts";
import { modelLimits } from "../answer/retry-policy.ts";
import { leads, type TurnInput } from "../answer/turn-input.ts";
import type { TurnResult } from "../answer/turn-result.ts";
import { TurnTrace } from "../answer/turn-trace.ts";
import { accountOf } from "../answer/turn-usage.ts";
import { Audience } from "../events/audience.ts";
import { EventLog } from "../events/event-log.ts";
import { Listeners } from "../events/listeners.ts";
import { Sockets } from "../events/sockets.ts";
import { HandOver } from "../projection/hand-over.ts";
import { type Change, Outbox } from "../projection/outbox.ts";
import type { ConversationStore } from "../store/conversation-store.ts";
import { Afterwards } from "./afterwards.ts";
import { askedEvent } from "./asked-event.ts";
import { TurnLog, type TurnRecord, type TurnStanding } from "./turn-log.ts";
import { brokenResult, endOf, interruptedResult, withdrawnResult } from "./turn-results.ts";
import { type Names, TurnRunner } from "./turn-runner.ts";
import { leaseMs, nextState, recoveryOf, retryAfter, wakeAt } from "./turn-state.ts";
import { WaitingTurns } from "./waiting-turns.ts";

/** How often a running answer makes sure that those who follow it still may, in ms: with what is remembered of them, below 5 s. */
const watchEvery = 1_500;

/**
 * Runs a conversation's turns over its object's storage. What happens when is decided in turn-state.ts, flush-policy.ts and
 * answer/retry-policy.ts; here are the effects. Whatever a turn does to the conversation is one commit, with what D1 is to be told of it.
 */
export class TurnHost {
  readonly store: ConversationStore;
  readonly log: TurnLog;
  readonly audience: Audience;
  readonly #state: DurableObjectState;
  readonly #env: Env;
  readonly #events: EventLog;
  readonly #outbox: Outbox;
  readonly #handOver: HandOver;
  readonly #runners = new Map<string, TurnRunner>();
  /** Resolve when the turns that run here have ended. */
  readonly #runs = new Set<Promise<void>>();
  /** Turns whose stream has not ended. */
  readonly #live: Set<string>;
  readonly #waiting: WaitingTurns;
  readonly #alarm: Alarm;
  readonly #afterwards: Afterwards;
  /** The conversation is no more: what the model still says of it has no place. */
  #isGone = false;

  constructor(state: DurableObjectState, env: Env, store: ConversationStore) {
    this.#state = state;
    this.#env = env;
    this.store = store;
    this.#alarm = new Alarm(state.storage);
    this.#events = new EventLog(state.storage);
    this.log = new TurnLog(state.storage, this.#events);
    this.#outbox = new Outbox(state.storage, store);
    this.#handOver = new HandOver(env, this.#outbox);
    this.#live = new Set(this.log.unfinished().map(({ input }) => input.turnId));
    const runtime = createRuntime(env, { object: "conversation" });
    const isEnded = (turnId: string) => !this.#live.has(turnId);
    // Where nobody can say, the stream goes on: it was allowed, and the next time somebody may.
    const mayRead = (reader: Reader) =>
      mayStillRead(runtime, reader).catch((error) => {
        runtime.log.error("standing_not_asked", error);
        return true;
      });
    const listeners = new Listeners(this.#events, isEnded, mayRead);
    const sockets = new Sockets(state, this.#events, (holder) => stillStands(runtime, holder));
    this.audience = new Audience(this.#events, listeners, sockets);
    this.#waiting = new WaitingTurns(this.log, store, {
      start: (inputs) => this.#startWaiting(inputs),
      tell: (turnId, event) => void this.audience.show([this.#events.append(turnId, event)]),
    });
    this.#afterwards = new Afterwards(store, (title) => this.#retitle(title));
  }

  /** A turn's work, which begins at once: nothing is stored of it, nor asked of a model, before `start`. */
  prepare(input: TurnInput, names: Names): TurnRunner {
    const before = { history: this.store.history(input.question.parentId), summary: this.store.summary };
    return new TurnRunner(input, before, names, { log: this.log, events: this.#events, audience: this.audience });
  }

  /** Starts turns that belong together. Resolves when that is stored. */
  async start(runners: readonly TurnRunner[]): Promise<void> {
    for (const runner of runners) {
      this.log.insertTurn(runner.input, nextState("queued", { kind: "started" }));
      this.#begin(runner);
    }
    await this.#arm();
  }

  /** Lets turns wait for those that are at work. Resolves when that is stored. */
  async queue(inputs: readonly TurnInput[]): Promise<void> {
    for (const input of inputs) {
      this.log.insertTurn(input, "queued");
      this.#live.add(input.turnId);
    }
    await this.#arm();
    this.#startNext();
  }

  /** Takes the turn into the conversation, and lets it run. */
  #begin(runner: TurnRunner): void {
    const { input } = runner;
    this.#afterwards.makeWay();
    this.#live.add(input.turnId);
    this.#runners.set(input.turnId, runner);
    this.#outbox.add({ conversation: true, messages: this.store.begin(input), ...askedEvent(input) });
    const run = this.#run(runner);
    this.#runs.add(run);
    this.#state.waitUntil(run.finally(() => this.#runs.delete(run)));
  }

  /** Has the next model asked where an answer waits in line for one: false where none does, or nothing is next. */
  fallBack = (): boolean => [...this.#runners.values()].filter((runner) => runner.fallBack()).length > 0;

  /** Ends what is being written; what was said stays. Where nothing is, it takes back what waits for room. False where nothing does. */
  async stop(): Promise<boolean> {
    for (const runner of this.#runners.values()) runner.stop();
    if (this.#runners.size > 0) return true;
    const waiting = this.#waiting.next();
    for (const { turnId } of waiting) await this.withdraw(turnId);
    return waiting.length > 0;
  }

  /** Takes back a turn that waits; false where it does not (any more). */
  async withdraw(turnId: string): Promise<boolean> {
    const record = this.log.turn(turnId);
    if (record?.state !== "queued") return false;
    const result = withdrawnResult(record);
    this.log.setEnded(turnId, nextState("queued", { kind: "withdrawn" }), result.endedAt);
    await this.#tellEnd(record.input, result);
    await this.#arm();
    return true;
  }

  /** Finds what a process that is gone left behind, and forgets what is old. */
  recover(): void {
    const now = Date.now();
    for (const standing of this.log.standings()) {
      switch (recoveryOf(this.#facts(standing), now)) {
        case "start":
          this.#startNext();
          break;
        case "orphan":
        case "finish": {
          const record = this.log.expect(standing.turnId);
          load.end(standing.turnId);
          this.#state.waitUntil(this.#end(record, record.unsettled ?? interruptedResult(record, this.log)));
          break;
        }
        case "purge":
          this.log.purge(standing.turnId);
          break;
        case "renew":
        case "keep":
          break;
      }
    }
    if (!this.#outbox.isEmpty) this.#state.waitUntil(this.handOver());
  }

  /** Ends what is said to be written and is not: what an older version left in D1 when it died. */
  endStrays(): void {
    const written = new Set(this.log.unfinished().map(({ input }) => input.messageId));
    const strays = this.store.interrupt(({ id }) => !written.has(id));
    if (strays.length > 0) this.#outbox.add({ messages: strays });
  }

  /** What the alarm does, which is what every first touch of the object does. */
  async wake(): Promise<void> {
    this.#alarm.came();
    this.#outbox.tidy();
    this.recover();
    await this.#arm();
  }

  #context(): Context {
    const runtime = createRuntime(this.#env, { object: "conversation" });
    const defer = (work: Promise<unknown>) =>
      this.#state.waitUntil(work.catch((error) => runtime.log.error("deferred_work_failed", error)));
    return jobContext(runtime, "turn", { requestId: this.#state.id.toString(), defer });
  }

  /** Starts turns that have waited. */
  async #startWaiting(inputs: readonly TurnInput[]): Promise<void> {
    for (const input of inputs) {
      this.log.setStarted(input, nextState("queued", { kind: "started" }));
      this.#begin(this.prepare(input, null));
    }
    await this.#arm();
  }

  #startNext(): void {
    this.#state.waitUntil(this.#waiting.startNext());
  }

  async #run(runner: TurnRunner): Promise<void> {
    const { input } = runner;
    const ctx = this.#context();
    // D1 hears of the question while the model thinks.
    ctx.defer(runner.called.then(() => this.handOver()));
    const watch = setInterval(() => ctx.defer(this.#watch(ctx, runner)), watchEvery);
    const result = await runner.run(ctx, modelLimits).catch((error): TurnResult => {
      ctx.log.error("turn_broke", error, { turn_id: input.turnId });
      return brokenResult(this.log.expect(input.turnId), this.log);
    });
    clearInterval(watch);
    this.#runners.delete(input.turnId);
    await this.#end(this.log.expect(input.turnId), result, runner.trace);
    runner.trace.send(ctx);
    if (result.outcome === "done" && leads(input))
      this.#afterwards.begin(ctx, runner, result, { writing: this.#runners.size > 0 });
  }

  /** Stops an answer whose asker is not let in any more, and closes the sockets of all who are not. */
  async #watch(ctx: Context, runner: TurnRunner): Promise<void> {
    const { holder } = runner.input;
    if (holder && !(await stillStands(ctx, holder))) runner.stop();
    await this.audience.sockets.dismiss();
  }

  #facts({ turnId, state, endedAt }: TurnStanding) {
    return { state, hasRunner: this.#runners.has(turnId), endedAt };
  }

  /** Ends a turn, in one commit: its state, its message, its terminal event, and what D1 is to be told. Whoever comes second changes nothing. */
  async #end({ state, input }: TurnRecord, result: TurnResult, trace = new TurnTrace(input)): Promise<void> {
    const { turnId, messageId } = input;
    const next = nextState(state, { kind: "ended", outcome: result.outcome });
    if (next === state) return;
    const begun = this.store.message(messageId) ? null : this.store.begin(input);
    this.store.finish(input, result);
    trace.end(result);
    this.store.keepTrace(messageId, trace.kept());
    this.log.setEnded(turnId, next, result.endedAt);
    // Of a turn that an older version started, D1 may not have heard before this moved in.
    const written = begun ? { messages: begun, ...askedEvent(input) } : { messages: [messageId] };
    this.#outbox.add({ conversation: true, ...written, ...accountOf(input, result) });
    const told = this.#tellEnd(input, result);
    this.#state.waitUntil(this.handOver());
    await told;
    await this.#arm();
    this.#startNext();
  }

  /** Appends the terminal event, unless it stands already, and ends the streams. Called in one step with the terminal state. */
  async #tellEnd(input: TurnInput, result: TurnResult): Promise<void> {
    const row = this.#events.appendTerminal(input.turnId, endOf(input, result));
    await this.audience.show(row ? [row] : [], () => this.#live.delete(input.turnId));
  }

  /** Changes the conversation. Resolves when D1 has that too, or could not be reached: then it follows. */
  async change(change: Change): Promise<void> {
    this.#outbox.add(change);
    await this.#arm();
    await this.handOver();
  }

  async #retitle(title: string): Promise<void> {
    if (this.#isGone || this.store.conversation.titleSource !== "auto") return;
    this.store.change({ title });
    await this.change({ conversation: true });
  }

  /** Hands over to D1 what it does not have: true where it has all then. Where it cannot be reached, the alarm tries again. */
  async handOver(): Promise<boolean> {
    const isDone = await this.#handOver.run();
    if (!isDone) await this.#arm();
    return isDone;
  }

  /** Sets the alarm for what has to be looked at first. */
  async #arm(): Promise<void> {
    const now = Date.now();
    const times = this.log.standings().map((standing) => wakeAt(this.#facts(standing), now));
    const { failures } = this.#handOver;
    if (!this.#outbox.isEmpty) times.push(now + (failures > 0 ? retryAfter(failures) : leaseMs));
    if (times.length > 0) await this.#alarm.setBy(Math.min(...times));
  }

  /** Ends all that runs or waits here, and hands over what is left to tell of it. False where D1 could not be reached. */
  async end(): Promise<boolean> {
    for (const { input, state } of this.log.unfinished().reverse())
      if (state === "queued") await this.withdraw(input.turnId);
    await this.stop();
    await Promise.all(this.#runs);
    this.#afterwards.makeWay();
    this.audience.sockets.closeAll();
    this.#isGone = await this.handOver();
    return this.#isGone;
  }
}
