import { env } from "cloudflare:workers";
import { generateKeyPairSync, hkdfSync, randomBytes } from "node:crypto";
import { exportJWK, importPKCS8, SignJWT, UnsecuredJWT } from "jose";
import { describe, expect, it } from "vitest";
import { call, jsonOf, makeClone, signUp } from "../../testing/client.ts";
import { parseConfig } from "../config/config.ts";

const secret = (env as unknown as { AUTH_SECRET: string }).AUTH_SECRET;
/** The key that the product derives for a purpose: whoever forges below has more than any attacker. */
const keyOf = (purpose: string) =>
  new Uint8Array(hkdfSync("sha256", secret, "", `understudy:${purpose}`, 32) as ArrayBuffer);
const now = () => Math.floor(Date.now() / 1000);
const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");

interface Parts {
  key?: Uint8Array;
  alg?: string;
  typ?: string | undefined;
  iss?: string;
  aud?: string | string[];
  exp?: number | undefined;
  nbf?: number;
  header?: object;
}

/** Forgeries of a token of `purpose` that would say `claims`. The first is the real thing. */
async function corpus(purpose: string, claims: Record<string, unknown>): Promise<[string, string][]> {
  const sign = (name: string, parts: Parts = {}): Promise<[string, string]> => {
    const { key, alg = "HS256", iss = "understudy", aud = `understudy:${purpose}`, nbf, header } = parts;
    const typ = "typ" in parts ? parts.typ : `${purpose}+jwt`;
    const exp = "exp" in parts ? parts.exp : now() + 300;
    const jwt = new SignJWT({ ...claims, ...(exp === undefined ? {} : { exp }), ...(nbf ? { nbf } : {}) })
      .setProtectedHeader({ alg, ...(typ ? { typ } : {}), ...header })
      .setIssuer(iss)
      .setAudience(aud)
      .setIssuedAt();
    return jwt.sign(key ?? keyOf(purpose)).then((token) => [name, token]);
  };
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const publicPem = rsa.publicKey.export({ type: "spki", format: "pem" }).toString();
  const privateKey = await importPKCS8(rsa.privateKey.export({ type: "pkcs8", format: "pem" }).toString(), "RS256");
  const own = randomBytes(32);
  const jwk = await exportJWK(own);
  const [, real] = await sign("");
  const [head = "", body = "", mac = ""] = real.split(".");
  const unsecured = (alg: string) => `${encode({ alg, typ: `${purpose}+jwt` })}.${body}.` as const;
  const rs256 = await new SignJWT({ ...claims, exp: now() + 300 })
    .setProtectedHeader({ alg: "RS256", typ: `${purpose}+jwt` })
    .setIssuer("understudy")
    .setAudience(`understudy:${purpose}`)
    .sign(privateKey);
  return [
    ["the real one", real],
    [
      "none",
      new UnsecuredJWT(claims)
        .setAudience(`understudy:${purpose}`)
        .setIssuer("understudy")
        .setExpirationTime("1h")
        .encode(),
    ],
    ...["none", "None", "NONE", "nOnE", ""].map((alg): [string, string] => [
      `alg ${alg}, no signature`,
      unsecured(alg),
    ]),
    ["alg none, the signature of another", `${unsecured("none")}${mac}`],
    ["RS256 by a key of its own", rs256],
    await sign("HS256 by a public key", { key: new TextEncoder().encode(publicPem) }),
    await sign("HS512", { alg: "HS512", key: new Uint8Array([...keyOf(purpose), ...keyOf(purpose)]) }),
    await sign("HS384", { alg: "HS384", key: new Uint8Array([...keyOf(purpose), ...keyOf(purpose)]) }),
    await sign("another key", { key: own }),
    await sign("the bare secret", { key: new TextEncoder().encode(secret) }),
    await sign("a key of zeros", { key: new Uint8Array(32) }),
    await sign("a key in its header", { key: own, header: { jwk } }),
    await sign("kid that is a path", { key: new Uint8Array(32), header: { kid: "../../../../dev/null" } }),
    await sign("kid that is SQL", { key: own, header: { kid: "x' UNION SELECT 'secret" } }),
    await sign("jku", { key: own, header: { jku: "http://127.0.0.1:9/jwks.json" } }),
    await sign("x5u", { key: own, header: { x5u: "http://127.0.0.1:9/cert.pem" } }),
    await sign("crit that nobody knows", { header: { crit: ["unknown"], unknown: true } }).catch(
      (): [string, string] => [
        "crit that nobody knows",
        `${encode({ alg: "HS256", typ: `${purpose}+jwt`, crit: ["x"], x: 1 })}.${body}.${mac}`,
      ],
    ),
    await sign("typ of another purpose", { typ: "download+jwt" }),
    await sign("typ JWT", { typ: "JWT" }),
    await sign("no typ", { typ: undefined }),
    await sign("aud of another purpose", { aud: "understudy:download" }),
    await sign("aud of nobody", { aud: "" }),
    await sign("aud that begins alike", { aud: `understudy:${purpose}2` }),
    await sign("another issuer", { iss: "https://evil.example" }),
    await sign("expired", { exp: now() - 1 }),
    await sign("expired long ago", { exp: 1 }),
    await sign("not yet", { nbf: now() + 300 }),
    await sign("the key of another purpose", { key: keyOf("download") }),
    ["claims that were changed", `${head}.${encode({ ...claims, sub: "user_x", exp: now() + 300 })}.${mac}`],
    ["a signature cut short", `${head}.${body}.${mac.slice(0, -4)}`],
    ["an empty signature", `${head}.${body}.`],
    ["two parts", `${head}.${body}`],
    ["five parts", `${head}.${body}.${mac}.${mac}.${mac}`],
    ["dots", "..."],
    ["null for a header", `${Buffer.from("null").toString("base64url")}.${body}.${mac}`],
  ];
}

