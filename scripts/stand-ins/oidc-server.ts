import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair } from "jose";
import Provider, { type Configuration } from "oidc-provider";

/** What this installation is to the provider. */
export const oidcClient = { id: "understudy", secret: "oidc-stand-in-secret-0123456789abcdef" };

type Claims = { sub: string } & Record<string, string | boolean>;

/** People by their subject, as they last said who they are: `sub=1&email=ada@example.com&email_verified=true&name=Ada`. */
const people = new Map<string, Claims>();

function signedIn(said: string): string {
  const fields = Object.fromEntries(new URLSearchParams(said));
  const sub = fields.sub ?? said;
  people.set(sub, {
    ...fields,
    sub,
    ...(fields.email_verified ? { email_verified: fields.email_verified === "true" } : {}),
  });
  return sub;
}

const form = `<!doctype html><html lang="en"><title>Provider</title><link rel="icon" href="data:,"><h1>Provider</h1><form method="post"><label>Who are you? <input name="login"></label><button>Continue</button></form><form method="post"><button name="refuse" value="yes">Refuse</button></form>`;

function settings(redirectUris: string[], key: object): Configuration {
  return {
    clients: [{ client_id: oidcClient.id, client_secret: oidcClient.secret, redirect_uris: redirectUris }],
    jwks: { keys: [key as never] },
    cookies: { keys: ["stand-in"] },
    features: { devInteractions: { enabled: false }, registration: { enabled: true } },
    pkce: { required: () => true },
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => people.get(sub) ?? { sub } }),
    // Whoever signed in has agreed.
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({
        clientId: oidc.client?.clientId ?? "",
        accountId: oidc.session?.accountId ?? "",
      });
      grant.addOIDCScope("openid email profile");
      await grant.save();
      return grant;
    },
    ttl: { Session: 600, Interaction: 600, Grant: 600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
  };
}

/**
 * A server of OpenID Connect: `oidc-provider`, whose page asks who somebody is and believes it. `login_hint` in the address answers
 * that without the page. Others may register at `/reg`.
 */
export async function startOidcServer(redirectUris: string[]): Promise<{ url: string; close(): Promise<void> }> {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  const key = { ...(await exportJWK(privateKey)), alg: "RS256", use: "sig", kid: "stand-in" };
  let provider: Provider;
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://provider");
    if (!url.pathname.startsWith("/interaction/")) return provider.callback()(request, response);
    const { params } = await provider.interactionDetails(request, response);
    let login = typeof params.login_hint === "string" ? params.login_hint : "";
    if (request.method === "POST") {
      let text = "";
      for await (const chunk of request) text += String(chunk);
      const said = new URLSearchParams(text);
      const refusal = { error: "access_denied", error_description: "They refused." };
      if (said.get("refuse")) return provider.interactionFinished(request, response, refusal);
      login = said.get("login") ?? "";
    }
    if (!login) return response.writeHead(200, { "Content-Type": "text/html" }).end(form);
    await provider.interactionFinished(request, response, { login: { accountId: signedIn(login) } });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  provider = new Provider(url, settings(redirectUris, key));
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
