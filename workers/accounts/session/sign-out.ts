import { forgetEverywhere } from "../../platform/changes/changes.ts";
import { personAudit } from "../audit-person.ts";
import { tags } from "../contract.ts";
import { accountOperation } from "../operation.ts";
import { findSession, requireSession } from "../read-session.ts";
import { clearedSessionCookie } from "./session-cookie.ts";
import { deleteSession } from "./session-queries.ts";

/** Clears a browser's cookie, which need not open a session any more. Throws `unauthenticated` for a bearer that opens none. */
export const logout = accountOperation({
  open: false,
  summary: "Sign out",
  tags,
  audit: "session.ended",
  done: "The session has ended.",
  async run(call) {
    const { db, config, credential, from } = call;
    const isBearer = credential.kind === "bearer";
    const session = await (isBearer ? requireSession : findSession)(call, credential);
    if (session) {
      const { id, user } = session;
      const audit = await personAudit(call, user.id, from, { action: "session.ended" });
      await deleteSession(db, { id, userId: user.id }, audit);
      await forgetEverywhere(call, [`session:${id}`]);
    }
    return { body: undefined, cookies: isBearer ? [] : [clearedSessionCookie(config)] };
  },
});
