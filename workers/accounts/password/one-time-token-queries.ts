import { and, count, eq, gt, lt, sql } from "drizzle-orm";
import type { Database } from "../../db/client.ts";
import { oneTimeTokens } from "../../db/schema/accounts.ts";

type TokenRow = typeof oneTimeTokens.$inferSelect;
/** A token's hash, and what it is for. */
type Which = Pick<TokenRow, "hash" | "purpose">;
/** Whose token it is, and the address that it is about. */
export type TokenOwner = Pick<TokenRow, "userId" | "email">;

/** What removes tokens that were over at `since` (ms), to stand in a batch. */
export const deleteTokensOverSince = (db: Database, since: number) =>
  db.delete(oneTimeTokens).where(lt(oneTimeTokens.expiresAt, since));

/** Stores a token, unless its person has got `most` for the same purpose since `since` (ms). Whether it did. */
export async function insertOneTimeToken(
  db: Database,
  { hash, purpose, userId, email, expiresAt, createdAt }: TokenRow,
  { since, most }: { since: number; most: number },
): Promise<boolean> {
  const recent = db
    .select({ count: count() })
    .from(oneTimeTokens)
    .where(
      and(eq(oneTimeTokens.userId, userId), eq(oneTimeTokens.purpose, purpose), gt(oneTimeTokens.createdAt, since)),
    );
  // All columns in their order.
  const row = sql`SELECT ${hash}, ${purpose}, ${userId}, ${email}, ${expiresAt}, ${createdAt} WHERE (${recent}) < ${most}`;
  const [, made] = await db.batch([
    deleteTokensOverSince(db, since),
    db.insert(oneTimeTokens).select(row).returning({ hash: oneTimeTokens.hash }),
  ]);
  return made.length > 0;
}

const living = ({ hash, purpose }: Which, now: number) =>
  and(eq(oneTimeTokens.hash, hash), eq(oneTimeTokens.purpose, purpose), gt(oneTimeTokens.expiresAt, now));
const owner = { userId: oneTimeTokens.userId, email: oneTimeTokens.email };

/** Whose token it is that counts at `now` (ms): one row, or none. */
export const selectOneTimeToken = (db: Database, which: Which, now: number): Promise<TokenOwner[]> =>
  db.select(owner).from(oneTimeTokens).where(living(which, now));

/** Removes a token that counts at `now` (ms): whose it was, in one row, or none. */
export const deleteOneTimeToken = (db: Database, which: Which, now: number): Promise<TokenOwner[]> =>
  db.delete(oneTimeTokens).where(living(which, now)).returning(owner);

/** Has all of a person's tokens of one purpose be over at `now` (ms). */
export async function expireOneTimeTokens(
  db: Database,
  { userId, purpose }: Pick<TokenRow, "userId" | "purpose">,
  now: number,
): Promise<void> {
  await db
    .update(oneTimeTokens)
    .set({ expiresAt: now })
    .where(and(eq(oneTimeTokens.userId, userId), eq(oneTimeTokens.purpose, purpose), gt(oneTimeTokens.expiresAt, now)));
}
