import { and, asc, desc, eq, isNull, lt, lte, or, sql } from "drizzle-orm";
import { batch, type Statement } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { processorEvents, walletEffects } from "../db/schema/billing.ts";
import type { Position } from "../platform/http/paging.ts";
import type { WalletEffect } from "./effects.ts";

export type EventRow = typeof processorEvents.$inferSelect;
export type NewEvent = typeof processorEvents.$inferInsert;
export type EffectRow = typeof walletEffects.$inferSelect;

const { state, nextAttemptAt, receivedAt } = processorEvents;

/** Keeps what was told; false where that was told before. */
export async function insertEvent(db: Database, row: NewEvent): Promise<boolean> {
  const made = await db.insert(processorEvents).values(row).onConflictDoNothing().returning({ id: processorEvents.id });
  return made.length > 0;
}

export async function listDueEvents(db: Database, now: number, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id: processorEvents.id })
    .from(processorEvents)
    .where(and(eq(state, "waiting"), lte(nextAttemptAt, now)))
    .orderBy(asc(nextAttemptAt))
    .limit(limit);
  return rows.map(({ id }) => id);
}

/** Takes an event to work on until a moment; undefined where somebody else does, or nothing is to be done. */
export async function claimEvent(db: Database, id: string, now: number, until: number): Promise<EventRow | undefined> {
  const rows = await db
    .update(processorEvents)
    .set({ attempts: sql`${processorEvents.attempts} + 1`, nextAttemptAt: until })
    .where(and(eq(processorEvents.id, id), eq(state, "waiting"), lte(nextAttemptAt, now)))
    .returning();
  return rows[0];
}

/** Notes what has become of an event, with what follows from it, all or nothing. An effect that is known stays as it is. */
export async function finishEvent(
  db: Database,
  id: string,
  outcome: { state: "done" | "ignored"; processedAt: number },
  effects: readonly WalletEffect[],
  changes: readonly Statement[],
): Promise<void> {
  const inserts = effects.map((effect) =>
    db
      .insert(walletEffects)
      .values({ id: effect.id, account: effect.account, effect, createdAt: outcome.processedAt })
      .onConflictDoNothing({ target: walletEffects.id }),
  );
  const done = db
    .update(processorEvents)
    .set({ ...outcome, error: null })
    .where(eq(processorEvents.id, id));
  await batch(db, [...inserts, ...changes, done]);
}

/** Notes that an event could not be worked on, and when that is tried again. */
export async function postponeEvent(
  db: Database,
  id: string,
  how: Pick<EventRow, "state" | "error" | "nextAttemptAt">,
): Promise<void> {
  await db.update(processorEvents).set(how).where(eq(processorEvents.id, id));
}

/** Lets an event be worked on again, as if it had just come; undefined where there is none. */
export const reviveEvent = (db: Database, id: string, now: number) =>
  db
    .update(processorEvents)
    .set({ state: "waiting", attempts: 0, nextAttemptAt: now, error: null })
    .where(eq(processorEvents.id, id))
    .returning();

/** A page of what processors told, the latest first. */
export function listEventPage(
  db: Database,
  wanted: EventRow["state"] | undefined,
  { after, limit }: { after: Position | null; limit: number },
): Promise<EventRow[]> {
  const { id } = processorEvents;
  const behind = after ? or(lt(receivedAt, after[0]), and(eq(receivedAt, after[0]), lt(id, after[1]))) : undefined;
  return db
    .select()
    .from(processorEvents)
    .where(and(wanted && eq(state, wanted), behind))
    .orderBy(desc(receivedAt), desc(id))
    .limit(limit);
}

/** What wallets have not been told yet, in its order. */
export function listWaitingEffects(db: Database, limit: number): Promise<EffectRow[]> {
  return db
    .select()
    .from(walletEffects)
    .where(isNull(walletEffects.appliedAt))
    .orderBy(asc(walletEffects.seq))
    .limit(limit);
}

export async function noteEffect(
  db: Database,
  seq: number,
  how: Partial<Pick<EffectRow, "appliedAt" | "error">>,
): Promise<void> {
  await db.update(walletEffects).set(how).where(eq(walletEffects.seq, seq));
}
