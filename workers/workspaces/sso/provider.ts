import type { Ask } from "../../accounts/providers/oauth-fetch.ts";
import type { OAuthProvider } from "../../accounts/providers/oauth-providers.ts";
import type { SamlProvider } from "../../accounts/saml/saml-sign-in.ts";
import { notFound } from "../../platform/errors.ts";
import { fetchPolicy, guardedCall } from "../../platform/fetch/guarded-fetch.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { openSecret } from "../../platform/secrets/secret-box.ts";
import { type ConnectionRow, findOpenConnection } from "./queries.ts";
import { isReady, placeOf } from "./settings.ts";

/** More than any provider says of itself. */
const mostBytes = 1_000_000;

/** How a provider is reached that a stranger has named: wherever its description leads, by the rules for such addresses. */
const askGuarded =
  ({ env, config }: Runtime): Ask =>
  (url, call) =>
    guardedCall(fetchPolicy(env, config), url, call, mostBytes);

/** A connection that one may sign in by. Throws `not_found`. */
export async function requireConnection({ db }: Runtime, id: string): Promise<ConnectionRow> {
  const row = await findOpenConnection(db, id);
  if (!row || !isReady(row)) throw notFound("single sign-on");
  return row;
}

/** A connection's provider of OpenID Connect. Throws `not_found` where it is of another kind. */
export async function oidcProvider(
  runtime: Runtime,
  { id, name, issuer, clientId, box }: ConnectionRow,
): Promise<OAuthProvider> {
  if (issuer === null || clientId === null || box === null) throw notFound("single sign-on");
  const clientSecret = await openSecret(runtime.config, placeOf(id), box);
  return { id, name, protocol: { kind: "oidc" }, authority: issuer, clientId, clientSecret, ask: askGuarded(runtime) };
}

/** A connection's provider of SAML. Throws `not_found` where it is of another kind. */
export function samlProvider({ id, entityId, ssoUrl, certificates }: ConnectionRow): SamlProvider {
  if (entityId === null || ssoUrl === null || certificates === null) throw notFound("single sign-on");
  return { id, entityId, ssoUrl, certificates };
}
