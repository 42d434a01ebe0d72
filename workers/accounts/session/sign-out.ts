import type { Credential } from "../../platform/http/credential.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { type From, personAudit } from "../audit-person.ts";
import { findSession, forgetSessions, requireSession } from "../read-session.ts";
import { clearedSessionCookie } from "./session-cookie.ts";
import { deleteSession } from "./session-queries.ts";

/**
 * Ends the session that a credential opens; the cookies clear a browser's, which need not have one any more. Throws `unauthenticated` for a
 * bearer that opens none.
 */
export async function logout(runtime: Runtime, credential: Credential, from: From): Promise<string[]> {
  const isBearer = credential.kind === "bearer";
  const session = await (isBearer ? requireSession : findSession)(runtime, credential);
  if (session) {
    const { id, user } = session;
    const audit = await personAudit(runtime, user.id, from, { action: "session.ended" });
    await deleteSession(runtime.db, { id, userId: user.id }, audit);
    forgetSessions((each) => each.id === id);
  }
  return isBearer ? [] : [clearedSessionCookie(runtime.config)];
}
