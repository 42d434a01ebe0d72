import { z } from "zod";
import { describe, validate } from "../../platform/http/http.ts";
import { decodeCursor, encodeCursor } from "../../platform/http/pages.ts";
import { actIn } from "../../workspaces/act-in.ts";
import type { Context } from "../../workspaces/context.ts";
import { createRouter } from "../../workspaces/http.ts";
import { requires, requireUser } from "../../workspaces/permissions.ts";
import { ownerOf } from "../access.ts";
import {
  conversation,
  conversationLabels,
  conversationPage,
  createConversationInput,
  listConversationsQuery,
  updateConversationInput,
} from "../contract.ts";
import { presentConversation } from "../present.ts";
import { countByFolder, countByTag, listConversationPage } from "../queries.ts";
import { createConversation } from "./create-conversation.ts";
import { getConversation } from "./get-conversation.ts";
import { deleteConversation, updateConversation } from "./update-conversation.ts";

const tags = ["Conversations"];
const position = z.tuple([z.number(), z.string()]);

async function inWorkspace(ctx: Context, workspaceId: string | undefined): Promise<Context> {
  if (workspaceId === undefined) return ctx;
  requireUser(ctx, "conversation.write");
  return actIn(ctx, workspaceId, "conversation.write");
}

export const conversationRoutes = createRouter()
  .post(
    "/conversations",
    requires("conversation.write"),
    describe({
      scope: "chat",
      summary: "Open a conversation with a clone, or with a model alone",
      tags,
      responses: { 201: conversation },
    }),
    validate("json", createConversationInput),
    async (c) => {
      const { workspace_id, ...input } = c.req.valid("json");
      const ctx = await inWorkspace(c.var.ctx, workspace_id);
      return c.json(presentConversation(await createConversation(ctx, input)), 201);
    },
  )
  .get(
    "/conversations",
    requires("conversation.read"),
    describe({
      scope: "chat",
      summary: "List your conversations, last touched first",
      tags,
      responses: { 200: conversationPage },
    }),
    validate("query", listConversationsQuery),
    async (c) => {
      const { cursor, limit, clone_id, archived, folder, tag } = c.req.valid("query");
      const after = cursor ? decodeCursor(cursor, position) : null;
      const filter = { cloneId: clone_id, archived: archived === "true", folder, tag };
      const rows = await listConversationPage(c.var.ctx.db, ownerOf(c.var.ctx), filter, { after, limit: limit + 1 });
      const shown = rows.slice(0, limit);
      const last = rows.length > limit ? shown.at(-1) : undefined;
      return c.json(
        { data: shown.map(presentConversation), next_cursor: last ? encodeCursor([last.updatedAt, last.id]) : null },
        200,
      );
    },
  )
  .get(
    "/conversations/labels",
    requires("conversation.read"),
    describe({
      scope: "chat",
      summary: "The folders and tags of your conversations",
      tags,
      responses: { 200: conversationLabels },
    }),
    async (c) => {
      const owner = ownerOf(c.var.ctx);
      const [folders, named] = await Promise.all([countByFolder(c.var.ctx.db, owner), countByTag(c.var.ctx.db, owner)]);
      return c.json({ folders, tags: named }, 200);
    },
  )
  .get(
    "/conversations/:id",
    requires("conversation.read"),
    describe({ scope: "chat", summary: "Read a conversation", tags, responses: { 200: conversation } }),
    async (c) => c.json(presentConversation(await getConversation(c.var.ctx, c.req.param("id"))), 200),
  )
  .put(
    "/conversations/:id",
    requires("conversation.write"),
    describe({
      scope: "chat",
      summary: "Rename, pin, archive, file or tag it, or show another branch",
      tags,
      responses: { 200: conversation },
    }),
    validate("json", updateConversationInput),
    async (c) =>
      c.json(presentConversation(await updateConversation(c.var.ctx, c.req.param("id"), c.req.valid("json"))), 200),
  )
  .delete(
    "/conversations/:id",
    requires("conversation.write"),
    describe({ scope: "chat", summary: "Delete a conversation", tags, responses: { 204: "It is gone." } }),
    async (c) => {
      await deleteConversation(c.var.ctx, c.req.param("id"));
      return c.body(null, 204);
    },
  );
