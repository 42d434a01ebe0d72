import { Problem } from "../../platform/errors.ts";
import { openOperation } from "../../platform/open-operation.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { tags } from "../contract.ts";
import { directoryOf } from "../ldap/ldap-directory.ts";
import { type OAuthProviderEntry, oauthProviderList } from "../oauth-contract.ts";
import { type Ask, askDirectly } from "./oauth-fetch.ts";

/** A provider that people may sign in by, with what this installation is to it. */
export interface OAuthProvider {
  /** As it stands in paths: `google`, `github` or `oidc`, or a workspace's own connection. */
  id: string;
  /** As its button says it. */
  name: string;
  /** OpenID Connect, with everything else found at its issuer; or GitHub, which has no id tokens. */
  protocol: { kind: "oidc" } | { kind: "github"; api: string };
  /** Its issuer, or GitHub's address. */
  authority: string;
  ask: Ask;
  clientId: string;
  clientSecret: string;
}

const withoutSlash = (address: string) => address.replace(/\/+$/, "");

/** The providers that are set up, in the order of their buttons. */
function providersOf({ config }: Pick<Runtime, "config">): OAuthProvider[] {
  const found: OAuthProvider[] = [];
  const add = (
    provider: Omit<OAuthProvider, "clientId" | "clientSecret" | "ask">,
    clientId: string | undefined,
    clientSecret: string | undefined,
  ) => clientId && clientSecret && found.push({ ...provider, clientId, clientSecret, ask: askDirectly });
  const oidc = { kind: "oidc" } as const;
  add(
    { id: "google", name: "Google", protocol: oidc, authority: config.GOOGLE_ISSUER },
    config.GOOGLE_CLIENT_ID,
    config.GOOGLE_CLIENT_SECRET,
  );
  const github = { kind: "github", api: withoutSlash(config.GITHUB_API_URL) } as const;
  add(
    { id: "github", name: "GitHub", protocol: github, authority: withoutSlash(config.GITHUB_URL) },
    config.GITHUB_CLIENT_ID,
    config.GITHUB_CLIENT_SECRET,
  );
  if (config.OIDC_ISSUER) {
    add(
      { id: "oidc", name: config.OIDC_NAME, protocol: oidc, authority: config.OIDC_ISSUER },
      config.OIDC_CLIENT_ID,
      config.OIDC_CLIENT_SECRET,
    );
  }
  return found;
}

/** All ways to sign in without a password of this installation, in the order of their buttons. */
export const listProviders = openOperation({
  summary: "List the providers that one may sign in by",
  tags,
  output: oauthProviderList,
  run(call) {
    const found: OAuthProviderEntry[] = providersOf(call).map(({ id, name }) => ({ id, name, kind: "redirect" }));
    const directory = directoryOf(call);
    if (directory) found.push({ id: "ldap", name: directory.name, kind: "password" });
    return { data: found, next_cursor: null };
  },
});

/** A provider that is set up. Throws `not_found`. */
export function requireProvider(runtime: Runtime, id: string): OAuthProvider {
  const provider = providersOf(runtime).find((each) => each.id === id);
  if (!provider)
    throw new Problem("not_found", "This installation has no such way to sign in. /sign-in shows what it has.");
  return provider;
}
