import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { connect } from "../../db/client.ts";
import { call, jsonOf, signUp } from "../../testing/client.ts";
import { refreshTokenPair } from "./tokens.ts";

interface Tokens {
  access_token: string;
  refresh_token: string;
  expires_in: number;
  user: { id: string };
}

const refresh = (refresh_token: string) => call("POST", "/api/v1/auth/refresh", { json: { refresh_token } });
const me = async (token: string) => (await call("GET", "/api/v1/me", { token })).status;

async function signIn(): Promise<Tokens> {
  const { email, password } = await signUp();
  return jsonOf<Tokens>(await call("POST", "/api/v1/auth/login", { json: { email, password } }), 200);
}

describe("refresh", () => {
  it("gives new tokens for a refresh token, again and again", async () => {
    const first = await signIn();
    expect(first.expires_in).toBe(3_600);
    let tokens = first;
    for (let round = 0; round < 3; round++) {
      const next = await jsonOf<Tokens>(await refresh(tokens.refresh_token), 200);
      expect(next.user.id).toBe(first.user.id);
      expect(new Set([next.access_token, next.refresh_token, tokens.access_token, tokens.refresh_token]).size).toBe(4);
      expect(await me(next.access_token)).toBe(200);
      tokens = next;
    }
  });

  it("keeps neither token as it is", async () => {
    const tokens = await signIn();
    const rows = await env.DB.prepare("SELECT * FROM refresh_tokens").all();
    expect(rows.results.length).toBeGreaterThan(0);
    for (const token of [tokens.access_token, tokens.refresh_token]) {
      expect(JSON.stringify(rows.results)).not.toContain(token.slice(4));
    }
  });

  it("ends the access token after an hour, and the session’s bare token opens nothing", async () => {
    const { access_token } = await signIn();
    await env.DB.prepare("UPDATE refresh_tokens SET access_expires_at = 1").run();
    expect(await me(access_token)).toBe(401);
    const bare = await env.DB.prepare("SELECT token FROM sessions").first<string>("token");
    expect(await me(bare ?? "")).toBe(401);
  });

  it("ends the whole session when a used token comes back", async () => {
    const stolen = await signIn();
    const next = await jsonOf<Tokens>(await refresh(stolen.refresh_token), 200);
    const replay = await jsonOf(await refresh(stolen.refresh_token), 401);
    expect(replay.detail).toContain("used before");
    expect((await refresh(next.refresh_token)).status).toBe(401);
    expect(await me(next.access_token)).toBe(401);
    expect(await me(stolen.access_token)).toBe(401);
  });

  it.each([1, 2, 3, 4, 5])(
    "has one successor for fifty calls in parallel, and none after a later replay (%i)",
    async () => {
      const { access_token, refresh_token } = await signIn();
      const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(refresh_token)));
      const won = answers.filter(({ status }) => status === 200);
      expect(won).toHaveLength(1);
      expect(answers.filter(({ status }) => status === 401)).toHaveLength(49);
      const successor = await jsonOf<Tokens>(won[0] as Response, 200);
      expect((await refresh(refresh_token)).status).toBe(401);
      expect((await refresh(successor.refresh_token)).status).toBe(401);
      expect(await me(successor.access_token)).toBe(401);
      expect(await me(access_token)).toBe(401);
    },
  );

  it("leaves the session to a program that raced itself: whose call began before the other was answered", async () => {
    const { refresh_token } = await signIn();
    const db = connect(env.DB);
    const arrivedAt = Date.now();
    const first = await refreshTokenPair(db, refresh_token, arrivedAt, { now: () => arrivedAt + 20 }, async () => []);
    const second = await refreshTokenPair(
      db,
      refresh_token,
      arrivedAt + 10,
      { now: () => arrivedAt + 30 },
      async () => [],
    );
    expect([first.outcome, second.outcome]).toEqual(["refreshed", "raced"]);
    if (first.outcome !== "refreshed") return;
    expect(await me(first.tokens.access)).toBe(200);
    const third = await refreshTokenPair(
      db,
      refresh_token,
      arrivedAt + 20,
      { now: () => arrivedAt + 40 },
      async () => [],
    );
    expect(third.outcome).toBe("reused");
  });

  it("ends with the session", async () => {
    const { access_token, refresh_token } = await signIn();
    expect((await call("POST", "/api/v1/auth/logout", { token: access_token })).status).toBe(204);
    expect(await me(access_token)).toBe(401);
    expect((await refresh(refresh_token)).status).toBe(401);
  });

  it.each(["usr_nonsense", "a.b.c", "'; DROP TABLE users --"])("refuses %s", async (token) => {
    expect((await refresh(token)).status).toBe(401);
  });

  it("does not take an access token for a refresh token, nor the other way round", async () => {
    const { access_token, refresh_token } = await signIn();
    expect((await refresh(access_token)).status).toBe(401);
    expect(await me(refresh_token)).toBe(401);
  });
});
