import { publicUrl } from "../../platform/http/public-url.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { githubAuthorization, githubIdentity } from "./github-sign-in.ts";
import { agreementToken } from "./oauth-agreement.ts";
import { requireProvider } from "./oauth-providers.ts";
import { OAuthRefusal } from "./oauth-refusal.ts";
import { begin, take } from "./oauth-state.ts";
import { oidcAuthorization, oidcIdentity } from "./oidc-sign-in.ts";
import { type Asking, inBrowser, type OAuthSignedIn } from "./open-for.ts";
import { signInIdentified } from "./sign-in-identified.ts";

/** Where a provider sends the browser back to: what is entered in its settings. */
export const callbackUrl = ({ config }: Pick<Runtime, "config">, provider: string) =>
  `${publicUrl(config)}/api/v1/auth/oauth/${provider}/callback`;

/** Begins a sign-in: the provider's address, and what only this browser may know. `returnTo` is a path of this site. Throws `not_found`, `OAuthRefusal`. */
export async function startOAuth(
  runtime: Runtime,
  id: string,
  returnTo: string,
): Promise<{ url: URL; browser: string }> {
  const provider = requireProvider(runtime, id);
  const { browser, ...begun } = await begin(runtime, { provider: provider.id, returnTo });
  const authorization = { ...begun, redirectURI: callbackUrl(runtime, provider.id) };
  const isGitHub = provider.protocol.kind === "github";
  const url = await (isGitHub ? githubAuthorization : oidcAuthorization)(provider, authorization);
  return { url, browser };
}

/** What a provider sends back with the browser, and the browser's own cookie. */
export interface OAuthAnswer {
  code?: string | undefined;
  state?: string | undefined;
  error?: string | undefined;
  iss?: string | undefined;
  browser: string;
}

/** How a sign-in ended, and where its person wanted to go. */
export type Finished = { returnTo: string } & (OAuthSignedIn | { refusal: OAuthRefusal });

/** The end of a sign-in; a refusal on the way is returned with where the person wanted to go. */
export async function finishedBy(returnTo: string, open: () => Promise<OAuthSignedIn>): Promise<Finished> {
  try {
    return { returnTo, ...(await open()) };
  } catch (error) {
    if (error instanceof OAuthRefusal) return { returnTo, refusal: error };
    throw error;
  }
}

/** The code in a provider's answer. Throws `OAuthRefusal` where there is none. */
export function requireCodeIn({ code, error }: OAuthAnswer): string {
  if (code) return code;
  throw new OAuthRefusal(error === "access_denied" ? "cancelled" : "provider_failed");
}

/**
 * Ends a sign-in that came back from the provider. Throws `not_found` for a provider that is not set up, and `OAuthRefusal` for an
 * answer that belongs to no sign-in of this browser; any other refusal is returned with where the person wanted to go.
 */
export async function finishOAuth(
  runtime: Runtime,
  id: string,
  answer: OAuthAnswer,
  asking: Asking,
): Promise<Finished> {
  const provider = requireProvider(runtime, id);
  const begun = answer.state ? await take(runtime, answer.state, answer.browser) : null;
  if (begun?.provider !== provider.id) throw new OAuthRefusal("expired");
  const { returnTo, codeVerifier, nonce } = begun;
  return finishedBy(returnTo, async () => {
    const exchange = { code: requireCodeIn(answer), codeVerifier, redirectURI: callbackUrl(runtime, provider.id) };
    const { protocol } = provider;
    const identity =
      protocol.kind === "github"
        ? await githubIdentity(provider, protocol.api, exchange)
        : await oidcIdentity(provider, exchange, { nonce, issuer: answer.iss, now: runtime.clock.now() });
    const signedIn = await signInIdentified(runtime, provider, identity, asking);
    return "newcomer" in signedIn
      ? { cookies: [], agreementToken: await agreementToken(runtime, signedIn.newcomer) }
      : inBrowser(signedIn);
  });
}
