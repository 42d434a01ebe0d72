import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import crypto from "node:crypto";
import { describe, expect, it, vi } from "vitest";
import worker from "../../index.ts";
import { call, jsonOf, signUp } from "../../testing/client.ts";
import { eventually } from "../../testing/eventually.ts";
import { heldDatabase } from "../testing/held-database.ts";
import { mailedToken } from "../testing/mail.ts";
import { totp } from "../testing/totp.ts";
import { waitAfter } from "./attempts.ts";

const minute = 60_000;

/** The Worker with limits, but without those by address, which have tests of their own. */
function post(
  path: string,
  json: object,
  headers: Record<string, string> = {},
  bound: Partial<Env> = {},
): Promise<Response> {
  const request = new Request(`http://localhost:8787/api/v1/auth/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Origin: "http://localhost:8787", ...headers },
    body: JSON.stringify(json),
  });
  const bindings = { ...env, RATE_LIMITS: "auth=1000000/minute", ...bound } as Env;
  return worker.fetch(request as Parameters<typeof worker.fetch>[0], bindings, createExecutionContext());
}

const guess = (email: string, password: string, headers: Record<string, string> = {}) =>
  post("login", { email, password }, headers);

const deviceOf = (response: Response) =>
  response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0] ?? "")
    .filter((cookie) => cookie.startsWith("understudy_device="))
    .join("; ");
const age = (by: number) => env.DB.prepare("UPDATE sign_in_attempts SET created_at = created_at - ?").bind(by).run();

/** From another address each time, as whoever has many and writes what they want into headers. */
const from = (i: number) => ({
  "X-Forwarded-For": `203.0.113.${i % 256}`,
  "CF-Connecting-IP": `2001:db8:${(i % 65_536).toString(16)}::1`,
  Forwarded: `for=198.51.100.${i % 256}`,
  "X-Real-IP": `192.0.2.${i % 256}`,
});

describe("waiting between guesses", () => {
  it.each([
    [[], 0],
    [[0], 0],
    [[0, -1], 0],
    [[0, -1, -2], 30_000],
    [[-29_000, -1, -2], 1_000],
    [[-30_000, -40_000, -50_000], 0],
    [[0, -1, -2, -3], 5 * minute],
    [[-5 * minute, -6 * minute, -7 * minute, -8 * minute], 0],
    [[0, -1, -2, -3, -10 * minute], 50 * minute],
  ])("after those at %j ms is %d ms", (times, wait) => expect(waitAfter(times, 0)).toBe(wait));
});

describe("guessing a password", () => {
  it("is let through a few times an hour, whatever addresses it comes from, and the owner’s device still gets in", async () => {
    const { email, password } = await signUp();
    const device = deviceOf(await guess(email, password));
    const statuses: Record<number, number> = {};
    for (let round = 0; round < 10; round++) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, i) => guess(email, `guess number ${round}-${i}`, from(round * 50 + i))),
      );
      for (const { status } of answers) statuses[status] = (statuses[status] ?? 0) + 1;
    }
    // Three at once; on a slow machine half a minute may pass here, and let through another.
    expect(statuses[401]).toBeGreaterThanOrEqual(3);
    expect(statuses[401]).toBeLessThanOrEqual(5);
    expect((statuses[401] ?? 0) + (statuses[429] ?? 0)).toBe(500);
    const stranger = await guess(email, password);
    expect(stranger.status).toBe(429);
    expect(Number(stranger.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect((await guess(email, password, { Cookie: device })).status).toBe(200);
  });

  it("is let through at most ten times an hour in all, by strangers and from a device that was stolen", async () => {
    const { email, password } = await signUp();
    const device = deviceOf(await guess(email, password));
    let evaluated = 0;
    for (let step = 0; step < 60; step++) {
      for (const headers of [{}, { Cookie: device }] as Record<string, string>[]) {
        if ((await guess(email, "not the password", headers)).status === 401) evaluated++;
      }
      await age(minute - 1_000);
    }
    expect(evaluated).toBe(10);
    await age(60 * minute);
    expect((await guess(email, password)).status).toBe(200);
  });

  it("does not count what was right", async () => {
    const { email, password } = await signUp();
    for (let i = 0; i < 8; i++) expect((await guess(email, password)).status).toBe(200);
  });

  it("tells nobody whether there is such an account", async () => {
    const { email } = await signUp();
    const seen = async (address: string) => {
      const answers = [];
      for (let i = 0; i < 5; i++) {
        const { status, code, detail } = await (await guess(address, "wrong wrong wrong")).json<
          Record<string, unknown>
        >();
        answers.push({ status, code, detail: String(detail).replace(/\d+/, "n") });
      }
      return answers;
    };
    expect(await seen(email)).toEqual(await seen("nobody@example.com"));
  });

  it("does the same work for an answer with and without an account", async () => {
    const { email, token } = await signUp();
    // Its first workspace has the log.
    await call("GET", "/api/v1/me", { token });
    const derive = vi.spyOn(crypto, "scrypt");
    const workFor = async (address: string) => {
      const asked: string[] = [];
      let isCompared = false;
      derive.mockClear();
      // What is done for the refusal, once the password was compared, may begin; the answer is there without it.
      const { promise: answered, resolve } = Promise.withResolvers<void>();
      const DB = heldDatabase(env.DB, answered, (sql) => {
        isCompared ||= derive.mock.calls.length > 0;
        if (!isCompared) asked.push(sql);
        return isCompared;
      });
      const response = await post("login", { email: address, password: "wrong wrong wrong" }, {}, { DB });
      resolve();
      expect(response.status).toBe(401);
      return { derived: derive.mock.calls.map(([, , length, options]) => [length, options]), asked };
    };
    const work = [await workFor("nobody@example.com"), await workFor(email), await workFor("nobody-else@example.com")];
    derive.mockRestore();
    expect(work[0]?.derived).toHaveLength(1);
    expect(work[0]?.asked.length).toBeGreaterThan(0);
    expect(work[1]).toEqual(work[0]);
    expect(work[2]).toEqual(work[0]);
    // The refusal is told in the log after the answer.
    const refused = env.DB.prepare("SELECT count(*) AS count FROM audit_events WHERE action = 'session.refused'");
    await eventually(async () => expect((await refused.first<{ count: number }>())?.count).toBe(1));
  });

  it("gains nothing from a device of somebody else, or one that was made up", async () => {
    const [ada, eve] = [await signUp("Ada"), await signUp("Eve")];
    const hers = deviceOf(await guess(eve.email, eve.password));
    for (let i = 0; i < 5; i++) await guess(ada.email, "wrong wrong wrong");
    expect((await guess(ada.email, ada.password, { Cookie: hers })).status).toBe(429);
    expect((await guess(ada.email, ada.password, { Cookie: "understudy_device=a.b.c" })).status).toBe(429);
  });

  it("keeps no address that was guessed at", async () => {
    await guess("ada@example.com", "wrong wrong wrong");
    const rows = await env.DB.prepare("SELECT * FROM sign_in_attempts").all();
    expect(rows.results).toHaveLength(1);
    expect(JSON.stringify(rows.results)).not.toContain("ada");
  });

  it("keeps no owner waiting who has chosen a new password by mail", async () => {
    const { email } = await signUp();
    for (let i = 0; i < 5; i++) await guess(email, "wrong wrong wrong");
    await call("POST", "/api/v1/auth/password/reset", { json: { email } });
    const json = { token: await mailedToken(email, /new password/), password: "purple otters juggling teacups" };
    const device = deviceOf(await post("password/reset/confirm", json));
    expect((await guess(email, json.password)).status).toBe(429);
    expect((await guess(email, json.password, { Cookie: device })).status).toBe(200);
  });
});

describe("guessing a code", () => {
  it("is let through a few times an hour, also fifty at once, and the owner’s device still gets in", async () => {
    const { email, password, token } = await signUp();
    const device = deviceOf(await guess(email, password));
    const { secret } = await jsonOf<{ secret: string }>(
      await call("POST", "/api/v1/auth/2fa/setup", { token, json: {} }),
      200,
    );
    await call("POST", "/api/v1/auth/2fa/verify", { token, json: { code: totp(secret) } });
    const { two_factor_token } = await jsonOf<{ two_factor_token: string }>(await guess(email, password), 200);
    const wrong = String((Number(totp(secret, 1)) + 1) % 1_000_000).padStart(6, "0");
    const send = (code: string, headers = {}) => post("2fa/verify", { code, two_factor_token }, headers);
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(wrong)));
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(3);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(47);
    expect((await send(totp(secret, 1))).status).toBe(429);
    expect((await send(totp(secret, 1), { Cookie: device })).status).toBe(200);
  });
});
