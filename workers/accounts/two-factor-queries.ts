import { and, count, eq, gt, isNotNull, isNull, lt, sql } from "drizzle-orm";
import type { AuditStatements } from "../audit/record.ts";
import type { Database } from "../db/client.ts";
import { recoveryCodes, twoFactors } from "../db/schema/accounts.ts";
import type { SecretColumn } from "../platform/secrets/secret-box.ts";

/** A person's second factor, as it is stored, or undefined. */
export async function findFactor(db: Database, userId: string) {
  const rows = await db.select().from(twoFactors).where(eq(twoFactors.userId, userId));
  return rows[0];
}

/** Keeps a closed secret that waits for its first code. False where the person has a factor that counts. */
export async function storePending(db: Database, userId: string, secret: string, now: number): Promise<boolean> {
  const stored = await db
    .insert(twoFactors)
    .values({ userId, secret, createdAt: now })
    .onConflictDoUpdate({
      target: twoFactors.userId,
      set: { secret, lastStep: 0, createdAt: now },
      setWhere: isNull(twoFactors.confirmedAt),
    })
    .returning({ userId: twoFactors.userId });
  return stored.length > 0;
}

/** Takes a time step: once, and never an older one after it. Whether it was still to be had. */
export async function takeStep(db: Database, userId: string, step: number): Promise<boolean> {
  const taken = await db
    .update(twoFactors)
    .set({ lastStep: step })
    .where(and(eq(twoFactors.userId, userId), lt(twoFactors.lastStep, step)))
    .returning({ userId: twoFactors.userId });
  return taken.length > 0;
}

/** Takes a recovery code by its hash: once. Whether it was still to be had. */
export async function takeRecoveryCode(db: Database, userId: string, hash: string, now: number): Promise<boolean> {
  const taken = await db
    .update(recoveryCodes)
    .set({ usedAt: now })
    .where(and(eq(recoveryCodes.hash, hash), eq(recoveryCodes.userId, userId), isNull(recoveryCodes.usedAt)))
    .returning({ hash: recoveryCodes.hash });
  return taken.length > 0;
}

/** Makes a factor count from now on, with the hashes of new recovery codes in place of all earlier ones. */
export async function confirmFactor(
  db: Database,
  userId: string,
  hashes: string[],
  now: number,
  audit: AuditStatements,
): Promise<void> {
  await db.batch([
    db.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId)),
    db.insert(recoveryCodes).values(hashes.map((hash) => ({ hash, userId, createdAt: now }))),
    db
      .update(twoFactors)
      .set({ confirmedAt: sql`coalesce(${twoFactors.confirmedAt}, ${now})` })
      .where(eq(twoFactors.userId, userId)),
    ...audit,
  ]);
}

export async function deleteFactor(db: Database, userId: string, audit: AuditStatements): Promise<void> {
  await db.batch([
    db.delete(recoveryCodes).where(eq(recoveryCodes.userId, userId)),
    db.delete(twoFactors).where(eq(twoFactors.userId, userId)),
    ...audit,
  ]);
}

/** Whether a person's second factor counts, and how many recovery codes they have left. */
export async function factorStatus(db: Database, userId: string): Promise<{ enabled: boolean; codesLeft: number }> {
  const [factors, codes] = await db.batch([
    db
      .select({ userId: twoFactors.userId })
      .from(twoFactors)
      .where(and(eq(twoFactors.userId, userId), isNotNull(twoFactors.confirmedAt))),
    db
      .select({ left: count() })
      .from(recoveryCodes)
      .where(and(eq(recoveryCodes.userId, userId), isNull(recoveryCodes.usedAt))),
  ]);
  const enabled = factors.length > 0;
  return { enabled, codesLeft: enabled ? (codes[0]?.left ?? 0) : 0 };
}

/** The secrets of second factors, for their rotation. */
export const twoFactorColumn = (db: Database): SecretColumn => ({
  table: "two_factors",
  column: "secret",
  list: (prefix, after, limit) =>
    db
      .select({ row: twoFactors.userId, box: twoFactors.secret })
      .from(twoFactors)
      .where(and(gt(twoFactors.userId, after), sql`substr(${twoFactors.secret}, 1, ${prefix.length}) <> ${prefix}`))
      .orderBy(twoFactors.userId)
      .limit(limit),
  async replace(row, from, to) {
    await db
      .update(twoFactors)
      .set({ secret: to })
      .where(and(eq(twoFactors.userId, row), eq(twoFactors.secret, from)));
  },
});
