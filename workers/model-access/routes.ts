import { z } from "zod";
import { iso } from "../platform/clock.ts";
import { Problem } from "../platform/errors.ts";
import { describe, validate } from "../platform/http/http.ts";
import type { Context, UserActor } from "../workspaces/context.ts";
import { createRouter } from "../workspaces/http.ts";
import { requireUser } from "../workspaces/permissions.ts";
import { type ProviderKey, providerKey, providerKeyInput, providerKeyList, providers } from "./contract.ts";
import { deleteProviderKey, setProviderKey } from "./provider-keys.ts";
import { listProviderKeys, type ProviderKeyRow } from "./queries.ts";

const tags = ["Models"];
const param = z.object({ provider: providers });

const present = ({ provider, ending, createdAt }: ProviderKeyRow): ProviderKey => ({
  provider,
  ending,
  created_at: iso(createdAt),
});

/** Only a person in a session may: a key of ours that leaked must not change who is paid. */
function requireKeeper(ctx: Context): asserts ctx is Context<UserActor> {
  requireUser(ctx, "provider_key.write");
  if (ctx.actor.keyId) throw new Problem("forbidden", "Provider keys are managed by a signed-in person.");
}

export const providerKeyRoutes = createRouter()
  .get(
    "/provider-keys",
    describe({
      summary: "The workspace’s own keys to model providers",
      description: "Their last four characters; the keys themselves are never shown again.",
      tags,
      responses: { 200: providerKeyList },
    }),
    async (c) => {
      const { ctx } = c.var;
      requireKeeper(ctx);
      const rows = await listProviderKeys(ctx.db, ctx.actor.workspaceId);
      return c.json({ data: rows.map(present), next_cursor: null }, 200);
    },
  )
  .put(
    "/provider-keys/:provider",
    describe({
      summary: "Give the workspace a key of its own to a model provider",
      description:
        "Answers and vectors of the workspace’s clones are then paid by it, within three seconds. It is stored under a master key, bound to this workspace.",
      tags,
      responses: { 200: providerKey },
    }),
    validate("param", param),
    validate("json", providerKeyInput),
    async (c) => {
      const { ctx } = c.var;
      requireKeeper(ctx);
      const row = await setProviderKey(ctx, c.req.valid("param").provider, c.req.valid("json").key);
      return c.json(present(row), 200);
    },
  )
  .delete(
    "/provider-keys/:provider",
    describe({ summary: "Forget the workspace’s own key", tags, responses: { 204: "It is gone." } }),
    validate("param", param),
    async (c) => {
      const { ctx } = c.var;
      requireKeeper(ctx);
      await deleteProviderKey(ctx, c.req.valid("param").provider);
      return c.body(null, 204);
    },
  );
