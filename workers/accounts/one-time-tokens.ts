import { and, count, eq, gt, lt, sql } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { oneTimeTokens } from "../db/schema/accounts.ts";
import { newSecret, secretHash } from "./secret-hash.ts";

const hour = 60 * 60 * 1000;

/** How long a mailed token counts, by what it is for, in milliseconds. */
const lifetimes = { "reset-password": hour, "verify-email": 24 * hour, "change-email": 24 * hour } as const;
export type TokenPurpose = keyof typeof lifetimes;

/** Mails of one kind that one person gets in an hour: nobody fills another's mailbox from here. */
const perHour = 5;

interface Owner {
  userId: string;
  /** The address that the token is about. */
  email: string;
}

/** A new token to be mailed, of which only a hash is kept; null where the person had too many within the hour. `now` in ms. */
export async function issueToken(
  db: Database,
  purpose: TokenPurpose,
  { userId, email }: Owner,
  now: number,
): Promise<string | null> {
  const token = newSecret();
  const recent = db
    .select({ count: count() })
    .from(oneTimeTokens)
    .where(
      and(
        eq(oneTimeTokens.userId, userId),
        eq(oneTimeTokens.purpose, purpose),
        gt(oneTimeTokens.createdAt, now - hour),
      ),
    );
  const row = sql`SELECT ${secretHash(purpose, token)}, ${purpose}, ${userId}, ${email}, ${now + lifetimes[purpose]}, ${now} WHERE (${recent}) < ${perHour}`;
  const [, made] = await db.batch([
    db.delete(oneTimeTokens).where(lt(oneTimeTokens.expiresAt, now - hour)),
    db.insert(oneTimeTokens).select(row).returning({ hash: oneTimeTokens.hash }),
  ]);
  return made.length > 0 ? token : null;
}

/** Takes a token: whose it was and for which address, or null where it is unknown, was taken before, or is too old. */
export async function takeToken(
  db: Database,
  purpose: TokenPurpose,
  token: string,
  now: number,
): Promise<Owner | null> {
  const taken = await db
    .delete(oneTimeTokens)
    .where(
      and(
        eq(oneTimeTokens.hash, secretHash(purpose, token)),
        eq(oneTimeTokens.purpose, purpose),
        gt(oneTimeTokens.expiresAt, now),
      ),
    )
    .returning({ userId: oneTimeTokens.userId, email: oneTimeTokens.email });
  return taken[0] ?? null;
}

/** Ends all of a person's tokens of one purpose, except that they still count as mailed. */
export async function voidTokens(db: Database, purpose: TokenPurpose, userId: string, now: number): Promise<void> {
  await db
    .update(oneTimeTokens)
    .set({ expiresAt: now })
    .where(and(eq(oneTimeTokens.userId, userId), eq(oneTimeTokens.purpose, purpose), gt(oneTimeTokens.expiresAt, now)));
}
