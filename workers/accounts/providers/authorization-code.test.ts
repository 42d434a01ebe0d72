import { expect, it } from "vitest";
import { z } from "zod";
import { authorizationUrl, exchangeCode } from "./authorization-code.ts";
import type { ProviderCall } from "./oauth-fetch.ts";

const client = { clientId: "cli:ent ü", clientSecret: "se+cr*t (1)" };

it("asks for a code with what RFC 6749 and RFC 7636 name, whatever the endpoint has of its own", () => {
  const authorization = {
    state: "a state",
    // RFC 7636, appendix B.
    codeVerifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
    redirectURI: "http://localhost/callback?x=1",
  };
  const endpoint = "https://op.example/authorize?prompt=login&scope=everything";
  const url = authorizationUrl(endpoint, client, authorization, { scope: "openid email", nonce: "a nonce" });
  expect(url.origin + url.pathname).toBe("https://op.example/authorize");
  expect([...url.searchParams].sort()).toEqual([
    ["client_id", client.clientId],
    ["code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"],
    ["code_challenge_method", "S256"],
    ["nonce", "a nonce"],
    ["prompt", "login"],
    ["redirect_uri", authorization.redirectURI],
    ["response_type", "code"],
    ["scope", "openid email"],
    ["state", "a state"],
  ]);
});

it.each([
  ["basic", "", "Basic Y2xpJTNBZW50KyVDMyVCQzpzZSUyQmNyKnQrJTI4MSUyOQ=="],
  ["post", "&client_id=cli%3Aent+%C3%BC&client_secret=se%2Bcr*t+%281%29", undefined],
] as const)("changes a code for tokens, and says who asks by %s", async (authentication, inBody, inHeader) => {
  let sent: ProviderCall | undefined;
  const ask = async (_: string, call: ProviderCall) => {
    sent = call;
    return Response.json({ access_token: "a token" });
  };
  const exchange = { code: "a code", codeVerifier: "a verifier", redirectURI: "http://localhost/callback" };
  const shape = z.object({ access_token: z.string() });
  expect(
    await exchangeCode({ ...client, ask }, "https://op.example/token", exchange, { authentication, shape }),
  ).toEqual({ access_token: "a token" });
  expect(sent?.body?.toString()).toBe(
    `grant_type=authorization_code&code=a+code&code_verifier=a+verifier&redirect_uri=http%3A%2F%2Flocalhost%2Fcallback${inBody}`,
  );
  expect(sent?.headers?.Authorization).toBe(inHeader);
});
