import { z } from "zod";
import { describe, validate } from "../../platform/http/http.ts";
import { decodeCursor, encodeCursor, pageQuery } from "../../platform/http/pages.ts";
import { atWorkspace } from "../at-workspace.ts";
import { member, memberChanges, memberPage } from "../contract.ts";
import { createRouter } from "../http.ts";
import { presentMember } from "../present.ts";
import { changeMember } from "./change-member.ts";
import { listMemberPage } from "./member-queries.ts";
import { removeMember } from "./remove-member.ts";

const tags = ["Workspaces"];
const position = z.tuple([z.number(), z.string()]);

export const memberRoutes = createRouter()
  .get(
    "/workspaces/:id/members",
    atWorkspace("member.read"),
    describe({ summary: "The people of a workspace, first come first", tags, responses: { 200: memberPage } }),
    validate("query", pageQuery),
    async (c) => {
      const { db, actor } = c.var.ctx;
      const { cursor, limit } = c.req.valid("query");
      const after = cursor ? decodeCursor(cursor, position) : null;
      const rows = await listMemberPage(db, actor.workspaceId, { after, limit: limit + 1 });
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      const next = rows.length > limit && last ? encodeCursor([last.createdAt, last.userId]) : null;
      return c.json({ data: page.map(presentMember), next_cursor: next }, 200);
    },
  )
  .patch(
    "/workspaces/:id/members/:user_id",
    atWorkspace("member.change"),
    describe({
      summary: "Change a member’s role, suspend them, or let them in again",
      description:
        "Within five seconds a suspended member’s streams end and their sessions and API keys are refused in this workspace. What they made stays.",
      tags,
      responses: { 200: member },
    }),
    validate("json", memberChanges),
    async (c) => c.json(presentMember(await changeMember(c.var.ctx, c.req.param("user_id"), c.req.valid("json"))), 200),
  )
  .delete(
    "/workspaces/:id/members/:user_id",
    atWorkspace("member.remove"),
    describe({
      summary: "Take somebody out of a workspace; their API keys there end",
      tags,
      responses: { 204: "They are out." },
    }),
    async (c) => {
      await removeMember(c.var.ctx, c.req.param("user_id"));
      return c.body(null, 204);
    },
  );
