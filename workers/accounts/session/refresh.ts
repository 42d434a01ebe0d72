import type { z } from "zod";
import { Problem } from "../../platform/errors.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { type From, personAudit } from "../audit-person.ts";
import type { sessionToken } from "../contract.ts";
import { forgetSessions } from "../read-session.ts";
import { tokensBody } from "./open-session.ts";
import { toUser } from "./present-user.ts";
import { refreshTokenPair, selectAccessToken } from "./tokens.ts";

const reused = { action: "session.ended", details: { which: "one", by: "reuse" } } as const;

/**
 * The next two tokens for a refresh token, which is used up. Throws `unauthenticated` for one that is unknown or was used; one that
 * was used before ends its session, as somebody else has a copy of it.
 */
export async function refresh(runtime: Runtime, token: string, from: From): Promise<z.output<typeof sessionToken>> {
  const { db } = runtime;
  const result = await refreshTokenPair(db, token, runtime.clock.now(), runtime.clock, (userId) =>
    personAudit(runtime, userId, from, reused, { actorKind: "nobody" }),
  );
  switch (result.outcome) {
    case "unknown":
      throw new Problem("unauthenticated", "The refresh token is not valid, or its session has ended. Sign in again.");
    case "raced":
      throw new Problem("unauthenticated", "Another call used this refresh token just now. Go on with its tokens.");
    case "reused":
      forgetSessions(({ id }) => id === result.sessionId);
      throw new Problem(
        "unauthenticated",
        "This refresh token was used before, so somebody may have a copy. Its session has been ended: sign in again.",
      );
    case "refreshed": {
      const [found] = await selectAccessToken(db, result.tokens.access, runtime.clock.now());
      if (!found) throw new Problem("unauthenticated", "The session has ended. Sign in again.");
      return tokensBody(result.tokens, toUser(found.user));
    }
  }
}
