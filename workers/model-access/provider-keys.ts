import { z } from "zod";
import { forgetEverywhere } from "../platform/changes/changes.ts";
import { findReliably } from "../platform/changes/relying.ts";
import { Remembered } from "../platform/changes/remembered.ts";
import { iso } from "../platform/clock.ts";
import { notFound } from "../platform/errors.ts";
import { fitting } from "../platform/operation.ts";
import type { Runtime } from "../platform/runtime.ts";
import { openSecret, type SecretPlace, sealSecret } from "../platform/secrets/secret-box.ts";
import { withAudit } from "../workspaces/audited.ts";
import { operation } from "../workspaces/operation.ts";
import { type ProviderKey, providerKey, providerKeyInput, providerKeyList, providers } from "./contract.ts";
import {
  findBox,
  listProviderKeys as listRows,
  type ProviderKeyRow,
  removeProviderKey,
  rowOf,
  upsertProviderKey,
} from "./queries.ts";

const placeOf = (workspaceId: string, provider: string): SecretPlace => ({
  table: "provider_keys",
  row: rowOf(workspaceId, provider),
  column: "box",
});

/** What changes with a workspace's keys to providers. */
const subjectOf = (workspaceId: string) => `provider-keys:${workspaceId}`;

/** Only a person in a session may: a key of ours that leaked must not change who is paid. */
const keepers = { tags: ["Models"], action: "provider_key.write", inPerson: true } as const;
const named = z.object({ provider: providers });

const present = ({ provider, ending, createdAt }: ProviderKeyRow): ProviderKey => ({
  provider,
  ending,
  created_at: iso(createdAt),
});

export const listProviderKeys = operation({
  summary: "The workspace’s own keys to model providers",
  description: "Their last four characters; the keys themselves are never shown again.",
  ...keepers,
  output: providerKeyList,
  async run({ db, actor }) {
    const rows = await listRows(db, actor.workspaceId);
    return { data: rows.map(present), next_cursor: null };
  },
});

/** In the place of one before. */
export const setProviderKey = operation({
  summary: "Give the workspace a key of its own to a model provider",
  description:
    "Answers and vectors of the workspace’s clones are then paid by it, within three seconds. It is stored under a master key, bound to this workspace.",
  ...keepers,
  audit: "provider_key.set",
  params: ["provider"],
  input: providerKeyInput,
  output: providerKey,
  async run(ctx, { params, body: { key } }) {
    const { provider } = fitting(named, params);
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
    await forgetEverywhere(ctx, [subjectOf(workspaceId)]);
    return present(row);
  },
});

/** Throws `not_found`. */
export const deleteProviderKey = operation({
  summary: "Forget the workspace’s own key",
  ...keepers,
  audit: "provider_key.removed",
  params: ["provider"],
  done: "It is gone.",
  async run(ctx, { params }) {
    const { provider } = fitting(named, params);
    const removed = await withAudit(ctx, removeProviderKey(ctx.db, ctx.actor.workspaceId, provider), {
      action: "provider_key.removed",
      resource: { kind: "provider_key", id: rowOf(ctx.actor.workspaceId, provider) },
      details: { provider },
    });
    if (removed.length === 0) throw notFound("provider key");
    await forgetEverywhere(ctx, [subjectOf(ctx.actor.workspaceId)]);
  },
});

/** Keys as they were opened, also that there is none, by their rows. */
const opened = new Remembered<{ workspaceId: string; key: string | undefined }>(({ workspaceId }) => [
  subjectOf(workspaceId),
]);

/**
 * A workspace's own key to a provider, or undefined where it has none. Throws `SecretBoxError` where it does not open: answering by the
 * installation's instead would charge the wrong one.
 */
export const ownKey = (ctx: Runtime, workspaceId: string, provider: string): Promise<string | undefined> =>
  findReliably(ctx, async (relying) => {
    const [row, now] = [rowOf(workspaceId, provider), ctx.clock.now()];
    const known = relying.recall(opened, row, now);
    if (known) return known.key;
    const box = await findBox(ctx.db, workspaceId, provider);
    const key = box === undefined ? undefined : await openSecret(ctx.config, placeOf(workspaceId, provider), box);
    opened.set(row, { workspaceId, key }, now);
    return key;
  });
