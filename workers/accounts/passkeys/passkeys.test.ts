import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { auditOf } from "../../audit/testing/audit.ts";
import worker from "../../index.ts";
import { call, jsonOf, signUp } from "../../testing/client.ts";
import type { Passkey } from "../passkey-contract.ts";
import { mailedToken, mailsTo } from "../testing/mail.ts";
import { addPasskeyTo, creationFor, newAuthenticator, newVisitor, sendNew, type Tricks } from "../testing/passkeys.ts";
import { totp } from "../testing/totp.ts";

const run = (sql: string, ...values: unknown[]) =>
  env.DB.prepare(sql)
    .bind(...values)
    .run();
const count = async (table: string) =>
  (await env.DB.prepare(`SELECT count(*) AS n FROM ${table}`).first<{ n: number }>())?.n;
const options = (token: string, json: object = {}) => call("POST", "/api/v1/auth/passkeys/options", { token, json });
const list = async (token: string) =>
  (await jsonOf<{ data: Passkey[] }>(await call("GET", "/api/v1/auth/passkeys", { token }), 200)).data;
const rename = (token: string, id: string, name: string) =>
  call("PATCH", `/api/v1/auth/passkeys/${id}`, { token, json: { name } });
const remove = (token: string, id: string) => call("DELETE", `/api/v1/auth/passkeys/${id}`, { token });
const pathsOf = async (answer: Response) =>
  (await jsonOf<{ errors: { path: string }[] }>(answer, 422)).errors.map(({ path }) => path);
const later = () => run("UPDATE sessions SET created_at = created_at - 3600000");

