import { describe, expect, inject, it } from "vitest";
import { as, locationOf, newBrowser, type OidcPerson } from "../../accounts/testing/oauth.ts";
import { call, jsonOf, signUp } from "../../testing/client.ts";
import {
  beginSso,
  count,
  logOf,
  me,
  oidcTeam,
  pathOf,
  problemOf,
  refusalsIn,
  samlTeam,
  type Team,
  teamWith,
} from "../testing/sso.ts";

const ben: OidcPerson = { sub: "b-1", email: "Ben@acme.example", email_verified: true, name: "Ben Bitdiddle" };
const { impostor } = inject("web").sites;

/** The path that the provider sends a browser back to. */
const comeBack = async (team: Team, browser = newBrowser(), person = ben) =>
  browser.visit(as(await beginSso(team, browser), person));
async function signIn(team: Team, person = ben, browser = newBrowser()) {
  return { browser, response: await browser.get(await comeBack(team, browser, person)) };
}
/** Where a browser comes back to, with some of it changed. */
async function cameBack(team: Team, change: (query: URLSearchParams) => void, browser = newBrowser()) {
  const back = new URL(await comeBack(team, browser), "http://x");
  change(back.searchParams);
  return browser.get(back.pathname + back.search);
}
const nobody = async (users = 1) => expect([await count("users"), await count("sessions")]).toEqual([users, users]);

describe("single sign-on by OpenID Connect", () => {
  it("makes an account and a place in the workspace, and finds it again", async () => {
    const team = await oidcTeam();
    const { browser, response } = await signIn(team);
    expect(pathOf(response)).toBe("/clones");
    const first = await me(browser);
    expect(first.user).toMatchObject({ email: "ben@acme.example", name: "Ben Bitdiddle", email_verified: true });
    expect(first.workspaces.find(({ id }) => id === team.workspace)?.role).toBe("member");
    const again = await signIn(team, { ...ben, email: "moved@acme.example" });
    expect((await me(again.browser)).user.id).toBe(first.user.id);
    expect((await logOf(team)).at(-1)).toMatchObject({
      action: "session.started",
      details: { by: "sso", connection_id: team.connection.id },
    });
  });

  it("begins also by a link that the provider’s portal has added to", async () => {
    const { id } = (await oidcTeam()).connection;
    const query = new URLSearchParams({
      return_to: "/chat",
      iss: "https://portal.example",
      login_hint: "b@acme.example",
    });
    const { searchParams } = locationOf(await newBrowser().get(`/api/v1/auth/sso/${id}?${query}`));
    expect(searchParams.get("state")).toMatch(/^[\w-]{43}$/);
  });

  it("asks with PKCE, a state and a nonce", async () => {
    const team = await oidcTeam();
    const { searchParams } = await beginSso(team, newBrowser());
    expect(Object.fromEntries(searchParams)).toMatchObject({
      redirect_uri: team.connection.service.callback_url,
      code_challenge_method: "S256",
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    });
  });

  it("takes no address that the provider has not verified, or that is in another domain", async () => {
    const team = await oidcTeam();
    const { sub, email } = ben;
    for (const person of [
      { ...ben, email_verified: false },
      { sub, email },
      { ...ben, email: "nowhere" },
    ])
      expect(problemOf((await signIn(team, person)).response)).toBe("email_unverified");
    for (const address of [team.ada.email, "a@sub.acme.example", "a@acme.example.evil.example"])
      expect(problemOf((await signIn(team, { ...ben, email: address })).response)).toBe("address_not_allowed");
    await nobody();
    expect(await refusalsIn(team)).toEqual([
      ...Array(3).fill("email_unverified"),
      ...Array(3).fill("address_not_allowed"),
    ]);
  });

  it("tells the workspace’s log, and not the installation’s, what was wrong at the provider", async () => {
    const team = await oidcTeam();
    const json = { client_secret: "another one" };
    await jsonOf(await call("PATCH", team.path, { token: team.ada.token, json }), 200);
    expect(problemOf((await signIn(team)).response)).toBe("provider_failed");
    expect(await refusalsIn(team)).toEqual([expect.stringMatching(/\/token answered 401$/)]);
    expect(JSON.stringify(await logOf(team))).not.toContain("another one");
  });
});

