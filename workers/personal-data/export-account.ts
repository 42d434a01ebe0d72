import type { Session } from "../accounts/read-session.ts";
import { iso } from "../platform/clock.ts";
import type { Taker } from "../platform/rooms/personal-data.ts";
import type { Runtime } from "../platform/runtime.ts";
import { type ZipEntry, zipped } from "../platform/zip-stream.ts";
import type { Context, UserActor } from "../workspaces/context.ts";
import { type Membership, membershipsOf } from "../workspaces/queries.ts";
import { stands } from "../workspaces/standing.ts";
import { doors } from "./doors.ts";
import { contentsOf, requireFits, writtenTogether } from "./write-archive.ts";

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
export async function exportAccount(ctx: Context<UserActor>, session: Session): Promise<AsyncGenerator<Uint8Array>> {
  const { userId } = ctx.actor;
  const own = (await membershipsOf(ctx.db, userId)).filter(stands);
  const home = own.find(isHome)?.id ?? null;
  if (home !== null) await requireFits(ctx.db, { workspaceId: home, userId });
  const workspaces = own.map(({ id, name, kind, role }) => ({ id, name, kind, role }));
  return zipped(entriesOf(ctx, { userId, sessionId: session.id, workspaces, home }));
}
