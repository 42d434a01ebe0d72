import type { Runtime } from "../platform/runtime.ts";
import { deleteTokensOverSince } from "./password/one-time-token-queries.ts";
import { deleteExpiredAssertions } from "./saml/assertion-queries.ts";
import { deleteExpiredSessions } from "./session/session-queries.ts";
import { deleteExpiredTokens } from "./session/token-queries.ts";
import { deleteExpiredVerifications } from "./verification-queries.ts";

/** Tokens that were mailed are counted for an hour, also after they ended. */
const hour = 60 * 60 * 1000;

/** Removes what nobody can use any more: sessions, tokens, and sign-ins that were begun and left, past their end. */
export async function sweepAccounts({ db, clock }: Runtime): Promise<void> {
  const now = clock.now();
  await db.batch([
    deleteExpiredSessions(db, now),
    deleteExpiredTokens(db, now),
    deleteExpiredVerifications(db, now),
    deleteExpiredAssertions(db, now),
    deleteTokensOverSince(db, now - hour),
  ]);
}
