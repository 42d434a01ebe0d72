import { describeCertificate } from "../../accounts/saml/saml-metadata.ts";
import { serviceOf } from "../../accounts/saml/saml-sign-in.ts";
import { iso } from "../../platform/clock.ts";
import { publicUrl } from "../../platform/http/public-url.ts";
import type { Runtime } from "../../platform/runtime.ts";
import type { Connection, SsoDomain } from "../sso-contract.ts";
import type { ConnectionRow, DomainRow } from "./queries.ts";
import { isReady } from "./settings.ts";

/** What the owner of a domain puts into DNS. */
export const recordOf = ({ token }: Pick<DomainRow, "token">) => `understudy-verification=${token}`;

/** Where a connection's sign-ins begin, and where a provider of OpenID Connect sends the browser back to. */
export const signInUrl = ({ config }: Pick<Runtime, "config">, id: string) =>
  `${publicUrl(config)}/api/v1/auth/sso/${id}`;
export const ssoCallbackUrl = (runtime: Pick<Runtime, "config">, id: string) => `${signInUrl(runtime, id)}/callback`;

export const presentDomain = (row: DomainRow): SsoDomain => ({
  id: row.id,
  domain: row.domain,
  verified: row.verifiedAt !== null,
  record: { type: "TXT", name: row.domain, value: recordOf(row) },
});

export function presentConnection(runtime: Runtime, row: ConnectionRow, domains: DomainRow[]): Connection {
  const isSaml = row.kind === "saml";
  const service = serviceOf(runtime, row.id);
  return {
    id: row.id,
    kind: row.kind,
    name: row.name,
    default_role: row.defaultRole,
    ready: isReady(row),
    issuer: row.issuer,
    client_id: row.clientId,
    has_secret: row.box !== null,
    entity_id: row.entityId,
    sso_url: row.ssoUrl,
    certificates: (row.certificates ?? []).map(describeCertificate),
    service: {
      callback_url: isSaml ? null : ssoCallbackUrl(runtime, row.id),
      entity_id: isSaml ? service.entityId : null,
      acs_url: isSaml ? service.acsUrl : null,
      sign_in_url: signInUrl(runtime, row.id),
    },
    domains: domains.filter(({ connectionId }) => connectionId === row.id).map(presentDomain),
    created_at: iso(row.createdAt),
  };
}
