import {
  type ApiKeyRow,
  insertApiKey,
  listApiKeys as listRows,
  revokeApiKey as revoke,
} from "../../accounts/api-key-queries.ts";
import { newApiKey } from "../../accounts/api-keys.ts";
import { type ApiKey, apiKeyList, createApiKeyInput, newApiKey as newApiKeyBody } from "../../accounts/contract.ts";
import { forgetEverywhere } from "../../platform/changes/changes.ts";
import { iso } from "../../platform/clock.ts";
import { scopes } from "../../platform/contract.ts";
import { notFound } from "../../platform/errors.ts";
import { withAudit } from "../audited.ts";
import { operation } from "../operation.ts";

const tags = ["API keys"];

function present(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    preview: row.preview,
    scopes: scopes.filter((scope) => row.scopes.includes(scope)),
    expires_at: row.expiresAt === null ? null : iso(row.expiresAt),
    last_used_at: row.lastUsedAt === null ? null : iso(row.lastUsedAt),
    created_at: iso(row.createdAt),
  };
}

export const createApiKey = operation({
  summary: "Make an API key; it is shown once",
  tags,
  action: "key.create",
  inPerson: true,
  audit: "key.created",
  input: createApiKeyInput,
  output: newApiKeyBody,
  async run(ctx, { body: { name, scopes: granted, expires_at } }) {
    const { userId, workspaceId } = ctx.actor;
    const expiresAt = expires_at === undefined ? null : Date.parse(expires_at);
    const { row, key } = newApiKey({ userId, workspaceId, name, scopes: granted, expiresAt }, ctx.clock.now());
    await withAudit(ctx, insertApiKey(ctx.db, row), {
      action: "key.created",
      resource: { kind: "key", id: row.id },
      details: { name, scopes: granted, preview: row.preview },
    });
    return { ...present(row), key };
  },
});

export const listApiKeys = operation({
  summary: "List your API keys",
  tags,
  action: "key.read",
  inPerson: true,
  output: apiKeyList,
  async run({ db, actor }) {
    const rows = await listRows(db, actor.userId, actor.workspaceId);
    return { data: rows.map(present), next_cursor: null };
  },
});

export const revokeApiKey = operation({
  summary: "End an API key",
  tags,
  action: "key.revoke",
  inPerson: true,
  audit: "key.revoked",
  params: ["id"],
  done: "It has ended.",
  async run(ctx, { params: { id } }) {
    const revoked = await withAudit(ctx, revoke(ctx.db, { ...ctx.actor, id }, ctx.clock.now()), {
      action: "key.revoked",
      resource: { kind: "key", id },
    });
    if (revoked.length === 0) throw notFound("API key");
    await forgetEverywhere(ctx, [`key:${id}`]);
  },
});
