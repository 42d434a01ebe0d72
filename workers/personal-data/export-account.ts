import { listPasskeyRows } from "../accounts/passkey-queries.ts";
import type { Session } from "../accounts/read-session.ts";
import { listSessions } from "../accounts/sessions.ts";
import { factorStatus } from "../accounts/two-factor-queries.ts";
import { exportLog } from "../audit/export-log.ts";
import { exportLibrary } from "../chat/export-library.ts";
import { presentClone } from "../clones/present.ts";
import { fileKey } from "../knowledge/document-files.ts";
import { presentDocument } from "../knowledge/present.ts";
import { iso } from "../platform/clock.ts";
import { Problem } from "../platform/errors.ts";
import { type ZipEntry, zipLimits, zipped } from "../platform/zip-stream.ts";
import type { Context, UserActor } from "../workspaces/context.ts";
import { type Membership, membershipsOf } from "../workspaces/queries.ts";
import { stands } from "../workspaces/standing.ts";
import {
  chainHead,
  eachDocument,
  listAllKeys,
  listLinks,
  listOwnShares,
  listProviderKeys,
  listTestQuestions,
  listWholeClones,
  measureDocuments,
} from "./export-queries.ts";

/** Their own workspace, of which others are nothing. */
const isHome = ({ kind, role }: Membership) => kind === "personal" && role === "owner";
const when = (milliseconds: number | null) => (milliseconds === null ? null : iso(milliseconds));

async function* bytesOf(value: unknown) {
  yield new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
}

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
  const [own, providers] = await Promise.all([listAllKeys(db, userId), home ? listProviderKeys(db, home) : []]);
  return {
    api_keys: own.map(({ workspaceId, expiresAt, lastUsedAt, revokedAt, createdAt, ...key }) => ({
      ...key,
      workspace_id: workspaceId,
      expires_at: when(expiresAt),
      last_used_at: when(lastUsedAt),
      revoked_at: when(revokedAt),
      created_at: iso(createdAt),
    })),
    provider_keys: providers.map(({ createdAt, ...key }) => ({ ...key, created_at: iso(createdAt) })),
  };
}

async function sharesOf({ db }: Context, userId: string) {
  return (await listOwnShares(db, userId)).map(({ id, kind, conversationId, workspaceId, createdAt }) => ({
    id,
    kind,
    conversation_id: conversationId,
    workspace_id: workspaceId,
    created_at: iso(createdAt),
  }));
}

async function clonesOf({ db }: Context, home: string, counts: Map<string, number>) {
  const questions = await listTestQuestions(db, home);
  return (await listWholeClones(db, home)).map(({ clone, pipeline }) => ({
    ...presentClone(clone, counts.get(clone.id) ?? 0),
    pipeline,
    test_questions: questions
      .filter(({ cloneId }) => cloneId === clone.id)
      .map(({ question, document, page, contains, unanswerable }) => ({
        question,
        document,
        page,
        contains,
        unanswerable,
      })),
  }));
}

/** The clones of a person's own workspace, and their documents, each with the file that was uploaded. */
async function* knowledgeOf(ctx: Context<UserActor>, home: string): AsyncGenerator<ZipEntry> {
  const modifiedAt = ctx.clock.now();
  const owner = { workspaceId: home, userId: ctx.actor.userId };
  const counts = new Map<string, number>();
  const listed: unknown[] = [];
  for await (const document of eachDocument(ctx.db, owner)) {
    counts.set(document.cloneId, (counts.get(document.cloneId) ?? 0) + 1);
    const original = await ctx.env.UPLOADS.get(fileKey(document.storageKey, "original"));
    // Deleted since, or given another file: it is not there any more.
    if (!original) continue;
    // Under its id: several documents may have the same name.
    const name = `documents/${document.id}/${document.filename}`;
    listed.push({ ...presentDocument(document, null), file: name });
    yield { name, modifiedAt: document.createdAt, isStored: true, body: original.body };
  }
  yield { name: "documents.json", modifiedAt, body: bytesOf(listed) };
  yield { name: "clones.json", modifiedAt, body: bytesOf(await clonesOf(ctx, home, counts)) };
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
  yield { name: "keys.json", modifiedAt, body: bytesOf(await keysOf(ctx, userId, home)) };
  yield { name: "shares.json", modifiedAt, body: bytesOf(await sharesOf(ctx, userId)) };
  for (const membership of own) yield* entriesIn(ctx, membership);
  if (home) yield* knowledgeOf(ctx, home);
}

/**
 * A ZIP of everything that a person has: their account, what they did and said in every workspace that lets them in, and the clones
 * and documents of their own. Throws `payload_too_large` where the documents do not fit into one archive.
 */
export async function exportAccount(ctx: Context<UserActor>, session: Session): Promise<AsyncGenerator<Uint8Array>> {
  const own = (await membershipsOf(ctx.db, ctx.actor.userId)).filter(stands);
  const home = own.find(isHome);
  if (home) {
    const { files, bytes } = await measureDocuments(ctx.db, { workspaceId: home.id, userId: ctx.actor.userId });
    if (files > zipLimits.files || bytes > zipLimits.bytes) {
      const detail = "Your documents do not fit into one archive of 3.5 GB and 60,000 files. Download some one by one.";
      throw new Problem("payload_too_large", detail);
    }
  }
  return zipped(entriesOf(ctx, session, own));
}
