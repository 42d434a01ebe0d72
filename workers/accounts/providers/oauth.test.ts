import { env } from "cloudflare:workers";
import { describe, expect, inject, it } from "vitest";
import type { GitHubPerson } from "../../../scripts/stand-ins/github-server.ts";
import { api } from "../../api.ts";
import type { WireAuditEvent } from "../../audit/contract.ts";
import { parseConfig } from "../../platform/config/config.ts";
import { call, jsonOf, signUp } from "../../testing/client.ts";
import { takeLoggedErrors } from "../../testing/logged-errors.ts";
import { mailedToken, mailsTo } from "../testing/mail.ts";
import {
  as,
  type Browser,
  locationOf,
  newBrowser,
  type OidcPerson,
  open,
  signInBy,
  withProviders,
} from "../testing/oauth.ts";
import { totp } from "../testing/totp.ts";

const ada: OidcPerson = { sub: "a-1", email: "Ada@example.com", email_verified: true, name: "Ada Lovelace" };
const octo: GitHubPerson = {
  id: 583_231,
  login: "octo",
  name: null,
  emails: [
    { email: "old@example.com", primary: false, verified: true },
    { email: "octo@example.com", primary: true, verified: true },
  ],
};

const me = async (browser: Browser) =>
  (
    await jsonOf<{ user: { id: string; email: string; name: string; email_verified: boolean } }>(
      await browser.get("/api/v1/me"),
      200,
    )
  ).user;
const endOf = (response: Response) => {
  expect(response.status).toBe(303);
  const { pathname, search, host } = locationOf(response);
  expect(host).toBe("localhost:8787");
  return pathname + search;
};
const problemOf = (response: Response) => {
  const { pathname, searchParams } = new URL(endOf(response), "http://x");
  expect(pathname).toBe("/sign-in");
  return searchParams.get("problem");
};
const count = async (table: string) =>
  (await env.DB.prepare(`SELECT count(*) AS n FROM ${table}`).first<{ n: number }>())?.n;
/** An account with a password whose address was confirmed. */
async function confirmed(name: string) {
  const person = await signUp(name);
  const token = await mailedToken(person.email, /[Cc]onfirm/);
  expect((await call("POST", "/api/v1/auth/email/verify", { json: { token } })).status).toBeLessThan(300);
  return person;
}

