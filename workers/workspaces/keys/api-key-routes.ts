import { type ApiKeyRow, insertApiKey, listApiKeys, revokeApiKey } from "../../accounts/api-key-queries.ts";
import { newApiKey } from "../../accounts/api-keys.ts";
import { type ApiKey, apiKeyList, createApiKeyInput, newApiKey as newApiKeyBody } from "../../accounts/contract.ts";
import { iso } from "../../platform/clock.ts";
import { scopes } from "../../platform/contract.ts";
import { notFound, Problem } from "../../platform/errors.ts";
import { describe, validate } from "../../platform/http/http.ts";
import { withAudit } from "../audited.ts";
import type { Context, UserActor } from "../context.ts";
import { createRouter } from "../http.ts";
import { requires } from "../permissions.ts";

const tags = ["API keys"];

/** Only a person in a session may manage keys: a key that leaked must not be able to make others. */
function requireSession(ctx: Context): UserActor {
  if (ctx.actor.kind !== "user") throw new Problem("unauthenticated", "Sign in to manage API keys.");
  if (ctx.actor.keyId)
    throw new Problem("forbidden", "API keys are managed by a signed-in person, not through another key.");
  return ctx.actor;
}

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

export const apiKeyRoutes = createRouter()
  .post(
    "/api-keys",
    requires("key.create"),
    describe({ summary: "Make an API key; it is shown once", tags, responses: { 201: newApiKeyBody } }),
    validate("json", createApiKeyInput),
    async (c) => {
      const { ctx } = c.var;
      const { userId, workspaceId } = requireSession(ctx);
      const { name, scopes: granted, expires_at } = c.req.valid("json");
      const expiresAt = expires_at === undefined ? null : Date.parse(expires_at);
      const input = { userId, workspaceId, name, scopes: granted, expiresAt };
      const { row, key } = newApiKey(input, ctx.clock.now());
      await withAudit(ctx, insertApiKey(ctx.db, row), {
        action: "key.created",
        resource: { kind: "key", id: row.id },
        details: { name, scopes: granted, preview: row.preview },
      });
      return c.json({ ...present(row), key }, 201);
    },
  )
  .get(
    "/api-keys",
    requires("key.read"),
    describe({ summary: "List your API keys", tags, responses: { 200: apiKeyList } }),
    async (c) => {
      const { userId, workspaceId } = requireSession(c.var.ctx);
      const rows = await listApiKeys(c.var.ctx.db, userId, workspaceId);
      return c.json({ data: rows.map(present), next_cursor: null }, 200);
    },
  )
  .delete(
    "/api-keys/:id",
    requires("key.revoke"),
    describe({ summary: "End an API key", tags, responses: { 204: "It has ended." } }),
    async (c) => {
      const { ctx } = c.var;
      const id = c.req.param("id");
      const revoked = await withAudit(ctx, revokeApiKey(ctx.db, requireSession(ctx).userId, id, ctx.clock.now()), {
        action: "key.revoked",
        resource: { kind: "key", id },
      });
      if (revoked.length === 0) throw notFound("API key");
      return c.body(null, 204);
    },
  );
