import { publicUrl } from "../../platform/http/public-url.ts";
import { sameSitePath } from "../../platform/redirect-contract.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { tags } from "../contract.ts";
import { callbackQuery, startQuery } from "../oauth-contract.ts";
import { accountOperation } from "../operation.ts";
import { githubAuthorization, githubIdentity } from "./github-sign-in.ts";
import { agreementToken } from "./oauth-agreement.ts";
import { browserOf } from "./oauth-http.ts";
import { requireProvider } from "./oauth-providers.ts";
import type { OAuthRefusal } from "./oauth-refusal.ts";
import { begin, take } from "./oauth-state.ts";
import { oidcAuthorization, oidcIdentity } from "./oidc-sign-in.ts";
import { inBrowser } from "./open-for.ts";
import { signInIdentified } from "./sign-in-identified.ts";
import { expired, orRefused, requireCodeIn, type SignInStep, start } from "./sign-in-step.ts";

/** Where a provider sends the browser back to: what is entered in its settings. */
const callbackUrl = ({ config }: Pick<Runtime, "config">, provider: string) =>
  `${publicUrl(config)}/api/v1/auth/oauth/${provider}/callback`;

/** What is the fault of a provider in the settings goes into the log. */
const logFailure =
  ({ log }: Runtime, provider: string) =>
  (refusal: OAuthRefusal) => {
    if (refusal.reason === "provider_failed") log.error("oauth_failed", refusal.cause ?? refusal, { provider });
  };

/** Throws `not_found` for a provider that is not set up. */
export const startOAuth = accountOperation({
  limit: "auth",
  summary: "Sign in by a provider",
  description: "For browsers: leads to the provider (`google`, `github` or `oidc`) and back, with a cookie.",
  tags,
  params: ["provider"],
  query: startQuery,
  done: "To the provider, or to the sign-in page with `problem`.",
  async run(call, { params, query }): Promise<SignInStep> {
    const returnTo = sameSitePath(query.return_to, start);
    const provider = requireProvider(call, params.provider);
    return orRefused(returnTo, logFailure(call, provider.id), async () => {
      const { browser, ...begun } = await begin(call, { provider: provider.id, returnTo });
      const authorization = { ...begun, redirectURI: callbackUrl(call, provider.id) };
      const isGitHub = provider.protocol.kind === "github";
      const url = await (isGitHub ? githubAuthorization : oidcAuthorization)(provider, authorization);
      return { url, browser };
    });
  },
});

/** An answer that belongs to no sign-in of this browser is refused. Throws `not_found` for a provider that is not set up. */
export const finishOAuth = accountOperation({
  summary: "Come back from a provider",
  description: "Where the provider sends the browser. Opens a session, or leads to the form for the second factor.",
  tags,
  audit: "session.started",
  params: ["provider"],
  query: callbackQuery,
  done: "To where the sign-in began, or to the sign-in page with `problem`.",
  async run(call, { params, query }): Promise<SignInStep> {
    const provider = requireProvider(call, params.provider);
    const begun = query.state ? await take(call, query.state, browserOf(call)) : null;
    if (begun?.provider !== provider.id) return expired();
    const { returnTo, codeVerifier, nonce } = begun;
    return orRefused(returnTo, logFailure(call, provider.id), async () => {
      const exchange = { code: requireCodeIn(query), codeVerifier, redirectURI: callbackUrl(call, provider.id) };
      const { protocol } = provider;
      const identity =
        protocol.kind === "github"
          ? await githubIdentity(provider, protocol.api, exchange)
          : await oidcIdentity(provider, exchange, { nonce, issuer: query.iss, now: call.clock.now() });
      const signedIn = await signInIdentified(call, provider, identity);
      return "newcomer" in signedIn
        ? { returnTo, cookies: [], agreementToken: await agreementToken(call, signedIn.newcomer) }
        : { returnTo, ...inBrowser(signedIn) };
    });
  },
});
