import { and, asc, desc, eq, inArray, isNull, lt, lte, or, sql } from "drizzle-orm";
import { batch } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { processorCalls, walletEffects } from "../db/schema/billing.ts";
import type { Position } from "../platform/http/paging.ts";
import type { WalletEffect } from "./effects.ts";

export type CallRow = typeof processorCalls.$inferSelect;

const { id, state, nextAttemptAt, flaggedAt, createdAt } = processorCalls;

/** What still has to be seen to: never sent, cut off on its way, or not known whether it was done. */
const isOpen = and(inArray(state, ["pending", "sent", "unknown"]), isNull(flaggedAt));

/** Keeps what is to be done; what is kept under the key stays as it is. */
export async function insertCall(db: Database, row: typeof processorCalls.$inferInsert): Promise<void> {
  await db.insert(processorCalls).values(row).onConflictDoNothing();
}

export async function findCall(db: Database, callId: string): Promise<CallRow | undefined> {
  return (await db.select().from(processorCalls).where(eq(id, callId)))[0];
}

export async function listDueCalls(db: Database, now: number, limit: number): Promise<string[]> {
  const rows = await db
    .select({ id })
    .from(processorCalls)
    .where(and(isOpen, lte(nextAttemptAt, now)))
    .orderBy(asc(nextAttemptAt))
    .limit(limit);
  return rows.map((row) => row.id);
}

/** Takes a call to make until a moment, and notes before that it is on its way; undefined where there is nothing to do now. */
export async function claimCall(
  db: Database,
  callId: string,
  now: number,
  until: number,
): Promise<CallRow | undefined> {
  const rows = await db
    .update(processorCalls)
    .set({
      state: "sent",
      attempts: sql`${processorCalls.attempts} + 1`,
      firstSentAt: sql`coalesce(${processorCalls.firstSentAt}, ${now})`,
      nextAttemptAt: until,
    })
    .where(and(eq(id, callId), isOpen, lte(nextAttemptAt, now)))
    .returning();
  return rows[0];
}

type Outcome = Partial<Pick<CallRow, "state" | "object" | "error" | "nextAttemptAt" | "flaggedAt">>;

/** Notes what has become of a call, with what wallets are told of it. */
export async function noteCall(
  db: Database,
  callId: string,
  outcome: Outcome,
  effects: readonly WalletEffect[] = [],
  now = 0,
): Promise<void> {
  const inserts = effects.map((effect) =>
    db
      .insert(walletEffects)
      .values({ id: effect.id, account: effect.account, effect, createdAt: now })
      .onConflictDoNothing({ target: walletEffects.id }),
  );
  await batch(db, [db.update(processorCalls).set(outcome).where(eq(id, callId)), ...inserts]);
}

/** A page of calls, the latest first; `flagged` for those that somebody has to look at. */
export function listCallPage(
  db: Database,
  isFlagged: boolean,
  { after, limit }: { after: Position | null; limit: number },
): Promise<CallRow[]> {
  const behind = after ? or(lt(createdAt, after[0]), and(eq(createdAt, after[0]), lt(id, after[1]))) : undefined;
  return db
    .select()
    .from(processorCalls)
    .where(and(isFlagged ? sql`${flaggedAt} IS NOT NULL AND ${state} = 'unknown'` : undefined, behind))
    .orderBy(desc(createdAt), desc(id))
    .limit(limit);
}
