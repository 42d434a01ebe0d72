import { and, count, eq, gt, lt, sql } from "drizzle-orm";
import type { Database } from "../../db/client.ts";
import { oneTimeTokens } from "../../db/schema/accounts.ts";
import { Problem } from "../../platform/errors.ts";
import { newSecret, secretHash } from "../secrets.ts";

const hour = 60 * 60 * 1000;

/** How long a mailed token counts, by what it is for, in milliseconds. */
const lifetimes = { "reset-password": hour, "verify-email": 24 * hour, "change-email": 24 * hour } as const;
type TokenPurpose = keyof typeof lifetimes;

/** Mails of one kind that one person gets in an hour: nobody fills another's mailbox from here. */
const perHour = 5;

export interface TokenOwner {
  userId: string;
  /** The address that the token is about. */
  email: string;
}

/** A new token to be mailed, of which only a hash is kept; null where the person had too many within the hour. `now` in ms. */
export async function issueToken(
  db: Database,
  purpose: TokenPurpose,
  { userId, email }: TokenOwner,
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

function living(purpose: TokenPurpose, token: string, now: number) {
  return and(
    eq(oneTimeTokens.hash, secretHash(purpose, token)),
    eq(oneTimeTokens.purpose, purpose),
    gt(oneTimeTokens.expiresAt, now),
  );
}

const owner = { userId: oneTimeTokens.userId, email: oneTimeTokens.email };

/** Whose token it is, without taking it: to refuse what comes with it and let them try again. */
export async function peekToken(
  db: Database,
  purpose: TokenPurpose,
  token: string,
  now: number,
): Promise<TokenOwner | null> {
  const rows = await db
    .select(owner)
    .from(oneTimeTokens)
    .where(living(purpose, token, now));
  return rows[0] ?? null;
}

/** Takes a token: whose it was and for which address, or null where it is unknown, was taken before, or is too old. */
export async function takeToken(
  db: Database,
  purpose: TokenPurpose,
  token: string,
  now: number,
): Promise<TokenOwner | null> {
  const taken = await db
    .delete(oneTimeTokens)
    .where(living(purpose, token, now))
    .returning(owner);
  return taken[0] ?? null;
}

/** Ends all of a person's tokens of one purpose, except that they still count as mailed. */
export async function voidTokens(db: Database, purpose: TokenPurpose, userId: string, now: number): Promise<void> {
  await db
    .update(oneTimeTokens)
    .set({ expiresAt: now })
    .where(and(eq(oneTimeTokens.userId, userId), eq(oneTimeTokens.purpose, purpose), gt(oneTimeTokens.expiresAt, now)));
}

/** What a link says that was opened before, is too old, or never was one. */
export function deadLink(): Problem {
  const message = "This link does not count any more: it was used before, or is too old. Ask for a new one.";
  return new Problem("validation_failed", message, { errors: [{ path: "token", message }] });
}