describe("a passkey", () => {
  it("is added, listed, renamed and removed; each is in the log, and what opens the account is mailed about", async () => {
    const { token, email, userId } = await signUp();
    await jsonOf(await call("GET", "/api/v1/me", { token }), 200);
    const asked = await creationFor(token);
    expect(asked).toMatchObject({
      rp: { id: "localhost", name: "Understudy" },
      user: { id: Buffer.from(userId).toString("base64url"), name: email },
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
      attestation: "none",
      excludeCredentials: [],
    });
    const device = await newAuthenticator();
    const headers = { "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0" };
    const credential = await device.create(asked);
    const json = { credential };
    const made = await jsonOf<Passkey>(await call("POST", "/api/v1/auth/passkeys", { token, json, headers }), 201);
    expect(made).toEqual({
      id: expect.stringMatching(/^pk_/),
      name: "Firefox on Linux",
      backed_up: false,
      created_at: expect.any(String),
      last_used_at: null,
    });
    expect((await creationFor(token)).excludeCredentials).toMatchObject([{ id: device.id, transports: ["internal"] }]);
    expect((await mailsTo(email))[0]).toMatchObject({ subject: "A passkey was added" });
    expect(await jsonOf(await rename(token, made.id, " My laptop "), 200)).toMatchObject({ name: "My laptop" });
    expect((await rename(token, made.id, " ")).status).toBe(422);
    expect((await list(token)).map(({ name }) => name)).toEqual(["My laptop"]);
    expect((await remove(token, made.id)).status).toBe(204);
    expect((await remove(token, made.id)).status).toBe(404);
    expect(await list(token)).toEqual([]);
    expect((await mailsTo(email))[0]).toMatchObject({ subject: "A passkey was removed" });
    const told = (await auditOf(token)).filter(({ action }) => action.startsWith("passkey."));
    expect(told.map(({ action, details }) => [action, details.name])).toEqual([
      ["passkey.added", "Firefox on Linux"],
      ["passkey.renamed", "My laptop"],
      ["passkey.removed", "My laptop"],
    ]);
    expect((await newVisitor().signIn(device)).status).toBe(401);
  });

  it.each(["ES256", "EdDSA", "RS256"] as const)("may be a key of the kind %s", async (kind) => {
    const { token } = await signUp();
    const { device } = await addPasskeyTo(token, "Mine", await newAuthenticator(kind));
    expect((await newVisitor().signIn(device)).status).toBe(200);
    const forged = await newVisitor().signIn(device, {
      afterwards(said) {
        said.signature = said.signature.replace(/^..../, "AAAA");
      },
    });
    expect(forged.status).toBe(401);
  });

  it("may sign for itself", async () => {
    const { token } = await signUp();
    const device = await newAuthenticator();
    const credential = await device.create(await creationFor(token), { selfSigned: true });
    expect((await sendNew(token, credential)).status).toBe(201);
    expect((await newVisitor().signIn(device)).status).toBe(200);
  });

  it("takes a sign-in within ten minutes, or the password, and a code where the second factor is on", async () => {
    const { token, password } = await signUp();
    const auth = (path: string, json: object) => call("POST", `/api/v1/auth/2fa/${path}`, { token, json });
    await later();
    // Sessions are remembered for three seconds.
    await expect.poll(async () => (await options(token)).status).toBe(422);
    expect(await pathsOf(await options(token))).toEqual(["password"]);
    expect(await pathsOf(await options(token, { password: "not my password" }))).toEqual(["password"]);
    expect((await options(token, { password })).status).toBe(200);
    const { secret } = await jsonOf<{ secret: string }>(await auth("setup", { password }), 200);
    await jsonOf(await auth("verify", { code: totp(secret) }), 200);
    await run("UPDATE two_factors SET last_step = 0");
    expect(await pathsOf(await options(token, { password }))).toEqual(["code"]);
    expect(await pathsOf(await options(token, { password, code: "000000" }))).toEqual(["code"]);
    expect((await options(token, { password, code: totp(secret) })).status).toBe(200);
    await run("UPDATE accounts SET password = NULL");
    expect((await options(token)).status).toBe(409);
  });

  it("is a person’s own: keys, visitors and strangers have none", async () => {
    const [ada, eve] = [await signUp("Ada"), await signUp("Eve")];
    const { passkey } = await addPasskeyTo(ada.token, "Hers");
    const made = await call("POST", "/api/v1/api-keys", { token: ada.token, json: { name: "Key" } });
    const { key } = await jsonOf<{ key: string }>(made, 201);
    expect((await options(key)).status).toBe(401);
    expect((await remove(key, passkey.id)).status).toBe(401);
    expect((await rename(eve.token, passkey.id, "Mine")).status).toBe(404);
    expect((await remove(eve.token, passkey.id)).status).toBe(404);
    expect(await list(eve.token)).toEqual([]);
    expect(await list(ada.token)).toMatchObject([{ name: "Hers" }]);
  });

  it.each<[string, Tricks]>([
    ["another site", { origin: "https://evil.example" }],
    ["another port", { origin: "http://localhost:8788" }],
    ["another site’s passkeys", { rpId: "evil.example" }],
    ["a frame in another site’s page", { crossOrigin: true }],
    ["an authenticator that did not ask who it is", { flags: 1 }],
    ["an authenticator that nobody touched", { flags: 4 }],
    ["a challenge of its own", { challenge: "A".repeat(43) }],
    ["no challenge", { challenge: "" }],
    ["a sign-in", { type: "webauthn.get" }],
    ["a key of a kind that was not asked for", { alg: -65535 }],
    ["a key of no kind", { alg: 0 }],
    ["no proof of its kind", { withoutStatement: true }],
    ["a certificate, which would have to be fetched", { format: "apple" }],
    ["a signed proof without a signature", { format: "packed" }],
  ])("that comes from %s is refused", async (_, tricks) => {
    const { token } = await signUp();
    const credential = await (await newAuthenticator()).create(await creationFor(token), tricks);
    expect(await pathsOf(await sendNew(token, credential))).toEqual(["credential"]);
    expect(await count("passkeys")).toBe(0);
  });

  it("is refused whole or not at all, whatever byte of it is changed", async () => {
    const { token } = await signUp();
    const device = await newAuthenticator();
    for (let round = 0; round < 60; round++) {
      const credential = await device.create(await creationFor(token));
      const bytes = Buffer.from(credential.response.attestationObject, "base64url");
      const at = Math.floor((round / 60) * bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ 0xff;
      credential.response.attestationObject = bytes.toString("base64url");
      const { status } = await sendNew(token, credential);
      // Where the key itself is another one, it is a passkey that nobody can use.
      expect([201, 422, 409], `byte ${at}`).toContain(status);
      await run("DELETE FROM passkeys");
    }
    const nested = Buffer.alloc(14_000, 0x81).toString("base64url");
    const credential = await device.create(await creationFor(token));
    credential.response.attestationObject = nested;
    expect((await sendNew(token, credential)).status).toBe(422);
  });

  it("is added once, of fifty that send it at once", async () => {
    const { token } = await signUp();
    const credential = await (await newAuthenticator()).create(await creationFor(token));
    const answers = await Promise.all(Array.from({ length: 50 }, () => sendNew(token, credential)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(49);
    expect(await count("passkeys")).toBe(1);
  });

  it("is added within five minutes, in the session that began", async () => {
    const ada = await signUp("Ada");
    const eve = await signUp("Eve");
    const device = await newAuthenticator();
    const credential = await device.create(await creationFor(ada.token));
    const { email, password } = ada;
    const other = await jsonOf<{ access_token: string }>(
      await call("POST", "/api/v1/auth/login", { json: { email, password } }),
      200,
    );
    for (const token of [eve.token, other.access_token]) expect((await sendNew(token, credential)).status).toBe(422);
    await run("UPDATE verifications SET expires_at = 1");
    expect((await sendNew(ada.token, credential)).status).toBe(422);
    const visitor = newVisitor();
    const elsewhere = await visitor.options();
    const mixed = await device.create({ ...(await creationFor(ada.token)), challenge: elsewhere.challenge });
    expect((await sendNew(ada.token, mixed)).status).toBe(422);
    expect((await sendNew(ada.token, await device.create(await creationFor(ada.token)))).status).toBe(201);
  });

  it("is nobody else’s too", async () => {
    const [ada, eve] = [await signUp("Ada"), await signUp("Eve")];
    const { device } = await addPasskeyTo(ada.token);
    const again = await device.create(await creationFor(ada.token));
    expect((await sendNew(ada.token, again)).status).toBe(409);
    const thief = await newAuthenticator();
    const id = new Uint8Array(Buffer.from(device.id, "base64url"));
    const stolen = await thief.create(await creationFor(eve.token), { credentialId: id });
    expect((await sendNew(eve.token, stolen)).status).toBe(409);
    // What is sent beside it is not what was signed for.
    const named = { ...(await thief.create(await creationFor(eve.token))), id: device.id, rawId: device.id };
    expect((await sendNew(eve.token, named)).status).toBe(422);
    expect(await count("passkeys")).toBe(1);
  });

  it("is one of twenty at most, also where several are added at once", async () => {
    const { token } = await signUp();
    await addPasskeyTo(token);
    const fields = "name, public_key, counter, device_type, backed_up, transports, aaguid, created_at";
    for (let n = 0; n < 17; n++)
      await run(
        `INSERT INTO passkeys (id, user_id, credential_id, ${fields}) SELECT ?, user_id, ?, ${fields} FROM passkeys LIMIT 1`,
        `pk_${n}`,
        `c${n}`,
      );
    const made = await Promise.all(
      Array.from({ length: 5 }, async () => (await newAuthenticator()).create(await creationFor(token))),
    );
    const answers = await Promise.all(made.map((credential) => sendNew(token, credential)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409, 409, 409]);
    expect(await count("passkeys")).toBe(20);
    expect((await options(token)).status).toBe(409);
  });

  it("is not added by a session that was ended meanwhile, although it is still remembered here", async () => {
    const { token } = await signUp();
    const credential = await (await newAuthenticator()).create(await creationFor(token));
    await run("DELETE FROM sessions");
    expect((await sendNew(token, credential)).status).toBe(401);
    expect(await count("passkeys")).toBe(0);
  });

  it("stays while nothing else lets its person in", async () => {
    const { token } = await signUp();
    const [one, two] = [await addPasskeyTo(token, "One"), await addPasskeyTo(token, "Two")];
    await run("UPDATE accounts SET password = NULL");
    const answers = await Promise.all([one, two].map(({ passkey }) => remove(token, passkey.id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
    const [left] = await list(token);
    await run("UPDATE accounts SET provider_id = 'https://accounts.example.com'");
    expect((await remove(token, left?.id ?? "")).status).toBe(204);
  });

  it("ends with all that was set up before its address was confirmed by a new password", async () => {
    const { email, token } = await signUp();
    await jsonOf(await call("GET", "/api/v1/me", { token }), 200);
    const { device } = await addPasskeyTo(token, "Backdoor");
    const pending = await (await newAuthenticator()).create(await creationFor(token));
    const json = { token: "", password: "purple otters juggling teacups" };
    const reset = async () => {
      await call("POST", "/api/v1/auth/password/reset", { json: { email } });
      json.token = await mailedToken(email, /new password/);
      expect((await call("POST", "/api/v1/auth/password/reset/confirm", { json })).status).toBe(204);
    };
    await reset();
    expect((await newVisitor().signIn(device)).status).toBe(401);
    expect((await sendNew(token, pending)).status).toBe(401);
    expect(await count("passkeys")).toBe(0);
    const login = await call("POST", "/api/v1/auth/login", { json: { email, password: json.password } });
    const owner = await jsonOf<{ access_token: string }>(login, 200);
    expect((await auditOf(owner.access_token)).map(({ action }) => action)).toContain("passkey.removed");
    // From then on they are the owner's own.
    const hers = await addPasskeyTo(owner.access_token);
    await run("DELETE FROM one_time_tokens");
    await run("DELETE FROM outbox_mails");
    json.password = "three green bicycles sing";
    await reset();
    expect((await newVisitor().signIn(hers.device)).status).toBe(200);
  });
});

it("sweeps what was begun and left", async () => {
  const { token } = await signUp();
  await creationFor(token);
  await newVisitor().options();
  await run("UPDATE verifications SET expires_at = expires_at - 299000");
  await worker.scheduled({ cron: "* * * * *" } as ScheduledController, env);
  expect(await count("verifications")).toBe(2);
  await run("UPDATE verifications SET expires_at = expires_at - 2000");
  await worker.scheduled({ cron: "* * * * *" } as ScheduledController, env);
  expect(await count("verifications")).toBe(0);
});