describe("what comes back", () => {
  it("counts once, in the browser that began, for ten minutes", async () => {
    const team = await oidcTeam();
    const [mallory, victim] = [newBrowser(), newBrowser()];
    const stolen = await comeBack(team, mallory);
    await beginSso(team, victim);
    expect(problemOf(await victim.get(stolen))).toBe("expired");
    await nobody();
    const back = await comeBack(team, mallory);
    expect(problemOf(await mallory.get(back))).toBeNull();
    expect(problemOf(await mallory.get(back))).toBe("expired");
  });

  it("counts at the connection where it began, and nowhere else", async () => {
    const acme = await oidcTeam();
    const evil = await oidcTeam({ domain: "evil.example", ada: await signUp("Eve") });
    const saml = await samlTeam({ domain: "third.example", ada: await signUp("Oda") });
    for (const [from, to] of [
      [evil, acme],
      [acme, evil],
      [acme, saml],
    ] as const) {
      const browser = newBrowser();
      const back = (await comeBack(from, browser)).replace(from.connection.id, to.connection.id);
      const answer = await browser.get(back);
      if (to === saml) expect(answer.status).toBe(404);
      else expect(problemOf(answer)).toBe("expired");
      // Nor at the installation's own provider, which is the same server, nor the other way round.
      const other = newBrowser();
      const callback = (await comeBack(from, other)).replace(`/sso/${from.connection.id}/`, "/oauth/oidc/");
      expect(problemOf(await other.get(callback))).toBe("expired");
      const own = newBrowser();
      const url = as(await own.begin("oidc"), { ...ben });
      const mixed = (await own.visit(url)).replace("/oauth/oidc/", `/sso/${from.connection.id}/`);
      expect(problemOf(await own.get(mixed))).toBe("expired");
    }
    await nobody(3);
  });

  it("is refused with another connection’s code, another issuer, or without either", async () => {
    const acme = await oidcTeam();
    const evil = await oidcTeam({ domain: "evil.example", ada: await signUp("Eve") });
    const foreign = new URL(await comeBack(evil), "http://x").searchParams.get("code") ?? "";
    const changes: ((query: URLSearchParams) => void)[] = [
      (query) => query.set("code", foreign),
      (query) => query.set("iss", "https://evil.example"),
      (query) => query.set("iss", impostor),
      (query) => query.delete("iss"),
      (query) => query.delete("code"),
      (query) => query.set("code", "made-up"),
    ];
    for (const change of changes) expect(problemOf(await cameBack(acme, change))).toBe("provider_failed");
    expect(problemOf(await cameBack(acme, (query) => query.set("state", "x")))).toBe("expired");
    expect(problemOf(await cameBack(acme, (query) => query.delete("state")))).toBe("expired");
    await nobody(2);
  });

  it("leads back to the sign-in page where the person refused", async () => {
    const team = await oidcTeam();
    const browser = newBrowser();
    const state = (await beginSso(team, browser, "/conversations")).searchParams.get("state");
    const path = new URL(team.connection.service.callback_url ?? "").pathname;
    const answer = await browser.get(`${path}?error=access_denied&state=${state}`);
    expect(pathOf(answer)).toBe("/sign-in?problem=cancelled&next=%2Fconversations");
    expect(await refusalsIn(team)).toEqual([]);
  });
});

describe("an issuer that a stranger names", () => {
  const hits = async () => (await (await fetch(`${inject("web").url}/hits`)).json()) as string[];
  const named = (issuer: string) => ({ kind: "oidc", issuer, client_id: "x", client_secret: "secret-7319" });

  it("is not set where it leads inside, in any spelling", async () => {
    const { ada, workspace } = await teamWith({ kind: "oidc" });
    for (const issuer of [
      "http://169.254.169.254",
      "http://169.254.169.254/latest/meta-data",
      "http://[::ffff:169.254.169.254]",
      "http://2852039166",
      "http://127.0.0.1:8787",
      "http://localhost",
      "https://metadata.google.internal",
      "https://10-0-0-1.ip.example",
      "https://8-8-8-8.127-0-0-1.ip.example",
      "https://8.8.8.8:8443",
      "https://user:pass@8.8.8.8",
      inject("web").canary,
    ]) {
      const made = await call("POST", `/api/v1/workspaces/${workspace}/sso`, {
        token: ada.token,
        json: { name: "Evil", ...named(issuer) },
      });
      const { code, errors } = await jsonOf<{ code: string; errors: { path: string }[] }>(made, 422);
      expect([code, errors[0]?.path], issuer).toEqual(["fetch_refused", "issuer"]);
    }
    for (const issuer of ["file:///etc/passwd", "javascript:alert(1)", "nowhere", "https://id.example/?x=1"]) {
      const json = { name: "Evil", ...named(issuer) };
      expect((await call("POST", `/api/v1/workspaces/${workspace}/sso`, { token: ada.token, json })).status).toBe(422);
    }
    expect(await count("sso_connections")).toBe(1);
  });

  it("is checked again at each call, and so is every address that it leads to", async () => {
    const before = await hits();
    const begins: [path: string, why: RegExp][] = [
      ["other", /the issuer calls itself https:\/\/id\.example/],
      ["redirect", /answered 302/],
      ["script", /answered without authorization_endpoint/],
      ["large", /larger than/],
      ["nothing", /answered 404/],
    ];
    const ends: [path: string, why: RegExp][] = [
      ["token-inside", /private network/],
      ["token-loopback", /usual ports/],
      ["token-redirect", /answered 307/],
      ["keys-inside", /private network/],
    ];
    const ada = await signUp("Ada");
    for (const [index, [path, why]] of [...begins, ...ends].entries()) {
      const team = await teamWith(named(`${impostor}/${path}`), { domain: `d${index}.example`, ada });
      const browser = newBrowser();
      const url = await beginSso(team, browser);
      if (index < begins.length) expect(url.searchParams.get("problem"), path).toBe("provider_failed");
      else {
        expect(url.origin, path).toBe(impostor);
        const query = new URLSearchParams({ code: "c", state: url.searchParams.get("state") ?? "" });
        const back = new URL(team.connection.service.callback_url ?? "").pathname;
        expect(problemOf(await browser.get(`${back}?${query}`)), path).toBe("provider_failed");
      }
      expect(await refusalsIn(team), path).toEqual([expect.stringMatching(why)]);
    }
    expect(await hits()).toEqual(before);
    await nobody();
  });

  it("gets no secret that was meant for another", async () => {
    const team = await oidcTeam();
    const change = (json: object) => call("PATCH", team.path, { token: team.ada.token, json });
    const refused = await change({ issuer: `${impostor}/token-inside` });
    expect((await jsonOf<{ errors: { path: string }[] }>(refused, 422)).errors[0]?.path).toBe("client_secret");
    expect((await change({ issuer: team.connection.issuer, client_id: team.connection.client_id })).status).toBe(200);
    const moved = { issuer: `${impostor}/other`, client_secret: "new" };
    expect((await change(moved)).status).toBe(200);
    expect(locationOf(await newBrowser().get(`/api/v1/auth/sso/${team.connection.id}`)).pathname).toBe("/sign-in");
  });
});
