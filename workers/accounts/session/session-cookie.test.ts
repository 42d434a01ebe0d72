import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { forgetHere } from "../../platform/changes/remembered.ts";
import { parseConfig } from "../../platform/config/config.ts";
import { call, jsonOf, signUp } from "../../testing/client.ts";
import { eventually } from "../../testing/eventually.ts";
import { clearedSessionCookie, sessionCookieLine, signedToken } from "./session-cookie.ts";

/** Lines that better-auth 1.7 set, which kept sessions before, with the secret that the tests have; browsers hold them for thirty days. */
const earlier = {
  development: {
    token: "KiA8ctkRCVUuTQ2dmGvWY19DW1WRJNXb",
    line: "understudy.session_token=KiA8ctkRCVUuTQ2dmGvWY19DW1WRJNXb.HLSRPRIKvvfUecW5KoOTL5uyNuF0TvcRBAd8JMxIwno%3D; Max-Age=2592000; Path=/; HttpOnly; SameSite=Lax",
  },
  production: {
    token: "0rtfbUVbF1FrWrZnM3e04B2SVO8kn50F",
    line: "__Host-understudy.session_token=0rtfbUVbF1FrWrZnM3e04B2SVO8kn50F.mxrf13UdBHQBGwNKyTfQc0Am9k%2FSlWAe78HCfVYJK%2Bw%3D; Max-Age=2592000; Path=/; HttpOnly; Secure; SameSite=Lax",
  },
} as const;

const config = parseConfig(env);
const { token } = earlier.development;
const cookie = earlier.development.line.split(";")[0] ?? "";
const value = cookie.slice(cookie.indexOf("=") + 1);
const day = 24 * 60 * 60 * 1000;

const me = async (headers: Record<string, string>) => (await call("GET", "/api/v1/me", { headers })).status;
const endOf = () => env.DB.prepare("SELECT expires_at FROM sessions WHERE id = 'sess_old'").first<number>("expires_at");
const lastUseOf = () => env.DB.prepare("SELECT last_used_at FROM sessions").first<number>("last_used_at");

/** A session as it was stored before. */
async function store(userId: string, expiresAt = Date.now() + 30 * day) {
  await env.DB.prepare("DELETE FROM sessions").run();
  await env.DB.prepare(
    `INSERT INTO sessions (id, token, user_id, expires_at, ip_address, user_agent, created_at, updated_at)
      VALUES ('sess_old', ?, ?, ?, '', 'UA/1', 1, 1)`,
  )
    .bind(token, userId, expiresAt)
    .run();
}

beforeEach(() => forgetHere(["session:sess_old"]));

describe("a session’s cookie", () => {
  it.each(["development", "production"] as const)("is written as it always was in %s", (environment) => {
    const { token, line } = earlier[environment];
    expect(sessionCookieLine({ ...config, ENVIRONMENT: environment }, token)).toBe(line);
    expect(clearedSessionCookie({ ...config, ENVIRONMENT: environment })).toBe(
      line.replace(/=[^;]+; Max-Age=\d+/, "=; Max-Age=0"),
    );
  });

  it("that was set before opens its session, also as a bearer", async () => {
    const { userId } = await signUp();
    await store(userId);
    const ways: Record<string, string>[] = [
      { Cookie: cookie },
      { Cookie: `a=b; ${decodeURIComponent(cookie)}; c=d` },
      { Authorization: `Bearer ${value}` },
      { Authorization: `Bearer ${decodeURIComponent(value)}` },
    ];
    for (const headers of ways) expect(await me(headers), JSON.stringify(headers)).toBe(200);
  });

  it("opens nothing where it is not what was signed here", async () => {
    const { userId } = await signUp();
    await store(userId);
    const [, signature = ""] = decodeURIComponent(value).split(".");
    for (const wrong of [
      token,
      `${token}.`,
      `.${signature}`,
      `${token}.${signature.slice(0, -1)}`,
      `${token}.${signature}=`,
      `${token}.A${signature.slice(1)}`,
      `${token}.${signature}.${signature}`,
      `x${token}.${signature}`,
      encodeURIComponent(value),
      "%",
    ]) {
      expect(await me({ Cookie: `understudy.session_token=${wrong}` }), wrong).toBe(401);
      expect(await me({ Authorization: `Bearer ${wrong}` }), wrong).toBe(401);
    }
    const elsewhere = { ...config, AUTH_SECRET: `${config.AUTH_SECRET}x` };
    expect(signedToken(elsewhere, decodeURIComponent(value))).toBeNull();
  });

  it("opens nothing once its session is over", async () => {
    const { userId } = await signUp();
    await store(userId, Date.now() - 1);
    expect(await me({ Cookie: cookie })).toBe(401);
  });

  it("prolongs its session when a day of it has passed", async () => {
    const { userId } = await signUp();
    const soon = Date.now() + 28 * day;
    await store(userId, soon);
    expect(await me({ Cookie: cookie })).toBe(200);
    await eventually(async () => expect(await endOf()).toBeGreaterThan(soon + day));
    const late = Date.now() + 29.5 * day;
    await store(userId, late);
    forgetHere(["session:sess_old"]);
    expect(await me({ Cookie: cookie })).toBe(200);
    await eventually(async () => expect(await lastUseOf()).not.toBeNull());
    expect(await endOf()).toBe(late);
  });

  it("is taken away by signing out, also where it opens nothing any more", async () => {
    const { userId } = await signUp();
    await store(userId);
    const headers = { Cookie: cookie, Origin: "http://localhost:8787" };
    for (let times = 0; times < 2; times++) {
      const answer = await call("POST", "/api/v1/auth/logout", { headers });
      expect([answer.status, answer.headers.getSetCookie()]).toEqual([204, [clearedSessionCookie(config)]]);
      expect(await endOf()).toBeNull();
    }
    expect(await me({ Cookie: cookie })).toBe(401);
  });

  it("is a new one after every sign-in, whatever the browser came with", async () => {
    const { email, password, userId } = await signUp();
    await store(userId);
    const headers = { Cookie: cookie, Origin: "http://localhost:8787" };
    const answer = await call("POST", "/api/v1/auth/login", { json: { email, password }, headers });
    const line = answer.headers.getSetCookie()[0] ?? "";
    await jsonOf(answer, 200);
    expect(line).toMatch(
      /^understudy\.session_token=[\w-]{43}\.[^;]+; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    expect(await env.DB.prepare("SELECT count(*) AS n FROM sessions").first("n")).toBe(2);
  });
});
