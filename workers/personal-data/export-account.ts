import { listConsents } from "../accounts/consent-queries.ts";
import { presentConsent } from "../accounts/consents.ts";
import { listPasskeyRows } from "../accounts/passkey-queries.ts";
import type { Session } from "../accounts/read-session.ts";
import { listSessions } from "../accounts/sessions.ts";
import { factorStatus } from "../accounts/two-factor-queries.ts";
import { exportLog } from "../audit/export-log.ts";
import { exportLibrary } from "../chat/export-library.ts";
import { iso } from "../platform/clock.ts";
import { type ZipEntry, zipped } from "../platform/zip-stream.ts";
import type { Context, UserActor } from "../workspaces/context.ts";
import { type Membership, membershipsOf } from "../workspaces/queries.ts";
import { stands } from "../workspaces/standing.ts";
import {
  bytesOf,
  knowledgeOf,
  presentKey,
  presentProviderKey,
  presentShare,
  requireFits,
  when,
} from "./export-entries.ts";
import { chainHead, listAllKeys, listLinks, listProviderKeys, listShares } from "./export-queries.ts";

/** Their own workspace, of which others are nothing. */
const isHome = ({ kind, role }: Membership) => kind === "personal" && role === "owner";

async function profileOf({ db }: Context, { user }: Session, own: Membership[]) {
  return {
    user,
    second_factor: await factorStatus(db, user.id),
    providers: (await listLinks(db, user.id)).map(({ createdAt, ...link }) => ({
      ...link,
      created_at: createdAt.toISOString(),
    })),
    passkeys: (await listPasskeyRows(db, user.id)).map((passkey) => ({
      id: passkey.id,
      name: passkey.name,
      credential_id: passkey.credentialId,
      public_key: passkey.publicKey,
      counter: passkey.counter,
      device_type: passkey.deviceType,
      backed_up: passkey.backedUp,
      transports: passkey.transports,
      aaguid: passkey.aaguid,
      created_at: iso(passkey.createdAt),
      last_used_at: when(passkey.lastUsedAt),
    })),
    workspaces: own.map(({ id, name, kind, role }) => ({ id, name, kind, role })),
  };
}

async function keysOf({ db }: Context, userId: string, home: string | undefined) {
  const [own, providers] = await Promise.all([listAllKeys(db, { userId }), home ? listProviderKeys(db, home) : []]);
  return { api_keys: own.map(presentKey), provider_keys: providers.map(presentProviderKey) };
}

/** A person's conversations in a workspace, and what its log tells: all of it where it is their own, else what they did. */
async function* entriesIn(ctx: Context<UserActor>, membership: Membership): AsyncGenerator<ZipEntry> {
  const { id, role } = membership;
  const modifiedAt = ctx.clock.now();
  const there = { ...ctx, actor: { ...ctx.actor, workspaceId: id, role } };
  yield { name: `conversations/${id}.json`, modifiedAt, body: exportLibrary(there) };
  const filter = isHome(membership) ? {} : { actorId: ctx.actor.userId };
  const log = exportLog(ctx, id, { filter, format: "json", head: await chainHead(ctx.db, id) });
  yield { name: `audit/${id}.json`, modifiedAt, body: log };
}

async function* entriesOf(ctx: Context<UserActor>, session: Session, own: Membership[]): AsyncGenerator<ZipEntry> {
  const { userId } = ctx.actor;
  const modifiedAt = ctx.clock.now();
  const home = own.find(isHome)?.id;
  const head = { format: "understudy.account", version: 1, exported_at: iso(modifiedAt) };
  yield { name: "profile.json", modifiedAt, body: bytesOf({ ...head, ...(await profileOf(ctx, session, own)) }) };
  yield { name: "sessions.json", modifiedAt, body: bytesOf(await listSessions(ctx, session)) };
  const agreed = (await listConsents(ctx.db, userId)).map(presentConsent);
  yield { name: "consents.json", modifiedAt, body: bytesOf(agreed) };
  yield { name: "keys.json", modifiedAt, body: bytesOf(await keysOf(ctx, userId, home)) };
  yield {
    name: "shares.json",
    modifiedAt,
    body: bytesOf((await listShares(ctx.db, { createdBy: userId })).map(presentShare)),
  };
  for (const membership of own) yield* entriesIn(ctx, membership);
  if (home) yield* knowledgeOf(ctx, { workspaceId: home, userId });
}

/**
 * A ZIP of everything that a person has: their account, what they did and said in every workspace that lets them in, and the clones
 * and documents of their own. Throws `payload_too_large` where the documents do not fit into one archive.
 */
export async function exportAccount(ctx: Context<UserActor>, session: Session): Promise<AsyncGenerator<Uint8Array>> {
  const own = (await membershipsOf(ctx.db, ctx.actor.userId)).filter(stands);
  const home = own.find(isHome);
  if (home) await requireFits(ctx.db, { workspaceId: home.id, userId: ctx.actor.userId });
  return zipped(entriesOf(ctx, session, own));
}
