import type { Database } from "../../db/client.ts";
import type { Problem } from "../../platform/errors.ts";
import { refusedField } from "../../platform/errors.ts";
import { newSecret, secretHash } from "../secrets.ts";
import {
  deleteOneTimeToken,
  expireOneTimeTokens,
  insertOneTimeToken,
  selectOneTimeToken,
  type TokenOwner,
} from "./one-time-token-queries.ts";

const hour = 60 * 60 * 1000;

/** How long a mailed token counts, by what it is for, in milliseconds. */
const lifetimes = { "reset-password": hour, "verify-email": 24 * hour, "change-email": 24 * hour } as const;
type TokenPurpose = keyof typeof lifetimes;

/** Mails of one kind that one person gets in an hour: nobody fills another's mailbox from here. */
const perHour = 5;

/** A new token to be mailed, of which only a hash is kept; null where the person had too many within the hour. `now` in ms. */
export async function issueToken(
  db: Database,
  purpose: TokenPurpose,
  { userId, email }: TokenOwner,
  now: number,
): Promise<string | null> {
  const token = newSecret();
  const hash = secretHash(purpose, token);
  const row = { hash, purpose, userId, email, expiresAt: now + lifetimes[purpose], createdAt: now };
  return (await insertOneTimeToken(db, row, { since: now - hour, most: perHour })) ? token : null;
}

const which = (purpose: TokenPurpose, token: string) => ({ hash: secretHash(purpose, token), purpose });

/** Whose token it is, without taking it: to refuse what comes with it and let them try again. */
export const peekToken = async (db: Database, purpose: TokenPurpose, token: string, now: number) =>
  (await selectOneTimeToken(db, which(purpose, token), now))[0] ?? null;

/** Takes a token: whose it was and for which address, or null where it is unknown, was taken before, or is too old. */
export const takeToken = async (db: Database, purpose: TokenPurpose, token: string, now: number) =>
  (await deleteOneTimeToken(db, which(purpose, token), now))[0] ?? null;

/** Ends all of a person's tokens of one purpose, except that they still count as mailed. */
export const voidTokens = (db: Database, purpose: TokenPurpose, userId: string, now: number): Promise<void> =>
  expireOneTimeTokens(db, { userId, purpose }, now);

/** What a link says that was opened before, is too old, or never was one. */
export const deadLink = (): Problem =>
  refusedField("token", "This link does not count any more: it was used before, or is too old. Ask for a new one.");
