import { newSecret } from "../../accounts/secrets.ts";
import { notFound, Problem, refusedField } from "../../platform/errors.ts";
import { addressOfHost, isNetworkName } from "../../platform/fetch/guarded-fetch-address.ts";
import { newId } from "../../platform/ids.ts";
import { withAudit } from "../audited.ts";
import type { Context, UserActor } from "../context.ts";
import { operation } from "../operation.ts";
import { domainInput, ssoDomain, tags } from "../sso-contract.ts";
import { presentDomain } from "./present.ts";
import { isPublicMail } from "./public-mail-domains.ts";
import { type DomainRow, findDomain, insertDomain, listDomains, removeDomain } from "./queries.ts";
import { getConnection } from "./read-connections.ts";

/** How many domains one connection may have. */
const most = 20;

function refuse(message: string): never {
  throw refusedField("domain", message);
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

/** Throws `not_found`, `validation_failed`, and `conflict` where the workspace has it already. */
export const addDomain = operation({
  summary: "Name a domain whose people sign in this way",
  description: "It counts once its TXT record was found.",
  tags,
  action: "sso.write",
  atWorkspace: true,
  audit: "sso.domain_added",
  params: ["id", "connection_id"],
  input: domainInput,
  output: ssoDomain,
  async run(ctx, { params: { connection_id: connectionId }, body }) {
    const { db, clock, actor } = ctx;
    const { workspaceId } = actor;
    const domain = readDomain(body.domain);
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
    return presentDomain(row);
  },
});

/** A domain of a connection. Throws `not_found`. */
export async function getDomain(ctx: Context<UserActor>, connectionId: string, id: string): Promise<DomainRow> {
  const row = await findDomain(ctx.db, { workspaceId: ctx.actor.workspaceId, connectionId, id });
  if (!row) throw notFound("domain");
  return row;
}

export const deleteDomain = operation({
  summary: "Take a domain away",
  tags,
  action: "sso.write",
  atWorkspace: true,
  audit: "sso.domain_removed",
  params: ["id", "connection_id", "domain_id"],
  done: "Its people sign in another way.",
  async run(ctx, { params: { connection_id: connectionId, domain_id: id } }) {
    const { domain } = await getDomain(ctx, connectionId, id);
    await withAudit(ctx, removeDomain(ctx.db, { workspaceId: ctx.actor.workspaceId, connectionId, id }), {
      action: "sso.domain_removed",
      resource: { kind: "sso_connection", id: connectionId },
      details: { name: domain },
    });
  },
});
