import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { strFromU8, unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { api } from "../api.ts";
import type { WireAuditEvent } from "../audit/contract.ts";
import { cron, later } from "../personal-data/testing/erasures.ts";
import { parseConfig } from "../platform/config/config.ts";
import { createRuntime } from "../platform/runtime.ts";
import { call, jsonOf, signUp } from "../testing/client.ts";
import { agreementToken } from "./providers/oauth-agreement.ts";
import { agreementCookie } from "./providers/oauth-cookies.ts";
import { as, locationOf, newBrowser, type OidcPerson, withProviders } from "./testing/oauth.ts";

const urls = { TERMS_URL: "https://example.com/terms", PRIVACY_URL: "https://example.com/privacy" };
/** The installation once its terms have a version. */
const asking = (version: string) => ({ ...withProviders, ...urls, POLICY_VERSION: version }) as Env;
const first = asking("2026-11");
const second = asking("2026-12");

const at = (
  where: Env,
  method: string,
  path: string,
  { token, json, headers = {} }: { token?: string; json?: unknown; headers?: Record<string, string> } = {},
) =>
  api.fetch(
    new Request(`http://localhost:8787/api/v1${path}`, {
      method,
      headers: {
        "User-Agent": "Firefox/999",
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
        ...(json === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    }),
    where,
    createExecutionContext(),
  );

const account = { email: "ada@example.com", password: "correct horse battery staple", name: "Ada" };
const register = (where: Env, more: object = {}) =>
  at(where, "POST", "/auth/register", { json: { ...account, ...more } });
const tokenOf = async (answer: Response) => (await jsonOf<{ access_token: string }>(answer, 201)).access_token;
const consentsOf = async (where: Env, token: string) =>
  (await jsonOf<{ data: Record<string, string>[] }>(await at(where, "GET", "/me/consents", { token }), 200)).data;
const toAccept = async (where: Env, token: string) =>
  (await jsonOf<{ policy_to_accept: { version: string } | null }>(await at(where, "GET", "/me", { token }), 200))
    .policy_to_accept;
const count = async (table: string) =>
  (await env.DB.prepare(`SELECT count(*) AS n FROM ${table}`).first<{ n: number }>())?.n;
const eventsOf = async (where: Env, token: string) =>
  (await jsonOf<{ data: WireAuditEvent[] }>(await at(where, "GET", "/audit", { token }), 200)).data;

describe("the terms", () => {
  it("are asked for only where they have a version, which people can read", async () => {
    expect(() => parseConfig({ ...env, POLICY_VERSION: "1" })).toThrow(
      /TERMS_URL is not set. POLICY_VERSION asks[\s\S]*PRIVACY_URL is not set/,
    );
    expect(() => parseConfig({ ...env, TERMS_URL: "javascript:alert(1)" })).toThrow(/TERMS_URL must begin with https/);
    const production = {
      ...env,
      ENVIRONMENT: "production",
      RATE_LIMITS: "on",
      FETCH_EXEMPT_ORIGINS: "",
      SCRYPT_COST: "16384",
    };
    expect(() => parseConfig({ ...production, PRIVACY_URL: "http://example.com/" })).toThrow(/PRIVACY_URL must begin/);
    expect(() => parseConfig({ ...env, ...urls, POLICY_VERSION: "x".repeat(41) })).toThrow(
      /POLICY_VERSION is too long/,
    );
    expect(await jsonOf(await call("GET", "/api/v1/policy"), 200)).toEqual({
      version: null,
      terms_url: null,
      privacy_url: null,
    });
    expect(await jsonOf(await at(first, "GET", "/policy"), 200)).toEqual({
      version: "2026-11",
      terms_url: urls.TERMS_URL,
      privacy_url: urls.PRIVACY_URL,
    });
    // Links alone ask nobody.
    const linked = { ...env, ...urls } as Env;
    const token = await tokenOf(await register(linked, { accept_policy: "whatever" }));
    expect(await toAccept(linked, token)).toBe(null);
    expect(await consentsOf(linked, token)).toEqual([]);
    const given = await at(linked, "POST", "/me/consents", { token, json: { version: "2026-11" } });
    expect(await jsonOf(given, 409)).toMatchObject({ code: "conflict" });
  });

  it("are agreed to when signing up, or there is no account", async () => {
    for (const wrong of [{}, { accept_policy: "2026-10" }, { accept_policy: "" }]) {
      const refused = await register(first, wrong);
      expect(await jsonOf(refused, 422)).toMatchObject({ errors: [{ path: "accept_policy" }] });
    }
    expect((await register(first, { accept_policy: true })).status).toBe(422);
    expect(await count("users")).toBe(0);
    const before = Date.now();
    const token = await tokenOf(await register(first, { accept_policy: "2026-11" }));
    const [consent, ...more] = await consentsOf(first, token);
    expect(more).toEqual([]);
    expect(consent).toEqual({
      version: "2026-11",
      agreed_at: expect.any(String),
      terms_url: urls.TERMS_URL,
      privacy_url: urls.PRIVACY_URL,
      address: null,
      agent: "Firefox/999",
    });
    expect(Date.parse(consent?.agreed_at ?? "")).toBeGreaterThanOrEqual(before - 1_000);
    expect(await toAccept(first, token)).toBe(null);
    expect((await eventsOf(first, token)).at(-1)).toMatchObject({
      action: "account.created",
      details: { policy_version: "2026-11" },
    });
    // An address that has an account gets no consent by somebody else's try.
    expect((await register(second, { accept_policy: "2026-12" })).status).toBe(409);
    expect(await count("consents")).toBe(1);
  });

  it("are asked for once more when they changed, and nothing is taken away meanwhile", async () => {
    const token = await tokenOf(await register(first, { accept_policy: "2026-11" }));
    expect(await toAccept(second, token)).toMatchObject({ version: "2026-12", terms_url: urls.TERMS_URL });
    expect((await at(second, "GET", "/clones", { token })).status).toBe(200);
    for (const version of ["2026-11", "2027-01", ""]) {
      const refused = await at(second, "POST", "/me/consents", { token, json: { version } });
      expect(await jsonOf(refused, 422)).toMatchObject({ errors: [{ path: "version" }] });
    }
    const agree = () => at(second, "POST", "/me/consents", { token, json: { version: "2026-12" } });
    const answers = await Promise.all([agree(), agree(), agree()]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect((await consentsOf(second, token)).map(({ version }) => version)).toEqual(["2026-12", "2026-11"]);
    expect(await toAccept(second, token)).toBe(null);
    const told = (await eventsOf(second, token)).filter(({ action }) => action === "consent.given");
    expect(told).toMatchObject([{ details: { version: "2026-12" }, agent: "Firefox/999" }]);
  });

  it("are asked of who was there before", async () => {
    const { token } = await signUp();
    expect(await toAccept(first, token)).toMatchObject({ version: "2026-11" });
    await jsonOf(await at(first, "POST", "/me/consents", { token, json: { version: "2026-11" } }), 201);
    expect(await toAccept(first, token)).toBe(null);
  });

  it("are agreed to by a person in a session, who sees their own only", async () => {
    const [ada, eve] = [await signUp("Ada"), await signUp("Eve")];
    await jsonOf(await at(first, "POST", "/me/consents", { token: ada.token, json: { version: "2026-11" } }), 201);
    expect(await consentsOf(first, eve.token)).toEqual([]);
    const made = await call("POST", "/api/v1/api-keys", { token: ada.token, json: { name: "k" } });
    const { key } = await jsonOf<{ key: string }>(made, 201);
    for (const token of [key, "nothing"]) {
      expect((await at(first, "GET", "/me/consents", { token })).status).toBe(401);
      expect((await at(first, "POST", "/me/consents", { token, json: { version: "2026-11" } })).status).toBe(401);
    }
  });

  it("are in what a person takes out, with the address, and go with their account", async () => {
    const where = {
      ...first,
      ENVIRONMENT: "production",
      SCRYPT_COST: "16384",
      RATE_LIMITS: "on",
      FETCH_EXEMPT_ORIGINS: "",
      APP_URL: "https://understudy.example",
      GOOGLE_CLIENT_ID: "",
      GOOGLE_CLIENT_SECRET: "",
      GITHUB_CLIENT_ID: "",
      GITHUB_CLIENT_SECRET: "",
      OIDC_ISSUER: "",
      OIDC_CLIENT_ID: "",
      OIDC_CLIENT_SECRET: "",
      GOOGLE_ISSUER: "",
      GITHUB_URL: "",
      GITHUB_API_URL: "",
    } as Env;
    const headers = { "CF-Connecting-IP": "198.51.100.7" };
    const made = await at(where, "POST", "/auth/register", { json: { ...account, accept_policy: "2026-11" }, headers });
    const token = await tokenOf(made);
    const archive = await at(first, "POST", "/me/export", { token });
    const files = unzipSync(new Uint8Array(await archive.arrayBuffer()));
    expect(JSON.parse(strFromU8(files["consents.json"] ?? new Uint8Array()))).toMatchObject([
      { version: "2026-11", address: "198.51.100.7", agent: "Firefox/999" },
    ]);
    const closed = await at(first, "POST", "/me/erasure", { token, json: { password: account.password } });
    expect(closed.status).toBe(202);
    expect(await count("consents")).toBe(1);
    await later();
    await cron();
    expect(await count("consents")).toBe(0);
  });
});

describe("a first sign-in by a provider", () => {
  const ada: OidcPerson = { sub: "a-1", email: "Ada@example.com", email_verified: true, name: "Ada Lovelace" };

  /** A browser that comes back from the provider; where it is sent, and what it may agree with. */
  async function comeBack(where: Env, person = ada) {
    const browser = newBrowser(where);
    const response = await browser.get(await browser.visit(as(await browser.begin("oidc", "/clones/new"), person)));
    const { pathname, searchParams } = locationOf(response);
    return { browser, pathname, next: searchParams.get("next"), token: browser.jar.get(agreementCookie) ?? "" };
  }
  const agree = (where: Env, agreement_token: string, accept_policy?: string) =>
    at(where, "POST", "/auth/oauth/agreement", {
      json: { agreement_token, ...(accept_policy === undefined ? {} : { accept_policy }) },
    });

  it("makes no account before its person agrees, and one when they do", async () => {
    const { pathname, next, token, browser } = await comeBack(first);
    expect([pathname, next]).toEqual(["/agree", "/clones/new"]);
    expect((await browser.get("/api/v1/me")).status).toBe(401);
    for (const table of ["users", "accounts", "sessions", "consents"]) expect(await count(table), table).toBe(0);
    for (const wrong of [undefined, "2026-10"])
      expect(await jsonOf(await agree(first, token, wrong), 422)).toMatchObject({
        errors: [{ path: "accept_policy" }],
      });
    expect(await count("users")).toBe(0);
    const made = await agree(first, token, "2026-11");
    expect(made.headers.getSetCookie().join()).toMatch(/understudy_agreement=;.*Max-Age=0/);
    const access = await tokenOf(made);
    const me = await jsonOf<{ user: object }>(await at(first, "GET", "/me", { token: access }), 200);
    expect(me.user).toMatchObject({ email: "ada@example.com", name: "Ada Lovelace", email_verified: true });
    expect((await consentsOf(first, access)).map(({ version }) => version)).toEqual(["2026-11"]);
    // The second time nobody is asked, and the token opens nothing more.
    expect((await comeBack(first)).pathname).toBe("/clones/new");
    expect((await agree(first, token, "2026-11")).status).toBe(409);
    expect(await count("users")).toBe(1);
  });

  it("makes one account, of as many as agree at once", async () => {
    const { token } = await comeBack(first);
    const answers = await Promise.all([1, 2, 3].map(() => agree(first, token, "2026-11")));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(await count("users")).toBe(1);
    expect(await count("consents")).toBe(1);
  });

  it("opens nothing with a token that is forged, old or of another kind", async () => {
    const { token } = await comeBack(first);
    const runtime = createRuntime(first);
    const person = { email: "eve@example.com", name: "Eve", authority: "https://id.example", subject: "e-1" };
    const old = await agreementToken({ ...runtime, clock: { now: () => Date.now() - 11 * 60_000 } }, person);
    const elsewhere = createRuntime({
      ...first,
      AUTH_SECRET: "another-secret-of-forty-eight-characters-9876543210",
    } as Env);
    const { token: other } = await signUp("Eve");
    for (const wrong of [`${token.slice(0, -4)}AAAA`, "a.b.c", "", old, await agreementToken(elsewhere, person), other])
      expect((await agree(first, wrong, "2026-11")).status, wrong.slice(0, 20)).toBe(401);
    expect(await count("users")).toBe(1);
  });

  it("is linked to the account with its address, which is asked at its next visit", async () => {
    const { browser } = await comeBack({ ...first, POLICY_VERSION: "" } as Env);
    const me = await jsonOf<{ user: { id: string } }>(await browser.get("/api/v1/me"), 200);
    const again = await comeBack(first);
    expect(again.pathname).toBe("/clones/new");
    const there = await jsonOf<{ user: { id: string }; policy_to_accept: object }>(
      await again.browser.get("/api/v1/me"),
      200,
    );
    expect(there).toMatchObject({ user: { id: me.user.id }, policy_to_accept: { version: "2026-11" } });
  });
});
