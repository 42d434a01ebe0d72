import { notFound } from "../platform/errors.ts";
import type { Runtime } from "../platform/runtime.ts";
import { openSecret, type SecretPlace, sealSecret } from "../platform/secrets/secret-box.ts";
import { ShortCache } from "../platform/short-cache.ts";
import { withAudit } from "../workspaces/audited.ts";
import type { Context, UserActor } from "../workspaces/context.ts";
import { findBox, type ProviderKeyRow, removeProviderKey, rowOf, upsertProviderKey } from "./queries.ts";

const placeOf = (workspaceId: string, provider: string): SecretPlace => ({
  table: "provider_keys",
  row: rowOf(workspaceId, provider),
  column: "box",
});

/** Stores a workspace's own key to a provider, in the place of one before. */
export async function setProviderKey(ctx: Context<UserActor>, provider: string, key: string): Promise<ProviderKeyRow> {
  const { workspaceId, userId } = ctx.actor;
  const row: ProviderKeyRow = {
    id: rowOf(workspaceId, provider),
    workspaceId,
    provider,
    box: await sealSecret(ctx.config, placeOf(workspaceId, provider), key),
    ending: key.slice(-4),
    createdBy: userId,
    createdAt: ctx.clock.now(),
  };
  await withAudit(ctx, upsertProviderKey(ctx.db, row), {
    action: "provider_key.set",
    resource: { kind: "provider_key", id: row.id },
    details: { provider, ending: row.ending },
  });
  return row;
}

/** Forgets a workspace's own key. Throws `not_found`. */
export async function deleteProviderKey(ctx: Context<UserActor>, provider: string): Promise<void> {
  const removed = await withAudit(ctx, removeProviderKey(ctx.db, ctx.actor.workspaceId, provider), {
    action: "provider_key.removed",
    resource: { kind: "provider_key", id: rowOf(ctx.actor.workspaceId, provider) },
    details: { provider },
  });
  if (removed.length === 0) throw notFound("provider key");
}

/** A key that was changed or removed counts within three seconds. */
const opened = new ShortCache<{ key: string | undefined }>(3_000);

/**
 * A workspace's own key to a provider, or undefined where it has none. Throws `SecretBoxError` where it does not open: answering by the
 * installation's instead would charge the wrong one.
 */
export async function ownKey(ctx: Runtime, workspaceId: string, provider: string): Promise<string | undefined> {
  const [row, now] = [rowOf(workspaceId, provider), ctx.clock.now()];
  const known = opened.get(row, now);
  if (known) return known.key;
  const box = await findBox(ctx.db, workspaceId, provider);
  const key = box === undefined ? undefined : await openSecret(ctx.config, placeOf(workspaceId, provider), box);
  opened.set(row, { key }, now);
  return key;
}
