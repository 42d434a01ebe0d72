import type { Connection } from "../../workers/workspaces/sso-contract.ts";

export const kindNames: Record<Connection["kind"], string> = { oidc: "OpenID Connect", saml: "SAML 2.0" };

/** How far a connection is. */
export function stateOf({ ready, domains }: Connection): { tone: "good" | "warn"; label: string } {
  if (!ready) return { tone: "warn", label: "Draft" };
  if (!domains.some(({ verified }) => verified)) return { tone: "warn", label: "Needs a domain" };
  return { tone: "good", label: "In use" };
}
