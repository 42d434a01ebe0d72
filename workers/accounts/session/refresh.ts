import { forgetEverywhere } from "../../platform/changes/changes.ts";
import { Problem } from "../../platform/errors.ts";
import { personAudit } from "../audit-person.ts";
import { refreshInput, sessionToken, tags } from "../contract.ts";
import { accountOperation } from "../operation.ts";
import { tokensBody } from "./open-session.ts";
import { toUser } from "./present-user.ts";
import { refreshTokenPair, selectAccessToken } from "./tokens.ts";

const reused = { action: "session.ended", details: { which: "one", by: "reuse" } } as const;

/** Throws `unauthenticated` for a token that is unknown or was used. */
export const refresh = accountOperation({
  summary: "Get the next tokens",
  description:
    "A refresh token works once. Used a second time, it ends its session, as somebody has a copy of it. Browsers, which have a cookie, need none.",
  tags,
  audit: { nothing: "a session goes on; a token that comes back ends it, which is told" },
  input: refreshInput,
  output: sessionToken,
  async run(call, { body }) {
    const { db, clock, from } = call;
    const result = await refreshTokenPair(db, body.refresh_token, clock.now(), clock, (userId) =>
      personAudit(call, userId, from, reused, { actorKind: "nobody" }),
    );
    switch (result.outcome) {
      case "unknown":
        throw new Problem(
          "unauthenticated",
          "The refresh token is not valid, or its session has ended. Sign in again.",
        );
      case "raced":
        throw new Problem("unauthenticated", "Another call used this refresh token just now. Go on with its tokens.");
      case "reused":
        await forgetEverywhere(call, [`session:${result.sessionId}`]);
        throw new Problem(
          "unauthenticated",
          "This refresh token was used before, so somebody may have a copy. Its session has been ended: sign in again.",
        );
      case "refreshed": {
        const [found] = await selectAccessToken(db, result.tokens.access, clock.now());
        if (!found) throw new Problem("unauthenticated", "The session has ended. Sign in again.");
        return tokensBody(result.tokens, toUser(found.user));
      }
    }
  },
});
