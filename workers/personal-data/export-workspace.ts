import { exportLog } from "../audit/export-log.ts";
import { exportTenantLibrary } from "../chat/export-library.ts";
import { iso } from "../platform/clock.ts";
import { notFound } from "../platform/errors.ts";
import { type ZipEntry, zipped } from "../platform/zip-stream.ts";
import type { Context, UserActor } from "../workspaces/context.ts";
import { presentRetention } from "./change-retention.ts";
import {
  bytesOf,
  bytesOfEach,
  knowledgeOf,
  presentKey,
  presentProviderKey,
  presentShare,
  requireFits,
} from "./export-entries.ts";
import { chainHead, listAllKeys, listProviderKeys, listShares } from "./export-queries.ts";
import { findRetention } from "./retention-queries.ts";
import {
  eachEvaluation,
  eachUsage,
  findWorkspace,
  listInvitations,
  listMembers,
  listWebImports,
} from "./tenant-queries.ts";

type Found = NonNullable<Awaited<ReturnType<typeof findWorkspace>>>;

async function settingsOf({ db, clock }: Context, { id, name, kind, createdAt }: Found) {
  return {
    format: "understudy.workspace",
    version: 1,
    exported_at: iso(clock.now()),
    workspace: { id, name, kind, created_at: iso(createdAt) },
    retention: presentRetention(await findRetention(db, id)),
  };
}

async function membersOf(ctx: Context, id: string) {
  return (await listMembers(ctx.db, id)).map(({ createdAt, suspendedAt, ...member }) => ({
    ...member,
    suspended: suspendedAt !== null,
    joined_at: iso(createdAt),
  }));
}

async function invitationsOf({ db }: Context, id: string) {
  return (await listInvitations(db, id)).map(({ invitedBy, createdAt, expiresAt, ...invitation }) => ({
    ...invitation,
    invited_by: invitedBy,
    created_at: iso(createdAt),
    expires_at: iso(expiresAt),
  }));
}

async function keysOf({ db }: Context, workspaceId: string) {
  const [keys, providers] = await Promise.all([listAllKeys(db, { workspaceId }), listProviderKeys(db, workspaceId)]);
  return { api_keys: keys.map(presentKey), provider_keys: providers.map(presentProviderKey) };
}

async function importsOf({ db }: Context, id: string) {
  return (await listWebImports(db, id)).map(({ cloneId, createdBy, createdAt, ...each }) => ({
    ...each,
    clone_id: cloneId,
    created_by: createdBy,
    created_at: iso(createdAt),
  }));
}

async function* evaluationsOf({ db }: Context, workspaceId: string) {
  for await (const { run, results } of eachEvaluation(db, workspaceId)) {
    yield {
      id: run.id,
      clone_id: run.cloneId,
      user_id: run.userId,
      created_at: iso(run.createdAt),
      results: results.map(({ question, status, answer, cited, foundDocument, foundPage, answered, error }) => ({
        ...question,
        status,
        answer,
        cited,
        found_document: foundDocument,
        found_page: foundPage,
        answered,
        error,
      })),
    };
  }
}

async function* usageOf({ db }: Context, workspaceId: string) {
  for await (const row of eachUsage(db, workspaceId)) {
    const { turnId, conversationId, cloneId, model, promptTokens, completionTokens, outcome, createdAt } = row;
    yield {
      turn_id: turnId,
      conversation_id: conversationId,
      clone_id: cloneId,
      model,
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
      outcome,
      created_at: iso(createdAt),
    };
  }
}

async function* entriesOf(ctx: Context, workspace: Found): AsyncGenerator<ZipEntry> {
  const { db } = ctx;
  const { id } = workspace;
  const modifiedAt = ctx.clock.now();
  const file = (name: string, value: unknown): ZipEntry => ({ name, modifiedAt, body: bytesOf(value) });
  yield file("workspace.json", await settingsOf(ctx, workspace));
  yield file("members.json", await membersOf(ctx, id));
  yield file("invitations.json", await invitationsOf(ctx, id));
  yield file("keys.json", await keysOf(ctx, id));
  yield file("shares.json", (await listShares(db, { workspaceId: id })).map(presentShare));
  yield { name: "conversations.json", modifiedAt, body: exportTenantLibrary(ctx, id) };
  const log = exportLog(ctx, id, { filter: {}, format: "json", head: await chainHead(db, id) });
  yield { name: "audit.json", modifiedAt, body: log };
  yield { name: "evaluations.json", modifiedAt, body: bytesOfEach(evaluationsOf(ctx, id)) };
  yield { name: "usage.json", modifiedAt, body: bytesOfEach(usageOf(ctx, id)) };
  yield file("website-imports.json", await importsOf(ctx, id));
  yield* knowledgeOf(ctx, { workspaceId: id, userId: null });
}

/**
 * A ZIP of everything that the actor's workspace has: its owner gets what the tenant has, members' own conversations and documents too.
 * Throws `payload_too_large` where the documents do not fit into one archive.
 */
export async function exportWorkspace(ctx: Context<UserActor>): Promise<AsyncGenerator<Uint8Array>> {
  const workspace = await findWorkspace(ctx.db, ctx.actor.workspaceId);
  if (!workspace) throw notFound("workspace");
  await requireFits(ctx.db, { workspaceId: workspace.id, userId: null });
  return zipped(entriesOf(ctx, workspace));
}
