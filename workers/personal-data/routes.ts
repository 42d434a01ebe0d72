import { fromOf, personAudit } from "../accounts/audit-person.ts";
import { requireSession } from "../accounts/read-session.ts";
import { describe } from "../platform/http.ts";
import { streamed } from "../platform/streamed.ts";
import { createRouter } from "../workspaces/http.ts";
import { requirePerson } from "../workspaces/permissions.ts";
import { exportAccount } from "./export-account.ts";

const tags = ["Accounts"];

/** What the law calls access and erasure: people take out what is theirs, and have it removed. */
export const personalDataRoutes = createRouter().post(
  "/me/export",
  describe({
    summary: "Take out everything that you have",
    description:
      "A ZIP, written as it is read: profile, sessions, keys without their secrets, shares, the conversations that you have in each workspace (to be brought in again by `/conversations/import`), the audit log of your own workspace and what you did in others, and your own workspace’s clones and documents with their files. For a signed-in person, not for API keys.",
    tags,
    responses: { 200: "The archive (`application/zip`)." },
  }),
  async (c) => {
    const ctx = requirePerson(c.var.ctx);
    const session = await requireSession(ctx, c.req.raw.headers);
    const archive = await exportAccount(ctx, session);
    // In the log of each workspace that it takes something out of.
    const event = { action: "account.exported" } as const;
    const [first, ...others] = await personAudit(ctx, ctx.actor.userId, fromOf(c), event, { condition: "always" });
    if (first) await ctx.db.batch([first, ...others]);
    const day = new Date(ctx.clock.now()).toISOString().slice(0, 10);
    return c.body(streamed(ctx.log, archive), 200, {
      "Content-Type": "application/zip",
      "Content-Disposition": `attachment; filename="understudy-${day}.zip"`,
      "Cache-Control": "private, no-store",
    });
  },
);
