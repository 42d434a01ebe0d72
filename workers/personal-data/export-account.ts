import { personAudit } from "../accounts/audit-person.ts";
import { batch } from "../db/batch.ts";
import { iso } from "../platform/clock.ts";
import type { Taker } from "../platform/rooms/personal-data.ts";
import type { Runtime } from "../platform/runtime.ts";
import { type ZipEntry, zipped } from "../platform/zip-stream.ts";
import { whenceOf } from "../workspaces/audited.ts";
import { operation } from "../workspaces/operation.ts";
import { sessionOf } from "../workspaces/permissions.ts";
import { type Membership, membershipsOf } from "../workspaces/queries.ts";
import { stands } from "../workspaces/standing.ts";
import { doors } from "./doors.ts";
import { allCaughtUp, contentsOf, requireFits, writtenTogether } from "./write-archive.ts";

/** Their own workspace, of which others are nothing. */
const isHome = ({ kind, role }: Membership) => kind === "personal" && role === "owner";

async function* entriesOf(runtime: Runtime, taker: Taker): AsyncGenerator<ZipEntry> {
  const head = { format: "understudy.account", version: 1, exported_at: iso(runtime.clock.now()) };
  yield* writtenTogether(runtime, [
    { "profile.json": head },
    ...doors.map(({ ofPerson }) => ofPerson?.fields?.(runtime, taker)),
  ]);
  for (const { ofPerson } of doors) if (ofPerson?.files) yield* ofPerson.files(runtime, taker);
  if (taker.home !== null) yield* contentsOf(runtime, { workspaceId: taker.home, userId: taker.userId });
}

/**
 * A ZIP of everything that a person has: their account, what they did and said in every workspace that lets them in, and the clones
 * and documents of their own. Throws `payload_too_large` where the documents do not fit into one archive.
 */
export const exportAccount = operation({
  summary: "Take out everything that you have",
  description:
    "A ZIP, written as it is read: profile, sessions, keys without their secrets, shares, the conversations that you have in each workspace (to be brought in again by `/conversations/import`), the audit log of your own workspace and what you did in others, and your own workspace’s clones and documents with their files. For a signed-in person, not for API keys.",
  tags: ["Accounts"],
  action: null,
  inPerson: true,
  audit: "account.exported",
  async run(ctx) {
    const { userId } = ctx.actor;
    await allCaughtUp(ctx);
    const own = (await membershipsOf(ctx.db, userId)).filter(stands);
    const home = own.find(isHome)?.id ?? null;
    if (home !== null) await requireFits(ctx.db, { workspaceId: home, userId });
    const workspaces = own.map(({ id, name, kind, role }) => ({ id, name, kind, role }));
    const archive = zipped(entriesOf(ctx, { userId, sessionId: sessionOf(ctx).id, workspaces, home }));
    // In the log of each workspace that it takes something out of.
    await batch(
      ctx.db,
      await personAudit(ctx, userId, whenceOf(ctx), { action: "account.exported" }, { condition: "always" }),
    );
    return archive;
  },
});
