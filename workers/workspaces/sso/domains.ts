import { newSecret } from "../../accounts/secrets.ts";
import { notFound, Problem } from "../../platform/errors.ts";
import { addressOfHost, isNetworkName } from "../../platform/fetch/guarded-fetch-address.ts";
import { newId } from "../../platform/ids.ts";
import { withAudit } from "../audited.ts";
import type { Context, UserActor } from "../context.ts";
import { getConnection } from "./change-connection.ts";
import { isPublicMail } from "./public-mail-domains.ts";
import { type DomainRow, findDomain, insertDomain, listDomains, removeDomain } from "./queries.ts";

/** How many domains one connection may have. */
const most = 20;

function refuse(message: string): never {
  throw new Problem("validation_failed", message, { errors: [{ path: "domain", message }] });
}

/** A domain as DNS knows it. Throws `validation_failed` for what is none, and for those of public mail. */
function readDomain(text: string): string {
  const host = URL.parse(`http://${text.replace(/^@/, "")}`);
  const isPlain = host !== null && host.pathname === "/" && !host.port && !host.username && !host.search && !host.hash;
  const domain = isPlain ? host.hostname.replace(/\.$/, "") : "";
  const isName = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/.test(domain);
  if (!isName || addressOfHost(domain) !== null || isNetworkName(domain))
    refuse("Enter the part behind the @ of your people’s addresses, such as example.com.");
  if (isPublicMail(domain))
    refuse(`Anybody gets an address at ${domain}. Enter a domain that is your organisation’s own.`);
  return domain;
}

/** Adds a domain, which counts once it is verified. Throws `not_found`, `validation_failed`, and `conflict` where the workspace has it already. */
export async function addDomain(ctx: Context<UserActor>, connectionId: string, text: string): Promise<DomainRow> {
  const { db, clock, actor } = ctx;
  const { workspaceId } = actor;
  const domain = readDomain(text);
  await getConnection(ctx, connectionId);
  if ((await listDomains(db, workspaceId, connectionId)).length >= most)
    throw new Problem("conflict", `A single sign-on has at most ${most} domains.`);
  const row: DomainRow = {
    id: newId("domain"),
    workspaceId,
    connectionId,
    domain,
    token: newSecret(),
    verifiedAt: null,
    createdAt: clock.now(),
  };
  const made = await withAudit(ctx, insertDomain(db, row), {
    action: "sso.domain_added",
    resource: { kind: "sso_connection", id: connectionId },
    details: { name: domain },
  });
  if (made.length === 0) throw new Problem("conflict", `${domain} is in this workspace’s single sign-on already.`);
  return row;
}

/** A domain of a connection. Throws `not_found`. */
export async function getDomain(ctx: Context<UserActor>, connectionId: string, id: string): Promise<DomainRow> {
  const row = await findDomain(ctx.db, { workspaceId: ctx.actor.workspaceId, connectionId, id });
  if (!row) throw notFound("domain");
  return row;
}

/** Takes a domain away: its people do not sign in by the connection any more. Throws `not_found`. */
export async function deleteDomain(ctx: Context<UserActor>, connectionId: string, id: string): Promise<void> {
  const { domain } = await getDomain(ctx, connectionId, id);
  await withAudit(ctx, removeDomain(ctx.db, { workspaceId: ctx.actor.workspaceId, connectionId, id }), {
    action: "sso.domain_removed",
    resource: { kind: "sso_connection", id: connectionId },
    details: { name: domain },
  });
}
