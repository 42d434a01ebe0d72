import { paged, pageQuery } from "../../platform/http/paging.ts";
import { memberPage, tags } from "../contract.ts";
import { operation } from "../operation.ts";
import { presentMember } from "../present.ts";
import { listMemberPage } from "./member-queries.ts";

export const listMembers = operation({
  summary: "The people of a workspace, first come first",
  tags,
  action: "member.read",
  atWorkspace: true,
  params: ["id"],
  query: pageQuery,
  output: memberPage,
  async run({ db, actor }, { query }) {
    const { rows, next_cursor } = await paged(
      query,
      (from) => listMemberPage(db, actor.workspaceId, from),
      ({ createdAt, userId }) => [createdAt, userId],
    );
    return { data: rows.map(presentMember), next_cursor };
  },
});
