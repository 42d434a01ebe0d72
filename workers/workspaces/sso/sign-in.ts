import { callbackQuery } from "../../accounts/oauth-contract.ts";
import { accountOperation } from "../../accounts/operation.ts";
import { browserOf } from "../../accounts/providers/oauth-http.ts";
import { begin, take } from "../../accounts/providers/oauth-state.ts";
import { oidcAuthorization, oidcIdentity } from "../../accounts/providers/oidc-sign-in.ts";
import { expired, orRefused, requireCodeIn, type SignInStep, start } from "../../accounts/providers/sign-in-step.ts";
import { samlAuthorization } from "../../accounts/saml/saml-sign-in.ts";
import { sameSitePath } from "../../platform/redirect-contract.ts";
import { beginQuery, tags } from "../sso-contract.ts";
import { ssoCallbackUrl } from "./present.ts";
import { oidcProvider, requireConnection, samlProvider } from "./provider.ts";
import { signInByConnection } from "./sign-in-by-connection.ts";
import { tellRefusal } from "./tell-refusal.ts";

/** Throws `not_found`. */
export const startSso = accountOperation({
  limit: "auth",
  summary: "Sign in by a workspace’s single sign-on",
  description: "For browsers: leads to the organisation’s provider and back, with a cookie.",
  tags,
  audit: "sso.refused",
  params: ["connection"],
  query: beginQuery,
  done: "To the provider, or to the sign-in page with `problem`.",
  async run(call, { params: { connection: id }, query }): Promise<SignInStep> {
    const returnTo = sameSitePath(query.return_to, start);
    const connection = await requireConnection(call, id);
    const { browser, ...begun } = await begin(call, { provider: id, returnTo });
    return orRefused(returnTo, tellRefusal(call, connection), async () => {
      const url = await (connection.kind === "saml"
        ? samlAuthorization(call, samlProvider(connection), begun)
        : oidcAuthorization(await oidcProvider(call, connection), {
            ...begun,
            redirectURI: ssoCallbackUrl(call, id),
          }));
      return { url, browser };
    });
  },
});

/** An answer that belongs to no sign-in of this browser is refused. Throws `not_found`. */
export const finishOidc = accountOperation({
  summary: "Come back from a provider of OpenID Connect",
  tags,
  audit: ["session.started", "member.joined", "sso.refused"],
  params: ["connection"],
  query: callbackQuery,
  done: "To where the sign-in began, or to the sign-in page with `problem`.",
  async run(call, { params: { connection: id }, query }): Promise<SignInStep> {
    const connection = await requireConnection(call, id);
    const provider = await oidcProvider(call, connection);
    const begun = query.state ? await take(call, query.state, browserOf(call)) : null;
    if (begun?.provider !== id) return expired();
    const { returnTo, codeVerifier, nonce } = begun;
    return orRefused(returnTo, tellRefusal(call, connection), async () => {
      const exchange = { code: requireCodeIn(query), codeVerifier, redirectURI: ssoCallbackUrl(call, id) };
      const said = { nonce, issuer: query.iss, now: call.clock.now() };
      const identity = await oidcIdentity(provider, exchange, said);
      return { returnTo, ...(await signInByConnection(call, connection, identity)) };
    });
  },
});