describe("signing in by a provider", () => {
  it("lists what is set up", async () => {
    const list = await jsonOf(await open("/api/v1/auth/oauth"), 200);
    expect(list.data).toEqual([
      { id: "google", name: "Google", kind: "redirect" },
      { id: "github", name: "GitHub", kind: "redirect" },
      { id: "oidc", name: "Example ID", kind: "redirect" },
    ]);
    expect((await open("/api/v1/auth/oauth/myspace")).status).toBe(404);
    expect((await jsonOf(await call("GET", "/api/v1/auth/oauth"), 200)).data).toEqual([]);
    for (const path of ["google", "github/callback?code=x&state=y", "oidc"])
      expect((await call("GET", `/api/v1/auth/oauth/${path}`)).status, path).toBe(404);
  });

  it("does not start with half a provider, or in production with one that is not reached by https", () => {
    const half = { ...env, GOOGLE_CLIENT_ID: "x", OIDC_ISSUER: "https://id.example" };
    expect(() => parseConfig(half)).toThrow(
      /GOOGLE_CLIENT_SECRET is not set. It belongs to GOOGLE_CLIENT_ID.[\s\S]*OIDC_CLIENT_ID is not set[\s\S]*OIDC_CLIENT_SECRET/,
    );
    const production = { ENVIRONMENT: "production", FETCH_EXEMPT_ORIGINS: "", SCRYPT_COST: "16384", RATE_LIMITS: "on" };
    expect(() => parseConfig({ ...withProviders, ...production })).toThrow(
      /GOOGLE_ISSUER must begin with https[\s\S]*GITHUB_URL must[\s\S]*GITHUB_API_URL must[\s\S]*OIDC_ISSUER must/,
    );
    expect(parseConfig({ ...env, ...production })).toMatchObject({ GITHUB_URL: "https://github.com" });
  });

  it("makes an account with a confirmed address, and finds it again by who it is there", async () => {
    const first = await signInBy("oidc", ada, newBrowser(), "/clones/new?from=here#top");
    expect(locationOf(first.response).href).toBe("http://localhost:8787/clones/new?from=here#top");
    expect(await me(first.browser)).toMatchObject({
      email: "ada@example.com",
      name: "Ada Lovelace",
      email_verified: true,
    });
    const moved = await signInBy("oidc", { ...ada, email: "moved@example.com" });
    expect((await me(moved.browser)).id).toBe((await me(first.browser)).id);
    // As Google, too, which is the same server here.
    const again = await signInBy("google", ada);
    expect((await me(again.browser)).id).toBe((await me(first.browser)).id);
    expect(await count("users")).toBe(1);
    expect(await count("verifications")).toBe(0);
  });

  it("takes what else a provider says as it sends the browser back", async () => {
    const browser = newBrowser();
    const back = await browser.visit(as(await browser.begin("oidc"), ada));
    expect(locationOf(await browser.get(`${back}&session_state=x&scope=openid`)).pathname).toBe("/clones");
    expect(await me(browser)).toMatchObject({ email: "ada@example.com" });
  });

  it("asks with PKCE, a state and a nonce, and for nothing but who it is", async () => {
    const browser = newBrowser();
    const { searchParams } = await browser.begin("oidc");
    expect(Object.fromEntries(searchParams)).toEqual({
      response_type: "code",
      client_id: "understudy",
      scope: "openid email profile",
      redirect_uri: "http://localhost:8787/api/v1/auth/oauth/oidc/callback",
      code_challenge_method: "S256",
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    });
    const stored = JSON.stringify(await env.DB.prepare("SELECT * FROM verifications").all());
    expect(stored).not.toContain(searchParams.get("state"));
    expect(stored).not.toContain(browser.jar.get("understudy_oauth"));
  });

  it("takes a name that is no single line as one, instead of failing", async () => {
    const odd = { ...ada, sub: "a-odd", email: "odd@example.com", name: "Ada\u202e\r\nBcc: eve\0@example.com\u2028" };
    expect(await me((await signInBy("oidc", odd)).browser)).toMatchObject({ name: "Ada Bcc: eve @example.com" });
    const nameless = { ...ada, sub: "a-none", email: "nameless@example.com", name: "\u202e\u200b" };
    expect(await me((await signInBy("oidc", nameless)).browser)).toMatchObject({ name: "nameless" });
  });

  it("signs in by GitHub with the primary address", async () => {
    const { browser, response } = await signInBy("github", octo);
    expect(endOf(response)).toBe("/clones");
    expect(await me(browser)).toMatchObject({ email: "octo@example.com", name: "octo" });
    const renamed = await signInBy("github", { ...octo, login: "squid", name: "Squid" });
    expect((await me(renamed.browser)).id).toBe((await me(browser)).id);
  });

  it("tells the audit log by which provider a session began", async () => {
    await me((await signInBy("oidc", ada)).browser);
    await signInBy("google", ada);
    const { browser } = await signInBy("oidc", ada);
    const events = await jsonOf<{ data: WireAuditEvent[] }>(await browser.get("/api/v1/audit"), 200);
    const begun = events.data.filter(({ action }) => action === "session.started");
    expect(begun.map(({ details }) => details.by).toSorted()).toEqual(["google", "oidc"]);
  });

  it("ends at a path of this site, wherever the link says", async () => {
    for (const to of ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "evil", ""])
      expect(endOf((await signInBy("oidc", ada, newBrowser(), to)).response), to).toBe("/clones");
  });
});

