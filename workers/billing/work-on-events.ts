import type { Statement } from "../db/batch.ts";
import { type Delivery, takeEach } from "../platform/rooms/queue.ts";
import type { Runtime } from "../platform/runtime.ts";
import { effectsOf, type Known, type WalletEffect } from "./effects.ts";
import { claimEvent, type EventRow, finishEvent, listDueEvents, postponeEvent } from "./inbox-queries.ts";
import type { EventMessage } from "./messages.ts";
import { findCall } from "./outbox-queries.ts";
import { processorOf } from "./processor-of.ts";
import type { Processor, State, Subject } from "./processors/processor.ts";
import { changeOf } from "./purchase-changes.ts";
import { findCheckout } from "./queries.ts";

/** How long one may be worked on before somebody else does, in ms. */
const leaseMs = 2 * 60_000;
/** After so many attempts somebody has to look. */
const mostAttempts = 12;
const dueAtOnce = 50;

const pauseAfter = (attempts: number) => Math.min(6 * 3_600_000, 30_000 * 2 ** (attempts - 1));

/** What is true of a subject, and of what it came to. */
async function readAll(processor: Processor, subject: Subject): Promise<State[]> {
  const state = await processor.read(subject);
  const next = state.kind === "session" ? state.next : null;
  return next ? [state, await processor.read(next)] : [state];
}

/** What we know of what a state is about. What is not ours, as of another product by the same account, is nothing of it. */
async function knownOf({ db }: Runtime, state: State): Promise<Known> {
  const purchase = "checkout" in state && state.checkout !== null ? await findCheckout(db, state.checkout) : undefined;
  const call = state.kind === "transfer" && state.call !== null ? await findCall(db, state.call) : undefined;
  const sent = call?.call.kind === "transfer" ? call.call : null;
  const { account = "" } = call ?? {};
  return { purchase: purchase ?? null, payout: sent && { account, ...sent } };
}

/** Reads what is true by now, and notes what follows from it. */
async function workOn(runtime: Runtime, row: EventRow): Promise<void> {
  const { db, clock } = runtime;
  const processor = processorOf(runtime);
  const { subject } = processor.parse(row.body);
  if (!subject) return finishEvent(db, row.id, { state: "ignored", processedAt: clock.now() }, [], []);
  const asOf = clock.now();
  const effects: WalletEffect[] = [];
  const changes: Statement[] = [];
  for (const state of await readAll(processor, subject)) {
    const known = await knownOf(runtime, state);
    effects.push(...effectsOf(state, known));
    changes.push(...changeOf(db, processor.name, state, known, asOf));
  }
  const outcome = {
    state: effects.length + changes.length > 0 ? "done" : "ignored",
    processedAt: clock.now(),
  } as const;
  await finishEvent(db, row.id, outcome, effects, changes);
}

/** Works on one event, unless somebody does or has. One that fails is tried again later, and in the end waits for somebody to look. */
export async function takeEvent(runtime: Runtime, id: string): Promise<void> {
  const now = runtime.clock.now();
  const row = await claimEvent(runtime.db, id, now, now + leaseMs);
  if (!row) return;
  try {
    await workOn(runtime, row);
  } catch (error) {
    runtime.log.error("processor_event_failed", error, { id, attempt: row.attempts });
    const state = row.attempts >= mostAttempts ? "failed" : "waiting";
    await postponeEvent(runtime.db, id, {
      state,
      error: String(error).slice(0, 500),
      nextAttemptAt: now + pauseAfter(row.attempts),
    });
  }
}

/** Works on what messages name. What fails is tried again by the cron. */
export async function consumeEvents(runtime: Runtime, deliveries: Delivery<EventMessage>[]): Promise<void> {
  const told = { event: "processor_event_not_taken", about: ({ event_id }: EventMessage) => ({ event_id }) };
  await takeEach(runtime, deliveries, told, ({ event_id }) => takeEvent(runtime, event_id));
}

/** Works on what is due: what failed before, and what no message came for. */
export async function sweepEvents(runtime: Runtime): Promise<void> {
  for (const id of await listDueEvents(runtime.db, runtime.clock.now(), dueAtOnce)) await takeEvent(runtime, id);
}
