import { z } from "zod";
import { describe, validate } from "../platform/http/http.ts";
import { decodeCursor, encodeCursor, pageQuery } from "../platform/http/pages.ts";
import { actIn } from "../workspaces/act-in.ts";
import { createRouter } from "../workspaces/http.ts";
import { permitted } from "../workspaces/permissions.ts";
import { clone, clonePage, createCloneInput, updateCloneInput } from "./contract.ts";
import { createClone } from "./create-clone.ts";
import { deleteClone } from "./delete-clone.ts";
import { getClone } from "./get-clone.ts";
import { presentClone } from "./present.ts";
import { countDocuments, listClonePage } from "./queries.ts";
import { updateClone } from "./update-clone.ts";

const tags = ["Clones"];
const position = z.tuple([z.number(), z.string()]);

export const cloneRoutes = createRouter()
  .post(
    "/clones",
    describe({ summary: "Create a clone", tags, responses: { 201: clone } }),
    validate("json", createCloneInput),
    async (c) => {
      const { workspace_id, ...input } = c.req.valid("json");
      const ctx = await actIn(permitted(c.var.ctx, "clone.write"), workspace_id);
      const created = await createClone(permitted(ctx, "clone.write"), input);
      return c.json(presentClone(created, 0), 201);
    },
  )
  .get(
    "/clones",
    describe({ summary: "List the workspace’s clones, newest first", tags, responses: { 200: clonePage } }),
    validate("query", pageQuery),
    async (c) => {
      const ctx = permitted(c.var.ctx, "clone.read");
      const { cursor, limit } = c.req.valid("query");
      const after = cursor ? decodeCursor(cursor, position) : null;
      const { workspaceId } = ctx.actor;
      const [rows, counts] = await Promise.all([
        listClonePage(ctx.db, workspaceId, { after, limit: limit + 1 }),
        countDocuments(ctx.db, workspaceId),
      ]);
      const shown = rows.slice(0, limit);
      const last = rows.length > limit ? shown.at(-1) : undefined;
      const data = shown.map((row) => presentClone(row, counts.get(row.id) ?? 0));
      return c.json({ data, next_cursor: last ? encodeCursor([last.createdAt, last.id]) : null }, 200);
    },
  )
  .get("/clones/:id", describe({ summary: "Read a clone", tags, responses: { 200: clone } }), async (c) => {
    const ctx = permitted(c.var.ctx, "clone.read");
    const row = await getClone(ctx, c.req.param("id"));
    const counts = await countDocuments(ctx.db, row.workspaceId);
    return c.json(presentClone(row, counts.get(row.id) ?? 0), 200);
  })
  .patch(
    "/clones/:id",
    describe({ summary: "Change a clone; publish it by its visibility", tags, responses: { 200: clone } }),
    validate("json", updateCloneInput),
    async (c) => {
      const ctx = permitted(c.var.ctx, "clone.write");
      const row = await updateClone(ctx, c.req.param("id"), c.req.valid("json"));
      const counts = await countDocuments(ctx.db, row.workspaceId);
      return c.json(presentClone(row, counts.get(row.id) ?? 0), 200);
    },
  )
  .delete(
    "/clones/:id",
    describe({ summary: "Delete a clone with all it knows", tags, responses: { 204: "It is gone." } }),
    async (c) => {
      await deleteClone(permitted(c.var.ctx, "clone.delete"), c.req.param("id"));
      return c.body(null, 204);
    },
  );
