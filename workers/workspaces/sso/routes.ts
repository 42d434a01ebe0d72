import { describe, validate } from "../../platform/http/http.ts";
import { atWorkspace } from "../at-workspace.ts";
import type { Context, UserActor } from "../context.ts";
import { createRouter } from "../http.ts";
import {
  type Connection,
  connection,
  connectionChanges,
  connectionInput,
  connectionList,
  domainInput,
  ssoDomain,
} from "../sso-contract.ts";
import { changeConnection, getConnection } from "./change-connection.ts";
import { createConnection } from "./create-connection.ts";
import { deleteConnection } from "./delete-connection.ts";
import { addDomain, deleteDomain } from "./domains.ts";
import { presentConnection, presentDomain } from "./present.ts";
import { type ConnectionRow, listConnections, listDomains } from "./queries.ts";
import { verifyDomain } from "./verify-domain.ts";

const tags = ["Single sign-on"];

const shown = async (ctx: Context<UserActor>, row: ConnectionRow): Promise<Connection> =>
  presentConnection(ctx, row, await listDomains(ctx.db, ctx.actor.workspaceId, row.id));

export const ssoRoutes = createRouter()
  .get(
    "/workspaces/:id/sso",
    atWorkspace("sso.read"),
    describe({ summary: "The workspace’s single sign-on", tags, responses: { 200: connectionList } }),
    async (c) => {
      const { ctx } = c.var;
      const { workspaceId } = ctx.actor;
      const [rows, domains] = await Promise.all([
        listConnections(ctx.db, workspaceId),
        listDomains(ctx.db, workspaceId),
      ]);
      return c.json({ data: rows.map((row) => presentConnection(ctx, row, domains)), next_cursor: null }, 200);
    },
  )
  .post(
    "/workspaces/:id/sso",
    atWorkspace("sso.write"),
    describe({
      summary: "Let people sign in by their organisation",
      description:
        "By OpenID Connect or SAML 2.0, in shared workspaces. Without the provider’s settings it is a draft, whose `service` says what is entered at the provider.",
      tags,
      responses: { 201: connection },
    }),
    validate("json", connectionInput),
    async (c) => c.json(await shown(c.var.ctx, await createConnection(c.var.ctx, c.req.valid("json"))), 201),
  )
  .get(
    "/workspaces/:id/sso/:connection_id",
    atWorkspace("sso.read"),
    describe({ summary: "Read a single sign-on", tags, responses: { 200: connection } }),
    async (c) => c.json(await shown(c.var.ctx, await getConnection(c.var.ctx, c.req.param("connection_id"))), 200),
  )
  .patch(
    "/workspaces/:id/sso/:connection_id",
    atWorkspace("sso.write"),
    describe({
      summary: "Change a single sign-on",
      description: "Another issuer takes the client secret again. Its people are then recognised by their addresses.",
      tags,
      responses: { 200: connection },
    }),
    validate("json", connectionChanges),
    async (c) => {
      const { ctx } = c.var;
      return c.json(
        await shown(ctx, await changeConnection(ctx, c.req.param("connection_id"), c.req.valid("json"))),
        200,
      );
    },
  )
  .delete(
    "/workspaces/:id/sso/:connection_id",
    atWorkspace("sso.write"),
    describe({ summary: "End a single sign-on", tags, responses: { 204: "Nobody signs in by it any more." } }),
    async (c) => {
      await deleteConnection(c.var.ctx, c.req.param("connection_id"));
      return c.body(null, 204);
    },
  )
  .post(
    "/workspaces/:id/sso/:connection_id/domains",
    atWorkspace("sso.write"),
    describe({
      summary: "Name a domain whose people sign in this way",
      description: "It counts once its TXT record was found.",
      tags,
      responses: { 201: ssoDomain },
    }),
    validate("json", domainInput),
    async (c) => {
      const row = await addDomain(c.var.ctx, c.req.param("connection_id"), c.req.valid("json").domain);
      return c.json(presentDomain(row), 201);
    },
  )
  .post(
    "/workspaces/:id/sso/:connection_id/domains/:domain_id/verification",
    atWorkspace("sso.write"),
    describe({
      summary: "Look for a domain’s TXT record",
      description: "A domain counts for one workspace. It moves to whoever proves it once the other’s record is gone.",
      tags,
      responses: { 200: ssoDomain },
    }),
    async (c) => {
      const row = await verifyDomain(c.var.ctx, c.req.param("connection_id"), c.req.param("domain_id"));
      return c.json(presentDomain(row), 200);
    },
  )
  .delete(
    "/workspaces/:id/sso/:connection_id/domains/:domain_id",
    atWorkspace("sso.write"),
    describe({ summary: "Take a domain away", tags, responses: { 204: "Its people sign in another way." } }),
    async (c) => {
      await deleteDomain(c.var.ctx, c.req.param("connection_id"), c.req.param("domain_id"));
      return c.body(null, 204);
    },
  );
