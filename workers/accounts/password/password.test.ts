import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import worker from "../../index.ts";
import { call, jsonOf, signUp } from "../../testing/client.ts";
import { heldDatabase } from "../testing/held-database.ts";
import { mailedToken, mailsTo } from "../testing/mail.ts";
import { totp } from "../testing/totp.ts";

const better = "purple otters juggling teacups";
const login = async (email: string, password: string) =>
  (await call("POST", "/api/v1/auth/login", { json: { email, password } })).status;
const ask = (email: string) => call("POST", "/api/v1/auth/password/reset", { json: { email } });
const confirm = (token: string, password = better) =>
  call("POST", "/api/v1/auth/password/reset/confirm", { json: { token, password } });

describe("passwords", () => {
  it.each([
    ["too short", "eleven char", /12 characters/],
    ["the most common of twelve", "password1234", /too common/],
    ["a run on the keyboard", "qwertyuiop123456", /too common/],
    ["the address itself", "ada-lovelace@example.com", /own name or address/],
    ["the name", "Ada Lovelace 1", /own name or address/],
  ])("may not be %s", async (_what, password, message) => {
    const json = { email: "ada-lovelace@example.com", name: "Ada Lovelace", password };
    const body = await jsonOf<{ errors: { path: string; message: string }[] }>(
      await call("POST", "/api/v1/auth/register", { json }),
      422,
    );
    expect(body.errors).toEqual([{ path: "password", message: expect.stringMatching(message) }]);
  });

  it("are set anew by a link that works once, which ends every session", async () => {
    const { email, password, token } = await signUp();
    expect((await ask(email)).status).toBe(202);
    const mailed = await mailedToken(email, /new password/);
    const weak = await jsonOf<{ errors: { path: string }[] }>(await confirm(mailed, "password1234"), 422);
    expect(weak.errors[0]?.path).toBe("password");
    expect((await confirm(mailed)).status).toBe(204);
    expect((await call("GET", "/api/v1/me", { token })).status).toBe(401);
    expect(await login(email, password)).toBe(401);
    expect(await login(email, better)).toBe(200);
    const again = await jsonOf<{ errors: { path: string }[] }>(await confirm(mailed, "three green bicycles sing"), 422);
    expect(again.errors[0]?.path).toBe("token");
    expect((await mailsTo(email)).map(({ subject }) => subject)).toContain("Your password was changed");
  });

  it("leave who signed up with somebody else’s address nothing, once its owner chooses one", async () => {
    const { email, token } = await signUp();
    const made = await call("POST", "/api/v1/api-keys", { token, json: { name: "Backdoor" } });
    const { key } = await jsonOf<{ key: string }>(made, 201);
    const setup = await call("POST", "/api/v1/auth/2fa/setup", { token, json: {} });
    const { secret } = await jsonOf<{ secret: string }>(setup, 200);
    await jsonOf(await call("POST", "/api/v1/auth/2fa/verify", { token, json: { code: totp(secret) } }), 200);
    await ask(email);
    expect((await confirm(await mailedToken(email, /new password/))).status).toBe(204);
    expect((await call("GET", "/api/v1/clones", { token: key })).status).toBe(401);
    const opened = await call("POST", "/api/v1/auth/login", { json: { email, password: better } });
    expect(await jsonOf(opened, 200)).toHaveProperty("access_token");
  });

  it("leave their owner’s keys and second factor alone where the address was confirmed before", async () => {
    const { email, token } = await signUp();
    const json = { token: await mailedToken(email, /[Cc]onfirm/) };
    await jsonOf(await call("POST", "/api/v1/auth/email/verify", { json }), 200);
    const made = await call("POST", "/api/v1/api-keys", { token, json: { name: "Import" } });
    const { key } = await jsonOf<{ key: string }>(made, 201);
    await ask(email);
    expect((await confirm(await mailedToken(email, /new password/))).status).toBe(204);
    expect((await call("GET", "/api/v1/clones", { token: key })).status).toBe(200);
  });

  it("are set by one of fifty that open the same link at once", async () => {
    const { email } = await signUp();
    await ask(email);
    const token = await mailedToken(email, /new password/);
    const answers = await Promise.all(Array.from({ length: 50 }, () => confirm(token)));
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1);
  });

  it("cannot be reset by a link that is too old, nor by an older one after another was used", async () => {
    const { email } = await signUp();
    await ask(email);
    const old = await mailedToken(email, /new password/);
    await env.DB.prepare("UPDATE one_time_tokens SET expires_at = 1").run();
    expect((await confirm(old)).status).toBe(422);
    await ask(email);
    await expect
      .poll(async () => (await mailsTo(email)).filter(({ subject }) => /new password/.test(subject)).length)
      .toBe(2);
    const second = await mailedToken(email, /new password/);
    await ask(email);
    await expect
      .poll(async () => (await mailsTo(email)).filter(({ subject }) => /new password/.test(subject)).length)
      .toBe(3);
    const third = await mailedToken(email, /new password/);
    expect((await confirm(third)).status).toBe(204);
    expect((await confirm(second, "three green bicycles sing")).status).toBe(422);
  });

  it("are asked for with one answer, known or unknown, that waits for nothing done for the known", async () => {
    const known = await signUp();
    const { promise: held, resolve: goOn } = Promise.withResolvers<void>();
    // Nothing comes out of this database before the answers are there.
    const holding = heldDatabase(env.DB, held, () => true);
    const bodies = new Set<string>();
    const rounds = Array.from({ length: 15 }, (_, round) => [known.email, `nobody-${round}@example.com`]).flat();
    await Promise.all(
      rounds.map(async (email) => {
        const request = new Request("http://localhost:8787/api/v1/auth/password/reset", {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ email }),
        });
        const response = await worker.fetch(
          request as Parameters<typeof worker.fetch>[0],
          { ...env, DB: holding } as Env,
          createExecutionContext(),
        );
        bodies.add(`${response.status} ${await response.text()}`);
      }),
    );
    expect(bodies.size).toBe(1);
    expect([...bodies][0]).toMatch(/^202 /);
    goOn();
    // However often strangers ask, her mailbox does not fill.
    await expect
      .poll(async () => (await mailsTo(known.email)).filter(({ subject }) => /new password/.test(subject)).length)
      .toBe(5);
  });

  it("change for who knows the present one, and everything else is signed out", async () => {
    const { email, password, token } = await signUp();
    const other = await jsonOf<{ access_token: string }>(
      await call("POST", "/api/v1/auth/login", { json: { email, password } }),
      200,
    );
    const change = (current_password: string, new_password: string) =>
      call("PUT", "/api/v1/auth/password/change", { token, json: { current_password, new_password } });
    const wrong = await jsonOf<{ errors: { path: string }[] }>(await change("not my password", better), 422);
    expect(wrong.errors[0]?.path).toBe("current_password");
    const weak = await jsonOf<{ errors: { path: string }[] }>(await change(password, "password1234"), 422);
    expect(weak.errors[0]?.path).toBe("new_password");
    expect((await change(password, better)).status).toBe(204);
    expect((await call("GET", "/api/v1/me", { token })).status).toBe(200);
    expect((await call("GET", "/api/v1/me", { token: other.access_token })).status).toBe(401);
    expect(await login(email, better)).toBe(200);
  });
});
