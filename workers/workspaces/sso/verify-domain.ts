import { type AuditStatements, auditStatements } from "../../audit/record.ts";
import { Problem } from "../../platform/errors.ts";
import { resolveTexts } from "../../platform/fetch/guarded-fetch-resolve.ts";
import { audited } from "../audited.ts";
import type { Context, UserActor } from "../context.ts";
import { operation } from "../operation.ts";
import { ssoDomain, tags } from "../sso-contract.ts";
import { getDomain } from "./domains.ts";
import { presentDomain, recordOf } from "./present.ts";
import { type DomainRow, holderOf, releaseDomain, verifyDomain as storeVerified } from "./queries.ts";

const patienceMs = 5_000;

/** Who looks after domains without being asked, as another workspace's log tells it: it must not learn who took it. */
const product = { actorKind: "job", actorId: "sso", keyId: null, address: null, agent: null, requestId: null } as const;

const told = (action: "sso.domain_verified" | "sso.domain_lost", { connectionId, domain }: DomainRow) =>
  ({ action, resource: { kind: "sso_connection", id: connectionId }, details: { name: domain } }) as const;

/** What takes a domain from the workspace that has it, where that has left it or its record is gone. Throws `conflict` where it is not. */
async function released(ctx: Context<UserActor>, domain: string, texts: string[]) {
  const { db } = ctx;
  const holder = await holderOf(db, domain);
  if (!holder) return [];
  if (holder.isOpen && texts.includes(recordOf(holder))) {
    throw new Problem(
      "conflict",
      `${domain} counts for another workspace, whose record is in DNS as well. Take that one out, and verify again.`,
    );
  }
  const audit: AuditStatements = await auditStatements(
    ctx,
    holder.workspaceId,
    product,
    told("sso.domain_lost", holder),
    "changed",
  );
  return [releaseDomain(db, holder), ...audit];
}

/** Throws `not_found`, `fetch_failed`, and `conflict` where it is not, or counts for others. */
export const verifyDomain = operation({
  summary: "Look for a domain’s TXT record",
  description: "A domain counts for one workspace. It moves to whoever proves it once the other’s record is gone.",
  tags,
  action: "sso.write",
  atWorkspace: true,
  audit: "sso.domain_verified",
  params: ["id", "connection_id", "domain_id"],
  output: ssoDomain,
  async run(ctx, { params }) {
    const { db, clock, config } = ctx;
    const row = await getDomain(ctx, params.connection_id, params.domain_id);
    if (row.verifiedAt !== null) return presentDomain(row);
    const texts = await resolveTexts(config.DNS_OVER_HTTPS_URL, row.domain, AbortSignal.timeout(patienceMs));
    if (!texts.includes(recordOf(row))) {
      const seen = texts.some((text) => text.startsWith("understudy-verification=")) ? " Another one is there." : "";
      throw new Problem(
        "conflict",
        `The TXT record is not at ${row.domain} yet.${seen} It can take an hour until everybody sees a new one; then verify again.`,
      );
    }
    const now = clock.now();
    const before = await released(ctx, row.domain, texts);
    const audit = await audited(ctx, told("sso.domain_verified", row), { condition: "changed" });
    const change = storeVerified(db, row, now);
    const [first, ...others] = [...before, change, ...audit];
    const results = await db.batch([first ?? change, ...others]);
    const verified = results[before.length] as { id: string }[];
    if (verified.length === 0) throw new Problem("conflict", `${row.domain} was taken at the same time. Look again.`);
    return presentDomain({ ...row, verifiedAt: now });
  },
});
