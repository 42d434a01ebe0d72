import { type Finished, finishedBy, type OAuthAnswer, requireCodeIn } from "../../accounts/providers/oauth.ts";
import { OAuthRefusal } from "../../accounts/providers/oauth-refusal.ts";
import { begin, isFrom, take, takeAnywhere } from "../../accounts/providers/oauth-state.ts";
import { oidcAuthorization, oidcIdentity } from "../../accounts/providers/oidc-sign-in.ts";
import type { Asking, OAuthSignedIn } from "../../accounts/providers/open-for.ts";
import { hold, takeAssertion, takeHeld } from "../../accounts/saml/held-identity.ts";
import { samlAuthorization, samlIdentity } from "../../accounts/saml/saml-sign-in.ts";
import { refusedField } from "../../platform/errors.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { admit, domainOf } from "./admit.ts";
import { signInUrl, ssoCallbackUrl } from "./present.ts";
import { oidcProvider, requireConnection, samlProvider } from "./provider.ts";
import { type ConnectionRow, findConnectionFor } from "./queries.ts";
import { isReady } from "./settings.ts";
import { tellRefusal } from "./tell-refusal.ts";

/** Where an address's people sign in. It tells of the domain alone, whoever has an account. Throws `validation_failed`. */
export async function findSignIn(
  runtime: Runtime,
  { email, returnTo }: { email: string; returnTo: string },
): Promise<string> {
  const found = await findConnectionFor(runtime.db, domainOf(email));
  if (!found || !isReady(found)) {
    const message = `There is no single sign-on for ${domainOf(email)}. Check the address, or sign in another way.`;
    throw refusedField("email", message);
  }
  return `${signInUrl(runtime, found.id)}?${new URLSearchParams({ return_to: returnTo })}`;
}

/** Runs a step of a sign-in that belongs to one that was begun; the workspace's log is told why it came to nothing. */
async function telling<T>(
  runtime: Runtime,
  connection: ConnectionRow,
  { from }: Pick<Asking, "from">,
  step: () => Promise<T>,
): Promise<T> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof OAuthRefusal) await tellRefusal(runtime, connection, error, from);
    throw error;
  }
}

/** Begins a sign-in: the provider's address, and what only this browser may know. Throws `not_found`, `OAuthRefusal`. */
export async function startSso(
  runtime: Runtime,
  id: string,
  { returnTo, from }: { returnTo: string } & Pick<Asking, "from">,
): Promise<{ url: URL; browser: string }> {
  const connection = await requireConnection(runtime, id);
  const { browser, ...begun } = await begin(runtime, { provider: id, returnTo });
  const url = await telling(runtime, connection, { from }, async () =>
    connection.kind === "saml"
      ? samlAuthorization(runtime, samlProvider(connection), begun)
      : oidcAuthorization(await oidcProvider(runtime, connection), {
          ...begun,
          redirectURI: ssoCallbackUrl(runtime, id),
        }),
  );
  return { url, browser };
}

/** Ends a sign-in by OpenID Connect. Throws `not_found`, and `OAuthRefusal` for an answer that belongs to no sign-in of this browser. */
export async function finishOidc(runtime: Runtime, id: string, answer: OAuthAnswer, asking: Asking): Promise<Finished> {
  const connection = await requireConnection(runtime, id);
  const provider = await oidcProvider(runtime, connection);
  const begun = answer.state ? await take(runtime, answer.state, answer.browser) : null;
  if (begun?.provider !== id) throw new OAuthRefusal("expired");
  const { returnTo, codeVerifier, nonce } = begun;
  const signIn = async (): Promise<OAuthSignedIn> => {
    const exchange = { code: requireCodeIn(answer), codeVerifier, redirectURI: ssoCallbackUrl(runtime, id) };
    const identity = await oidcIdentity(provider, exchange, { nonce, issuer: answer.iss, now: runtime.clock.now() });
    return admit(runtime, connection, identity, asking);
  };
  return finishedBy(returnTo, () => telling(runtime, connection, asking, signIn));
}

/**
 * Takes a provider's answer of SAML, which any page may have posted: it has to answer a request of ours, whose state nobody else has,
 * and is taken once. Signs nobody in; the token it returns does, in the browser that began. Throws `not_found`, `OAuthRefusal`.
 */
export async function receiveSaml(
  runtime: Runtime,
  id: string,
  { response, state }: { response: string; state: string },
  asking: Pick<Asking, "from">,
): Promise<string> {
  const connection = await requireConnection(runtime, id);
  const provider = samlProvider(connection);
  const begun = state ? await takeAnywhere(runtime, state) : null;
  if (begun?.provider !== id) throw new OAuthRefusal("expired");
  const { nonce, returnTo, browser } = begun;
  return telling(runtime, connection, asking, async () => {
    const read = await samlIdentity(runtime, provider, { response, nonce });
    if (!(await takeAssertion(runtime, { provider: id, ...read })))
      throw new OAuthRefusal("provider_failed", new Error("the assertion was sent before"));
    return hold(runtime, { provider: id, identity: read.identity, returnTo, browser });
  });
}

/** Ends a sign-in by SAML, in the browser that began. Throws `not_found`, and `OAuthRefusal` for any other browser. */
export async function finishSaml(
  runtime: Runtime,
  id: string,
  { token, browser }: { token: string; browser: string },
  asking: Asking,
): Promise<Finished> {
  const connection = await requireConnection(runtime, id);
  const held = token ? await takeHeld(runtime, token) : null;
  if (held?.provider !== id || !isFrom(held, browser)) throw new OAuthRefusal("expired");
  const signIn = () => admit(runtime, connection, held.identity, asking);
  return finishedBy(held.returnTo, () => telling(runtime, connection, asking, signIn));
}
