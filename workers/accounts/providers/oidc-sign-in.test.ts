import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { verifyIdToken } from "./oidc-sign-in.ts";

const provider = { authority: "https://id.example", clientId: "understudy" };
const now = Date.UTC(2026, 10, 21);
const seconds = now / 1000;
const right: JWTPayload = {
  iss: provider.authority,
  aud: "understudy",
  sub: "a-1",
  nonce: "n-1",
  iat: seconds,
  exp: seconds + 600,
};
const expected = { nonce: "n-1", now };

const [own, other] = await Promise.all([generateKeyPair("RS256"), generateKeyPair("RS256")]);
const keys = { keys: [{ ...(await exportJWK(own.publicKey)), alg: "RS256", kid: "k1" }] };

const signed = (
  claims: JWTPayload,
  { alg = "RS256", key = own.privateKey as CryptoKey | Uint8Array, kid = "k1" } = {},
) => new SignJWT(claims).setProtectedHeader({ alg, kid }).sign(key);
const verify = async (token: string | Promise<string>) => verifyIdToken(provider, await token, keys, expected);
const without = (name: string) => Object.fromEntries(Object.entries(right).filter(([each]) => each !== name));

describe("an id token", () => {
  it("counts when it was made for this installation and this sign-in", async () => {
    expect(await verify(signed(right))).toMatchObject({ sub: "a-1" });
    expect(await verify(signed({ ...right, aud: ["understudy", "other"], azp: "understudy" }))).toMatchObject({
      sub: "a-1",
    });
    expect(await verify(signed({ ...right, iat: seconds + 30, exp: seconds - 30 }))).toMatchObject({ sub: "a-1" });
  });

  it.each<[string, JWTPayload]>([
    ["another issuer", { ...right, iss: "https://evil.example" }],
    ["an issuer that only begins alike", { ...right, iss: "https://id.example.evil" }],
    ["no issuer", without("iss")],
    ["another audience", { ...right, aud: "other" }],
    ["no audience", without("aud")],
    ["several audiences, and nobody who asked", { ...right, aud: ["understudy", "other"] }],
    ["somebody else who asked", { ...right, azp: "other" }],
    ["another nonce", { ...right, nonce: "n-2" }],
    ["no nonce", without("nonce")],
    ["no subject", without("sub")],
    ["a time that is over", { ...right, exp: seconds - 61 }],
    ["no end", without("exp")],
    ["an early beginning", { ...right, iat: seconds - 700 }],
    ["a beginning that is to come", { ...right, iat: seconds + 90 }],
    ["no beginning", without("iat")],
    ["a time from which it counts, that is to come", { ...right, nbf: seconds + 90 }],
  ])("is refused with %s", async (_, claims) => {
    await expect(verify(signed(claims))).rejects.toMatchObject({ reason: "provider_failed" });
  });

  it("is refused by any other key, by a shared secret, without a signature, and changed", async () => {
    const forged = [
      await signed(right, { key: other.privateKey }),
      await signed(right, { key: other.privateKey, kid: "k2" }),
      await signed(right, { alg: "HS256", key: new TextEncoder().encode("a secret that both sides might have") }),
    ];
    const [header = "", body = "", signature = ""] = (await signed(right)).split(".");
    const none = btoa(JSON.stringify({ alg: "none" })).replace(/=+$/, "");
    const changed = btoa(JSON.stringify({ ...right, sub: "a-2" })).replace(/=+$/, "");
    forged.push(`${none}.${body}.`, `${header}.${changed}.${signature}`, `${header}.${body}.`, "nothing");
    for (const token of forged) await expect(verify(token), token).rejects.toMatchObject({ reason: "provider_failed" });
  });
});
