import type { Config } from "../platform/config/config.ts";
import { notFound } from "../platform/errors.ts";
import type { Runtime } from "../platform/runtime.ts";
import { openSecret, type SecretPlace, sealSecret } from "../platform/secrets/secret-box.ts";
import { ShortCache } from "../platform/short-cache.ts";
import { withAudit } from "./audited.ts";
import type { Context, UserActor } from "./context.ts";
import {
  findBox,
  type Provider,
  type ProviderKeyRow,
  removeProviderKey,
  rowOf,
  upsertProviderKey,
} from "./keys/provider-key-queries.ts";

const placeOf = (workspaceId: string, provider: Provider): SecretPlace => ({
  table: "provider_keys",
  row: rowOf(workspaceId, provider),
  column: "box",
});

/** Stores a workspace's own key to a provider, in the place of one before. */
export async function setProviderKey(
  ctx: Context<UserActor>,
  provider: Provider,
  key: string,
): Promise<ProviderKeyRow> {
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
export async function deleteProviderKey(ctx: Context<UserActor>, provider: Provider): Promise<void> {
  const removed = await withAudit(ctx, removeProviderKey(ctx.db, ctx.actor.workspaceId, provider), {
    action: "provider_key.removed",
    resource: { kind: "provider_key", id: rowOf(ctx.actor.workspaceId, provider) },
    details: { provider },
  });
  if (removed.length === 0) throw notFound("provider key");
}

/** As for roles: a key that was changed or removed counts within three seconds. */
const boxes = new ShortCache<{ box: string | undefined }>(3_000);

/** One configuration for a box: what is kept ready for a configuration, such as models, then serves many turns. */
const configs = new WeakMap<Config, { box: string; config: Config }[]>();
const mostConfigs = 100;

async function configWith(config: Config, workspaceId: string, box: string): Promise<Config> {
  const known = configs.get(config) ?? [];
  const found = known.find((each) => each.box === box);
  if (found) return found.config;
  const key = await openSecret(config, placeOf(workspaceId, "openai"), box);
  const made = { ...config, OPENAI_API_KEY: key };
  configs.set(config, [{ box, config: made }, ...known].slice(0, mostConfigs));
  return made;
}

/**
 * The same context with a workspace's own keys in the place of the installation's, for calls to its models. Throws
 * `SecretBoxError` where a key does not open: answering by the installation's instead would charge the wrong one.
 */
export async function withProviderKeys<C extends Runtime>(ctx: C, workspaceId: string): Promise<C> {
  const now = ctx.clock.now();
  let known = boxes.get(workspaceId, now);
  if (!known) {
    known = { box: await findBox(ctx.db, workspaceId, "openai") };
    boxes.set(workspaceId, known, now);
  }
  return known.box === undefined ? ctx : { ...ctx, config: await configWith(ctx.config, workspaceId, known.box) };
}
