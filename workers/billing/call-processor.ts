import type { Runtime } from "../platform/runtime.ts";
import type { WalletEffect } from "./effects.ts";
import { type CallRow, claimCall, findCall, insertCall, listDueCalls, noteCall } from "./outbox-queries.ts";
import { processorOf } from "./processor-of.ts";
import { type Call, type Processor, ProcessorFailure } from "./processors/processor.ts";

/** How long one call may be on its way before it counts as cut off, in ms: longer than the processor is waited for. */
const leaseMs = 60_000;
/** How long a key does its work once at most, with an hour to spare: it is kept for 24. */
const keyHoldsMs = 23 * 3_600_000;
const dueAtOnce = 20;

const pauseAfter = (attempts: number) => Math.min(3_600_000, 5_000 * 2 ** (attempts - 1));

/** What a wallet is told of a transfer that was refused: what it set aside is there again. */
function effectsOfFailure({ id, account, call }: CallRow, code: string): WalletEffect[] {
  if (call.kind !== "transfer") return [];
  const { payout, microCredits } = call;
  return [{ id: `call:${id}:payout_failed`, account, details: { code }, kind: "payout_failed", payout, microCredits }];
}

/** What came of a call whose key is not kept any more: it is looked for, and never made again. */
async function lookFor(processor: Processor, { id, call, firstSentAt }: CallRow): Promise<string | null> {
  return processor.find(id, call, (firstSentAt ?? 0) - leaseMs);
}

/** Makes a call, or finds out what has come of it. Its row says before that it is on its way, and afterwards what is known. */
async function attempt(runtime: Runtime, row: CallRow): Promise<void> {
  const { db, clock, log } = runtime;
  const processor = processorOf(runtime);
  const isKeyKept = clock.now() - (row.firstSentAt ?? clock.now()) < keyHoldsMs;
  const later = { state: "unknown", nextAttemptAt: clock.now() + pauseAfter(row.attempts) } as const;
  try {
    const object = isKeyKept ? await processor.send(row.id, row.call) : await lookFor(processor, row);
    if (object !== null) return await noteCall(db, row.id, { state: "done", object, error: null });
    log.error("processor_call_not_found", new Error("Nobody knows whether it was done."), { id: row.id });
    await noteCall(db, row.id, { state: "unknown", flaggedAt: clock.now() });
  } catch (error) {
    const failure = error instanceof ProcessorFailure ? error : null;
    // A search that is refused says nothing of what is searched for.
    if (failure?.kind === "refused" && isKeyKept) {
      const outcome = { state: "failed", error: failure.code } as const;
      return await noteCall(db, row.id, outcome, effectsOfFailure(row, failure.code), clock.now());
    }
    log.error("processor_call_unclear", error, { id: row.id, attempt: row.attempts });
    await noteCall(db, row.id, { ...later, error: failure?.code ?? String(error).slice(0, 200) });
  }
}

async function make(runtime: Runtime, id: string): Promise<void> {
  const now = runtime.clock.now();
  const row = await claimCall(runtime.db, id, now, now + leaseMs);
  if (row) await attempt(runtime, row);
}

/**
 * Has a processor do something with money, once under its `id`, however often this is called. Resolves with what is known then: what is `unknown` the cron finds out. `account`: whose
 * wallet it is about.
 */
export async function callProcessor(
  runtime: Runtime,
  { id, account, call }: { id: string; account: string; call: Call },
): Promise<CallRow> {
  const now = runtime.clock.now();
  const { name: processor } = processorOf(runtime);
  await insertCall(runtime.db, { id, processor, account, call, state: "pending", nextAttemptAt: now, createdAt: now });
  await make(runtime, id);
  const row = await findCall(runtime.db, id);
  if (!row) throw new Error(`The call ${id} was not kept.`);
  if (JSON.stringify(row.call) !== JSON.stringify(call)) throw new Error(`The call ${id} is another one by now.`);
  return row;
}

/**
 * Says of a call that is flagged what came of it, by somebody who has looked: an object, or null for nothing. Returns it as it is then; undefined where there is no such call.
 */
export async function settleCall(runtime: Runtime, id: string, object: string | null): Promise<CallRow | undefined> {
  const { db, clock } = runtime;
  const row = await findCall(db, id);
  if (row?.state !== "unknown" || row.flaggedAt === null) return undefined;
  if (object !== null) await noteCall(db, id, { state: "done", object, error: null });
  else await noteCall(db, id, { state: "failed", error: "not_done" }, effectsOfFailure(row, "not_done"), clock.now());
  return findCall(db, id);
}

/** Makes calls that were never sent, and finds out about those of which nobody knows. */
export async function sweepCalls(runtime: Runtime): Promise<void> {
  for (const id of await listDueCalls(runtime.db, runtime.clock.now(), dueAtOnce)) await make(runtime, id);
}
