import { Hono } from "hono";
import { z } from "zod";
import { iso } from "../platform/clock.ts";
import { notFound } from "../platform/errors.ts";
import { describe, type RuntimeEnv, validate } from "../platform/http/http.ts";
import { decodeCursor, encodeCursor, pageQuery } from "../platform/http/pages.ts";
import { publicUrl } from "../platform/http/public-url.ts";
import { createRouter } from "../workspaces/http.ts";
import { permitted } from "../workspaces/permissions.ts";
import { getConversation } from "./conversations/get-conversation.ts";
import { newShare, type Share, sharedConversation, sharedPage, shareInput, shareList } from "./share-contract.ts";
import { presentEntry, readShared } from "./sharing/read-shared.ts";
import { endShare, shareConversation, shareTokenHash } from "./sharing/share-conversation.ts";
import {
  findLinkShare,
  findMembersShare,
  listMembersShares,
  listShares,
  type ShareRow,
} from "./sharing/share-queries.ts";

const tags = ["Sharing"];
const position = z.tuple([z.number(), z.string()]);
const present = ({ id, kind, createdAt }: ShareRow): Share => ({ id, kind, created_at: iso(createdAt) });

export const shareRoutes = createRouter()
  .post(
    "/conversations/:id/shares",
    describe({
      scope: "chat",
      summary: "Let others read a conversation",
      description:
        "`link`: whoever has the address reads the branch as it ends now, without an account. `members`: everybody in the workspace reads the conversation as it goes on. Quoted passages are part of what is read.",
      tags,
      responses: { 201: newShare },
    }),
    validate("json", shareInput),
    async (c) => {
      const ctx = permitted(c.var.ctx, "conversation.share");
      const { row, token } = await shareConversation(ctx, c.req.param("id"), c.req.valid("json").kind);
      const path = token ? `/s/${token}` : `/shared/${row.id}`;
      return c.json({ ...present(row), url: publicUrl(ctx.config) + path }, 201);
    },
  )
  .get(
    "/conversations/:id/shares",
    describe({ scope: "chat", summary: "Who else may read a conversation", tags, responses: { 200: shareList } }),
    async (c) => {
      const ctx = permitted(c.var.ctx, "conversation.share");
      const rows = await listShares(ctx.db, await getConversation(ctx, c.req.param("id")));
      return c.json({ data: rows.map(present), next_cursor: null }, 200);
    },
  )
  .delete(
    "/conversations/:id/shares/:share_id",
    describe({
      scope: "chat",
      summary: "End a share; its page is gone at once",
      tags,
      responses: { 204: "It has ended." },
    }),
    async (c) => {
      const ctx = permitted(c.var.ctx, "conversation.share");
      await endShare(ctx, c.req.param("id"), c.req.param("share_id"));
      return c.body(null, 204);
    },
  )
  .get(
    "/shared",
    describe({
      summary: "Conversations that are shared with the workspace, newest first",
      tags,
      responses: { 200: sharedPage },
    }),
    validate("query", pageQuery),
    async (c) => {
      const { db, actor } = permitted(c.var.ctx, "conversation.read_shared");
      const { cursor, limit } = c.req.valid("query");
      const after = cursor ? decodeCursor(cursor, position) : null;
      const rows = await listMembersShares(db, actor.workspaceId, { after, limit: limit + 1 });
      const page = rows.slice(0, limit);
      const last = page.at(-1)?.share;
      const next = rows.length > limit && last ? encodeCursor([last.createdAt, last.id]) : null;
      return c.json({ data: page.map(presentEntry), next_cursor: next }, 200);
    },
  )
  .get(
    "/shared/:id",
    describe({
      summary: "Read a conversation that is shared with the workspace",
      tags,
      responses: { 200: sharedConversation },
    }),
    async (c) => {
      const ctx = permitted(c.var.ctx, "conversation.read_shared");
      const found = await findMembersShare(ctx.db, ctx.actor.workspaceId, c.req.param("id"));
      if (!found) throw notFound("shared conversation");
      return c.json(await readShared(ctx, found), 200);
    },
  );

/** What a link to a shared conversation opens, for everybody. */
export const publicShareRoutes = new Hono<RuntimeEnv>().get(
  "/public/shares/:token",
  describe({
    summary: "Read a conversation by its link",
    tags,
    open: true,
    responses: { 200: sharedConversation },
  }),
  async (c) => {
    const db = c.var.runtime.db;
    const found = await findLinkShare(db, shareTokenHash(c.req.param("token")));
    if (!found) throw notFound("shared conversation");
    c.header("Cache-Control", "no-store");
    c.header("X-Robots-Tag", "noindex");
    return c.json(await readShared({ db, env: c.env }, found), 200);
  },
);
