import { lt } from "drizzle-orm";
import { oneTimeTokens, refreshTokens, sessions, verifications } from "../db/schema/accounts.ts";
import { samlAssertions } from "../db/schema/sso.ts";
import type { Runtime } from "../platform/runtime.ts";

/** Tokens that were mailed are counted for an hour, also after they ended. */
const hour = 60 * 60 * 1000;

/** Removes what nobody can use any more: sessions, tokens, and sign-ins that were begun and left, past their end. */
export async function sweepAccounts({ db, clock }: Runtime): Promise<void> {
  const now = clock.now();
  await db.batch([
    db.delete(sessions).where(lt(sessions.expiresAt, new Date(now))),
    db.delete(refreshTokens).where(lt(refreshTokens.expiresAt, now)),
    db.delete(verifications).where(lt(verifications.expiresAt, new Date(now))),
    db.delete(samlAssertions).where(lt(samlAssertions.expiresAt, now)),
    db.delete(oneTimeTokens).where(lt(oneTimeTokens.expiresAt, now - hour)),
  ]);
}
