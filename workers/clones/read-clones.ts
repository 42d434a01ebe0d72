import { paged, pageQuery } from "../platform/http/paging.ts";
import { operation } from "../workspaces/operation.ts";
import { clone, clonePage, tags } from "./contract.ts";
import { getClone } from "./get-clone.ts";
import { presentClone } from "./present.ts";
import { countDocuments, listClonePage } from "./queries.ts";

export const listClones = operation({
  summary: "List the workspace’s clones, newest first",
  tags,
  action: "clone.read",
  query: pageQuery,
  output: clonePage,
  async run({ db, actor: { workspaceId } }, { query }) {
    const [{ rows, next_cursor }, counts] = await Promise.all([
      paged(
        query,
        (from) => listClonePage(db, workspaceId, from),
        ({ createdAt, id }) => [createdAt, id],
      ),
      countDocuments(db, workspaceId),
    ]);
    return { data: rows.map((row) => presentClone(row, counts.get(row.id) ?? 0)), next_cursor };
  },
});

export const readClone = operation({
  summary: "Read a clone",
  tags,
  action: "clone.read",
  params: ["id"],
  output: clone,
  async run(ctx, { params: { id } }) {
    const row = await getClone(ctx, id);
    const counts = await countDocuments(ctx.db, row.workspaceId);
    return presentClone(row, counts.get(id) ?? 0);
  },
});
