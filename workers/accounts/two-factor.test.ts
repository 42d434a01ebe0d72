import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { call, jsonOf, signUp } from "../testing/client.ts";
import { mailsTo } from "./testing/mail.ts";
import { totp } from "./testing/totp.ts";

interface Pending {
  two_factor_required: true;
  two_factor_token: string;
}
interface Person {
  email: string;
  password: string;
  token: string;
}

const verify = (json: object, token?: string) => call("POST", "/api/v1/auth/2fa/verify", { token, json });
const setup = (token: string, json: object = {}) => call("POST", "/api/v1/auth/2fa/setup", { token, json });
const status = async (token: string) => jsonOf(await call("GET", "/api/v1/auth/2fa", { token }), 200);
const login = ({ email, password }: Person) => call("POST", "/api/v1/auth/login", { json: { email, password } });
const pending = async (person: Person) => (await jsonOf<Pending>(await login(person), 200)).two_factor_token;
/** As if the time had come for the next code. */
const forgetStep = () => env.DB.prepare("UPDATE two_factors SET last_step = 0").run();

/** A person with a second factor. */
async function withFactor() {
  const person = await signUp();
  const { secret, otpauth_url } = await jsonOf<{ secret: string; otpauth_url: string }>(await setup(person.token), 200);
  const { recovery_codes } = await jsonOf<{ recovery_codes: string[] }>(
    await verify({ code: totp(secret) }, person.token),
    200,
  );
  await forgetStep();
  return { ...person, secret, otpauth_url, recovery_codes };
}

describe("a second factor", () => {
  it("counts once a code came from it, and is asked for from then on", async () => {
    const person = await signUp();
    const { secret, otpauth_url } = await jsonOf<{ secret: string; otpauth_url: string }>(
      await setup(person.token),
      200,
    );
    expect(otpauth_url).toBe(
      `otpauth://totp/Understudy:${encodeURIComponent(person.email)}?secret=${secret}&issuer=Understudy&digits=6&period=30`,
    );
    expect(await status(person.token)).toEqual({ enabled: false, recovery_codes_left: 0 });
    expect(await jsonOf(await login(person), 200)).toHaveProperty("access_token");
    expect((await verify({ code: "000000" }, person.token)).status).toBe(422);
    const code = totp(secret);
    const on = await jsonOf<{ recovery_codes: string[] }>(await verify({ code }, person.token), 200);
    expect(new Set(on.recovery_codes).size).toBe(10);
    expect(on.recovery_codes[0]).toMatch(/^[0-9a-z]{4}(-[0-9a-z]{4}){3}$/);
    expect(await status(person.token)).toEqual({ enabled: true, recovery_codes_left: 10 });
    expect((await mailsTo(person.email))[0]?.subject).toBe("Two-factor authentication is on");
    const asked = await jsonOf(await login(person), 200);
    expect(asked).toEqual({
      two_factor_required: true,
      two_factor_token: expect.any(String),
      expires_in: 300,
    });
    expect((await login(person)).headers.getSetCookie()).toEqual([]);
    // The code that turned it on is used up.
    const used = await verify({ code, two_factor_token: asked.two_factor_token });
    expect((await jsonOf(used, 422)).detail).toBeDefined();
    const opened = await verify({ code: totp(secret, 1), two_factor_token: asked.two_factor_token });
    expect(opened.headers.getSetCookie()[0]).toContain("session_token");
    const { access_token } = await jsonOf<{ access_token: string }>(opened, 200);
    expect((await call("GET", "/api/v1/me", { token: access_token })).status).toBe(200);
  });

  it("keeps secret and recovery codes closed", async () => {
    const { recovery_codes, otpauth_url } = await withFactor();
    const factor = await env.DB.prepare("SELECT * FROM two_factors").first<{ secret: string }>();
    expect(factor?.secret).toMatch(/^v1\.test\./);
    const all = JSON.stringify((await env.DB.prepare("SELECT * FROM recovery_codes").all()).results);
    for (const code of recovery_codes) expect(all).not.toContain(code.replaceAll("-", ""));
    expect(otpauth_url).not.toContain(factor?.secret);
  });

  it("takes the same code once, of fifty that send it at once", async () => {
    const person = await withFactor();
    const [two_factor_token, code] = [await pending(person), totp(person.secret)];
    const answers = await Promise.all(Array.from({ length: 50 }, () => verify({ code, two_factor_token })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect((await verify({ code, two_factor_token })).status).toBe(422);
    expect((await verify({ code: totp(person.secret, -1), two_factor_token })).status).toBe(422);
  });

  it("takes a recovery code once, of fifty that send it at once, and counts those that are left", async () => {
    const person = await withFactor();
    const two_factor_token = await pending(person);
    const code = person.recovery_codes[3]?.toUpperCase().replaceAll("-", " ");
    const answers = await Promise.all(Array.from({ length: 50 }, () => verify({ code, two_factor_token })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(await status(person.token)).toEqual({ enabled: true, recovery_codes_left: 9 });
    const other = await withFactor();
    const foreign = { code: person.recovery_codes[4], two_factor_token: await pending(other) };
    expect((await verify(foreign)).status).toBe(422);
  });

  it.each(["", "a.b.c", "nonsense"])("opens nothing with the token “%s”", async (two_factor_token) => {
    const { secret } = await withFactor();
    expect((await verify({ code: totp(secret), two_factor_token })).status).toBe(401);
  });

  it("is not set up by a session that is old or a key, unless its person is there", async () => {
    const { token, password } = await signUp();
    await env.DB.prepare("UPDATE sessions SET created_at = created_at - 3600000").run();
    const refused = await jsonOf<{ errors: { path: string }[] }>(await setup(token), 422);
    expect(refused.errors[0]?.path).toBe("password");
    expect((await setup(token, { password: "not my password" })).status).toBe(422);
    expect((await setup(token, { password })).status).toBe(200);
  });

  it("cannot be replaced without being turned off, which takes both factors", async () => {
    const person = await withFactor();
    expect((await setup(person.token)).status).toBe(409);
    const disable = (json: object) => call("POST", "/api/v1/auth/2fa/disable", { token: person.token, json });
    expect((await disable({ password: person.password, code: "000000" })).status).toBe(422);
    expect((await disable({ password: "wrong", code: totp(person.secret) })).status).toBe(422);
    expect((await disable({ password: person.password, code: totp(person.secret) })).status).toBe(204);
    expect(await jsonOf(await login(person), 200)).toHaveProperty("access_token");
    expect((await disable({ password: person.password, code: "000000" })).status).toBe(409);
  });

  it("gets new recovery codes, which end the old ones", async () => {
    const person = await withFactor();
    const renew = (code: string) =>
      call("POST", "/api/v1/auth/2fa/recovery-codes", { token: person.token, json: { code } });
    expect((await renew("000000")).status).toBe(422);
    const { recovery_codes } = await jsonOf<{ recovery_codes: string[] }>(await renew(totp(person.secret)), 200);
    const two_factor_token = await pending(person);
    expect((await verify({ code: person.recovery_codes[0], two_factor_token })).status).toBe(422);
    expect((await verify({ code: recovery_codes[0], two_factor_token })).status).toBe(200);
  });

  it("is still asked for after the password was reset", async () => {
    const person = await withFactor();
    await call("PUT", "/api/v1/auth/password/change", {
      token: person.token,
      json: { current_password: person.password, new_password: "purple otters juggling teacups" },
    });
    expect(await jsonOf(await login({ ...person, password: "purple otters juggling teacups" }), 200)).toHaveProperty(
      "two_factor_required",
    );
  });
});