describe("an account that exists", () => {
  it("is linked by its confirmed address, and its person is told", async () => {
    const ben = await confirmed("Ben");
    const { browser } = await signInBy("oidc", { sub: "b-1", email: ben.email, email_verified: true });
    expect((await me(browser)).id).toBe(ben.userId);
    expect((await mailsTo(ben.email))[0]?.subject).toBe("You can sign in with Example ID");
    const login = await call("POST", "/api/v1/auth/login", { json: { email: ben.email, password: ben.password } });
    expect(login.status).toBe(200);
    await signInBy("oidc", { sub: "b-1", email: ben.email, email_verified: true });
    expect((await mailsTo(ben.email)).filter(({ subject }) => subject.startsWith("You can sign in"))).toHaveLength(1);
  });

  it("is not taken over while its address is unconfirmed, nor handed to who made it", async () => {
    const mallory = await signUp("Mallory");
    const owner = { sub: "v-1", email: mallory.email, email_verified: true };
    for (const by of ["oidc", "google"])
      expect(problemOf((await signInBy(by, owner)).response)).toBe("account_unconfirmed");
    expect(await count("accounts")).toBe(1);
  });

  it("is not reached by an address that the provider has not verified", async () => {
    const ben = await confirmed("Ben");
    const claims = { sub: "e-1", email: ben.email };
    expect(problemOf((await signInBy("oidc", { ...claims, email_verified: false })).response)).toBe("email_unverified");
    expect(problemOf((await signInBy("oidc", claims)).response)).toBe("email_unverified");
    const emails = [{ email: ben.email, primary: true, verified: false }];
    expect(problemOf((await signInBy("github", { ...octo, emails })).response)).toBe("email_unverified");
    const secondary = [{ email: ben.email, primary: false, verified: true }];
    expect(problemOf((await signInBy("github", { ...octo, emails: secondary })).response)).toBe("email_unverified");
    expect(problemOf((await signInBy("oidc", { sub: "e-2", email: "nowhere", email_verified: true })).response)).toBe(
      "email_unverified",
    );
    expect(await count("users")).toBe(1);
    expect(await count("accounts")).toBe(1);
  });

  it("is not given to the next person whom the provider gives the address", async () => {
    const first = await signInBy("oidc", ada);
    expect(problemOf((await signInBy("oidc", { ...ada, sub: "a-2" })).response)).toBe("already_linked");
    expect((await me(first.browser)).email).toBe("ada@example.com");
  });

  it("becomes one and not two when the same person comes in twice at once", async () => {
    const ends = await Promise.all(Array.from({ length: 5 }, () => signInBy("oidc", ada)));
    const people = await Promise.all(ends.map(({ browser }) => me(browser)));
    expect(new Set(people.map(({ id }) => id)).size).toBe(1);
    expect(await count("accounts")).toBe(1);
  });

  it("stays closed while its person is suspended, linked or not", async () => {
    const ben = await confirmed("Ben");
    const { browser } = await signInBy("oidc", ada);
    await me(browser);
    await env.DB.prepare("UPDATE users SET suspended_at = 1").run();
    const before = await count("sessions");
    expect(problemOf((await signInBy("oidc", ada)).response)).toBe("suspended");
    const unlinked = { sub: "b-1", email: ben.email, email_verified: true };
    expect(problemOf((await signInBy("oidc", unlinked)).response)).toBe("suspended");
    expect(await count("sessions")).toBe(before);
  });

  it("is asked for its second factor", async () => {
    const ben = await confirmed("Ben");
    const setup = await call("POST", "/api/v1/auth/2fa/setup", { token: ben.token, json: {} });
    const { secret } = await jsonOf<{ secret: string }>(setup, 200);
    const on = await call("POST", "/api/v1/auth/2fa/verify", { token: ben.token, json: { code: totp(secret) } });
    expect(on.status).toBe(200);
    await env.DB.prepare("UPDATE two_factors SET last_step = 0").run();
    const before = await count("sessions");
    const { browser, response } = await signInBy("oidc", { sub: "b-1", email: ben.email, email_verified: true });
    expect(endOf(response)).toBe("/sign-in?step=code&next=%2Fclones");
    expect(await count("sessions")).toBe(before);
    expect((await browser.get("/api/v1/me")).status).toBe(401);
    const json = { two_factor_token: browser.jar.get("understudy_code"), code: totp(secret) };
    expect(await jsonOf(await call("POST", "/api/v1/auth/2fa/verify", { json }), 200)).toHaveProperty("access_token");
  });
});