describe("signed tokens", () => {
  it("make no visitor of a forged one, nor a person", async () => {
    const { token } = await signUp();
    const { slug, id } = await makeClone(token, { visibility: "public" });
    const { visitor_token } = await jsonOf<{ visitor_token: string }>(
      await call("POST", "/api/v1/visitors", { json: { clone: slug } }),
      201,
    );
    const said = JSON.parse(Buffer.from(visitor_token.split(".")[1] ?? "", "base64url").toString());
    const [real, ...forged] = await corpus("visitor", { sub: said.sub, clone: id, ws: said.ws });
    const status = async (bearer: string) => (await call("GET", "/api/v1/conversations", { token: bearer })).status;
    expect(await status(real?.[1] ?? "")).toBe(200);
    const accepted = [];
    for (const [name, bearer] of forged) if ((await status(bearer)) !== 401) accepted.push(name);
    expect(accepted).toEqual([]);
  });

  it("open no session by a forged second half of a sign-in", async () => {
    const { userId } = await signUp();
    const [real, ...forged] = await corpus("second-factor", { sub: userId, first: { by: "password" } });
    const status = async (two_factor_token: string) =>
      (await call("POST", "/api/v1/auth/2fa/verify", { json: { two_factor_token, code: "000000" } })).status;
    // Past the token, the code is wrong.
    expect(await status(real?.[1] ?? "")).toBe(422);
    const accepted = [];
    for (const [name, token] of forged) if ((await status(token)) !== 401) accepted.push(name);
    expect(accepted).toEqual([]);
  });

  it.each([
    ["none", undefined, /AUTH_SECRET is not set/],
    ["an empty one", "", /too short/],
    ["a short one", "k3yk3yk3yk3yk3yk3yk3yk3yk3yk3y", /too short/],
    ["one character", "a".repeat(64), /too easy to guess/],
    ["a tutorial’s", "change-me-change-me-change-me-please-0123", /too easy to guess/],
    ["another tutorial’s", "your-256-bit-secret-goes-right-in-here-ok", /too easy to guess/],
  ])("need a secret; %s refuses the start", (_name, AUTH_SECRET, message) => {
    expect(() => parseConfig({ ...env, AUTH_SECRET })).toThrow(message);
  });
});
