import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { auditOf } from "../../audit/testing/audit.ts";
import { call, jsonOf, signUp } from "../../testing/client.ts";
import type { Passkey } from "../passkey-contract.ts";
import { addPasskeyTo, newVisitor, type Tricks } from "../testing/passkeys.ts";
import { totp } from "../testing/totp.ts";

const run = (sql: string, ...values: unknown[]) =>
  env.DB.prepare(sql)
    .bind(...values)
    .run();
const detailOf = async (answer: Response, status = 401) => (await jsonOf<{ detail: string }>(answer, status)).detail;
const refusalsOf = async (token: string) =>
  (await auditOf(token)).filter(({ action }) => action === "session.refused").map(({ details }) => details);

/** A person who has a passkey, and a log. */
async function withPasskey(name = "Ada") {
  const person = await signUp(name);
  await jsonOf(await call("GET", "/api/v1/me", { token: person.token }), 200);
  return { ...person, ...(await addPasskeyTo(person.token)) };
}

describe("signing in with a passkey", () => {
  it("opens a session as a password does, by cookie and tokens", async () => {
    const { device, token, userId } = await withPasskey();
    const answer = await newVisitor().signIn(device);
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    const cookie = answer.headers
      .getSetCookie()
      .map((line) => line.split(";")[0])
      .join("; ");
    const opened = await jsonOf<{ access_token: string; user: { id: string } }>(answer, 200);
    expect(opened).toMatchObject({ token_type: "Bearer", refresh_token: expect.any(String), user: { id: userId } });
    expect((await call("GET", "/api/v1/me", { token: opened.access_token })).status).toBe(200);
    expect((await call("GET", "/api/v1/me", { headers: { Cookie: cookie } })).status).toBe(200);
    expect((await auditOf(token)).at(-1)).toMatchObject({ action: "session.started", details: { by: "passkey" } });
    const list = await call("GET", "/api/v1/auth/passkeys", { token });
    expect((await jsonOf<{ data: Passkey[] }>(list, 200)).data).toMatchObject([{ last_used_at: expect.any(String) }]);
  });

  it("asks for no code: the authenticator has asked", async () => {
    const { device, token } = await withPasskey();
    const auth = (path: string, json: object) => call("POST", `/api/v1/auth/2fa/${path}`, { token, json });
    const { secret } = await jsonOf<{ secret: string }>(await auth("setup", {}), 200);
    await jsonOf(await auth("verify", { code: totp(secret) }), 200);
    expect(await jsonOf(await newVisitor().signIn(device), 200)).toHaveProperty("access_token");
  });

  it.each<[string, Tricks]>([
    ["another site", { origin: "https://evil.example" }],
    ["the same host at another port", { origin: "http://localhost:8788" }],
    ["an address that begins like ours", { origin: "http://localhost:8787.evil.example" }],
    ["another site’s passkeys", { rpId: "evil.example" }],
    ["an authenticator that did not ask who it is", { flags: 1 }],
    ["an authenticator that nobody touched", { flags: 4 }],
    ["an authenticator that says it has become another kind", { flags: 1 | 4 | 8 }],
    ["the making of a passkey", { type: "webauthn.create" }],
    ["somebody else’s name", { userHandle: Buffer.from("user_01ARZ3NDEKTSV4RRFFQ69G5FAV").toString("base64url") }],
    [
      "a text that was changed after it was signed",
      {
        afterwards(said) {
          const text = Buffer.from(said.clientDataJSON, "base64url").toString();
          said.clientDataJSON = Buffer.from(text.replace("{", '{"more":1,')).toString("base64url");
        },
      },
    ],
    [
      "flags that were set after they were signed",
      {
        flags: 1,
        afterwards(said) {
          const bytes = Buffer.from(said.authenticatorData, "base64url");
          bytes[32] = 5;
          said.authenticatorData = bytes.toString("base64url");
        },
      },
    ],
    [
      "a signature of something else",
      {
        afterwards(said) {
          said.signature = `${said.signature.slice(0, -6)}AAAAAA`;
        },
      },
    ],
  ])("is refused to %s, and told in the log", async (_, tricks) => {
    const { device, token } = await withPasskey();
    const answer = await newVisitor().signIn(device, tricks);
    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(await detailOf(answer)).toContain("could not be verified");
    expect(await refusalsOf(token)).toEqual([{ by: "passkey" }]);
    expect((await newVisitor().signIn(device)).status).toBe(200);
  });

  it.each<[string, Tricks]>([
    ["a challenge of its own", { challenge: "A".repeat(43) }],
    ["no challenge", { challenge: "" }],
    ["a frame in another site’s page", { crossOrigin: true }],
    [
      "what is no text",
      {
        afterwards(said) {
          said.clientDataJSON = "gIGC";
        },
      },
    ],
  ])("is refused to %s", async (_, tricks) => {
    const { device, token } = await withPasskey();
    expect(await detailOf(await newVisitor().signIn(device, tricks))).toContain("Try again");
    // Nobody knows whose it was.
    expect(await refusalsOf(token)).toEqual([]);
  });

  it("is refused whatever byte is changed of what was signed, or of the signature", async () => {
    const { device } = await withPasskey();
    const visitor = newVisitor();
    for (const part of ["authenticatorData", "signature", "clientDataJSON"] as const) {
      for (let round = 0; round < 24; round++) {
        const assertion = await device.get(await visitor.options());
        const bytes = Buffer.from(assertion.response[part], "base64url");
        const at = Math.floor((round / 24) * bytes.length);
        bytes[at] = (bytes[at] ?? 0) ^ 1;
        assertion.response[part] = bytes.toString("base64url");
        expect((await visitor.send(assertion)).status, `${part}, byte ${at}`).toBe(401);
      }
    }
    expect((await visitor.signIn(device)).status).toBe(200);
  });

  it("takes a challenge once, of fifty that send it at once", async () => {
    const { device } = await withPasskey();
    const visitor = newVisitor();
    const assertion = await device.get(await visitor.options());
    const answers = await Promise.all(Array.from({ length: 50 }, () => visitor.send(assertion)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await visitor.send(assertion)).status).toBe(401);
  });

  it("is for the browser that began, within five minutes, and for signing in", async () => {
    const { device, token } = await withPasskey();
    const visitor = newVisitor();
    const assertion = await device.get(await visitor.options());
    const other = newVisitor();
    expect((await other.send(assertion)).status).toBe(401);
    await other.options();
    expect((await other.send(assertion)).status).toBe(401);
    // It is not used up by who may not answer it, nor by another page of the same browser.
    await visitor.options();
    expect((await visitor.send(assertion)).status).toBe(200);
    const late = await device.get(await visitor.options());
    await run("UPDATE verifications SET expires_at = expires_at - 301000");
    expect((await visitor.send(late)).status).toBe(401);
    const adding = await jsonOf<{ challenge: string }>(
      await call("POST", "/api/v1/auth/passkeys/options", { token, json: {} }),
      200,
    );
    const mixed = await device.get({ challenge: adding.challenge, rpId: "localhost" });
    expect((await visitor.send(mixed)).status).toBe(401);
  });

  it("is refused, and told apart in the log, where the authenticator counts back: there is a copy of it", async () => {
    const { device, token } = await withPasskey();
    expect((await newVisitor().signIn(device, { counter: 7 })).status).toBe(200);
    for (const counter of [7, 6, 0]) expect((await newVisitor().signIn(device, { counter })).status).toBe(401);
    expect(await refusalsOf(token)).toEqual(Array(3).fill({ by: "passkey", reason: "counter" }));
    expect((await newVisitor().signIn(device, { counter: 8 })).status).toBe(200);
    // A count that nobody signed says nothing.
    await newVisitor().signIn(device, {
      counter: 2,
      afterwards(said) {
        said.signature = `${said.signature.slice(0, -6)}AAAAAA`;
      },
    });
    expect((await refusalsOf(token)).at(-1)).toEqual({ by: "passkey" });
  });

  it("opens one session of two that send the same count at once", async () => {
    const { device } = await withPasskey();
    const answers = await Promise.all([1, 2].map(() => newVisitor().signIn(device, { counter: 50 })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
  });

  it("goes on with authenticators that do not count", async () => {
    const { device } = await withPasskey();
    await run("UPDATE passkeys SET counter = 0");
    for (let round = 0; round < 2; round++)
      expect((await newVisitor().signIn(device, { counter: 0 })).status).toBe(200);
  });

  it("opens nobody else’s account", async () => {
    const [ada, eve] = [await withPasskey("Ada"), await withPasskey("Eve")];
    const hers = new Uint8Array(Buffer.from(ada.device.id, "base64url"));
    const userHandle = Buffer.from(ada.userId).toString("base64url");
    // Eve's key under Ada's name: with her passkey's id, with her own id, and both.
    for (const tricks of [{ credentialId: hers }, { userHandle }, { credentialId: hers, userHandle }])
      expect((await newVisitor().signIn(eve.device, tricks)).status).toBe(401);
    expect((await newVisitor().signIn(eve.device)).status).toBe(200);
  });

  it("says that a passkey is unknown, so that the browser can forget it", async () => {
    const { device, token, passkey } = await withPasskey();
    expect((await call("DELETE", `/api/v1/auth/passkeys/${passkey.id}`, { token })).status).toBe(204);
    const answer = await jsonOf(await newVisitor().signIn(device), 401);
    expect(answer).toMatchObject({ code: "unauthenticated", errors: [{ path: "id" }] });
  });

  it("keeps suspended people out", async () => {
    const { device, userId, token } = await withPasskey();
    await run("UPDATE users SET suspended_at = 1 WHERE id = ?", userId);
    expect(await detailOf(await newVisitor().signIn(device), 403)).toContain("suspended");
    await run("UPDATE users SET suspended_at = NULL");
    expect((await newVisitor().signIn(device)).status).toBe(200);
    expect((await auditOf(token)).filter(({ action }) => action === "session.started")).toHaveLength(1);
  });

  it.each<[string, object]>([
    ["nothing", {}],
    ["another kind of credential", { type: "password" }],
    ["an id that is none", { id: "not/base64url" }],
    ["an endless signature", { response: { signature: "A".repeat(3_000) } }],
    ["nobody’s name", { response: { userHandle: "" } }],
  ])("takes no %s", async (_, wrong: { response?: object }) => {
    const { device } = await withPasskey();
    const visitor = newVisitor();
    const assertion = await device.get(await visitor.options());
    const sent = { ...assertion, ...wrong, response: { ...assertion.response, ...wrong.response } };
    expect((await visitor.send(Object.keys(wrong).length > 0 ? sent : {})).status).toBe(422);
  });
});