describe("what comes back from a provider", () => {
  /** What the log was told of the provider or its answer. */
  const failed = (response: Response) => {
    expect(problemOf(response)).toBe("provider_failed");
    expect(JSON.stringify(takeLoggedErrors())).toContain("oauth_failed");
  };

  it("counts once", async () => {
    const { browser, back } = await signInBy("oidc", ada);
    const before = await count("sessions");
    expect(problemOf(await browser.get(back))).toBe("expired");
    expect(await count("sessions")).toBe(before);
    const other = newBrowser();
    const ready = await other.visit(as(await other.begin("oidc"), ada));
    const answers = await Promise.all(Array.from({ length: 10 }, () => open(ready, other.jar.header)));
    expect(answers.map((answer) => locationOf(answer).pathname).filter((path) => path === "/clones")).toHaveLength(1);
  });

  it("counts only in the browser that began", async () => {
    const [mallory, victim] = [newBrowser(), newBrowser()];
    const back = await mallory.visit(as(await mallory.begin("oidc"), ada));
    await victim.begin("oidc");
    expect(problemOf(await victim.get(back))).toBe("expired");
    const another = await mallory.visit(as(await mallory.begin("oidc"), ada));
    expect(problemOf(await open(another))).toBe("expired");
    expect(await count("sessions")).toBe(0);
  });

  it("counts only at the provider where it began, and for ten minutes", async () => {
    const browser = newBrowser();
    const back = await browser.visit(as(await browser.begin("oidc"), ada));
    expect(problemOf(await browser.get(back.replace("/oidc/", "/google/")))).toBe("expired");
    const late = await browser.visit(as(await browser.begin("oidc"), ada));
    await env.DB.prepare("UPDATE verifications SET expires_at = 1").run();
    expect(problemOf(await browser.get(late))).toBe("expired");
    await browser.begin("oidc");
    expect(await count("verifications")).toBe(1);
  });

  it("is refused with a code of another sign-in, which lacks its verifier", async () => {
    for (const [by, person] of [
      ["oidc", ada],
      ["github", octo],
    ] as const) {
      const [mallory, victim] = [newBrowser(), newBrowser()];
      const stolen =
        new URL(await victim.visit(as(await victim.begin(by), person)), "http://x").searchParams.get("code") ?? "";
      const back = new URL(await mallory.visit(as(await mallory.begin(by), person)), "http://x");
      back.searchParams.set("code", stolen);
      failed(await mallory.get(back.pathname + back.search));
    }
  });

  it("is refused from another issuer, with a code that was used, or without one", async () => {
    const browser = newBrowser();
    const changed = async (change: (query: URLSearchParams) => void) => {
      const back = new URL(await browser.visit(as(await browser.begin("oidc"), ada)), "http://x");
      change(back.searchParams);
      return browser.get(back.pathname + back.search);
    };
    failed(await changed((query) => query.set("iss", "https://evil.example")));
    failed(await changed((query) => query.delete("iss")));
    failed(await changed((query) => query.delete("code")));
    failed(await changed((query) => query.set("code", "made-up")));
    const nothing = await browser.get("/api/v1/auth/oauth/oidc/callback");
    expect(problemOf(nothing)).toBe("expired");
    expect(await count("users")).toBe(0);
  });

  it("leads back to the sign-in page where the person refused", async () => {
    const browser = newBrowser();
    const state = (await browser.begin("oidc", "/conversations")).searchParams.get("state");
    const answer = await browser.get(`/api/v1/auth/oauth/oidc/callback?error=access_denied&state=${state}`);
    expect(endOf(answer)).toBe("/sign-in?problem=cancelled&next=%2Fconversations");
  });

  it("says that the provider cannot be reached, or is another than is set", async () => {
    const start = (issuer: string) =>
      api.fetch(new Request("http://localhost:8787/api/v1/auth/oauth/oidc"), {
        ...withProviders,
        OIDC_ISSUER: issuer,
      } as Env);
    failed(await start("http://127.0.0.1:9"));
    // The same server under another name, and with a slash that its own has not.
    const { OIDC_ISSUER = "" } = inject("signIn");
    failed(await start(OIDC_ISSUER.replace("127.0.0.1", "localhost")));
    failed(await start(`${OIDC_ISSUER}/`));
  });
});
