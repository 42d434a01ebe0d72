import { notFound } from "../../platform/errors.ts";
import type { Context, UserActor } from "../context.ts";
import { operation } from "../operation.ts";
import { type Connection, connection, connectionList, tags } from "../sso-contract.ts";
import { presentConnection } from "./present.ts";
import { type ConnectionRow, findConnection, listDomains, listConnections as listRows } from "./queries.ts";

/** A connection of the actor's workspace. Throws `not_found`. */
export async function getConnection({ db, actor }: Context<UserActor>, id: string): Promise<ConnectionRow> {
  const row = await findConnection(db, { workspaceId: actor.workspaceId, id });
  if (!row) throw notFound("single sign-on");
  return row;
}

/** A connection of the actor's workspace with its domains, as its people see it. */
export const shownConnection = async (ctx: Context<UserActor>, row: ConnectionRow): Promise<Connection> =>
  presentConnection(ctx, row, await listDomains(ctx.db, ctx.actor.workspaceId, row.id));

export const listConnections = operation({
  summary: "The workspace’s single sign-on",
  tags,
  action: "sso.read",
  atWorkspace: true,
  params: ["id"],
  output: connectionList,
  async run(ctx) {
    const { workspaceId } = ctx.actor;
    const [rows, domains] = await Promise.all([listRows(ctx.db, workspaceId), listDomains(ctx.db, workspaceId)]);
    return { data: rows.map((row) => presentConnection(ctx, row, domains)), next_cursor: null };
  },
});

export const readConnection = operation({
  summary: "Read a single sign-on",
  tags,
  action: "sso.read",
  atWorkspace: true,
  params: ["id", "connection_id"],
  output: connection,
  run: async (ctx, { params }) => shownConnection(ctx, await getConnection(ctx, params.connection_id)),
});
