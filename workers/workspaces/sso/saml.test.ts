import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { locationOf, newBrowser } from "../../accounts/testing/oauth.ts";
import { totp } from "../../accounts/testing/totp.ts";
import { call, jsonOf, signUp } from "../../testing/client.ts";
import {
  beginSso,
  count,
  logOf,
  me,
  pathOf,
  post,
  problemOf,
  requestOf,
  samlAnswer,
  samlTeam,
  signInBySaml,
  type Team,
} from "../testing/sso.ts";
import { invited, join } from "../testing/teams.ts";

const ben = { id: "b-1", email: "Ben@acme.example", name: "Ben Bitdiddle" };
const confirm = (userId: string) =>
  env.DB.prepare("UPDATE users SET email_verified = 1 WHERE id = ?").bind(userId).run();
/** Gives an account an address of the domain. */
const moveTo = (userId: string, email: string, confirmed: 0 | 1) =>
  env.DB.prepare("UPDATE users SET email = ?, email_verified = ? WHERE id = ?").bind(email, confirmed, userId).run();
const roleIn = async ({ workspace }: Team, browser: ReturnType<typeof newBrowser>) =>
  (await me(browser)).workspaces.find(({ id }) => id === workspace)?.role;

describe("single sign-on by SAML", () => {
  it("makes an account with a confirmed address and a place in the workspace, and finds it again", async () => {
    const team = await samlTeam();
    const { browser, response } = await signInBySaml(team, ben, newBrowser(), "/clones/new?from=here#top");
    expect(locationOf(response).href).toBe("http://localhost:8787/clones/new?from=here#top");
    const first = await me(browser);
    expect(first.user).toMatchObject({ email: "ben@acme.example", name: "Ben Bitdiddle", email_verified: true });
    expect(first.workspace_id).toBe(team.workspace);
    expect(await roleIn(team, browser)).toBe("member");
    const again = await signInBySaml(team, { ...ben, email: "ben.b@acme.example", name: "Benjamin" });
    expect((await me(again.browser)).user).toEqual(first.user);
    expect(await count("users")).toBe(2);
    expect(await count("verifications")).toBe(0);
    const events = (await logOf(team)).filter(({ action }) => /^(sso|member|session)/.test(action));
    expect(events.map(({ action }) => action)).toEqual([
      "sso.created",
      "sso.domain_added",
      "sso.domain_verified",
      "member.joined",
      "session.started",
      "session.started",
    ]);
    expect(events[3]?.details).toEqual({ role: "member", connection_id: team.connection.id });
    expect(events[4]).toMatchObject({
      actor: { id: first.user.id },
      details: { by: "sso", connection_id: team.connection.id },
    });
  });

  it("asks by HTTP-Redirect for an answer to this connection alone", async () => {
    const team = await samlTeam();
    const browser = newBrowser();
    const url = await beginSso(team, browser);
    const request = await requestOf(url);
    const { entity_id, acs_url } = team.connection.service;
    for (const part of [
      `AssertionConsumerServiceURL="${acs_url}"`,
      `>${entity_id}</saml:Issuer>`,
      `Destination="${url.origin}/sso"`,
      'ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"',
    ])
      expect(request).toContain(part);
    const stored = JSON.stringify(await env.DB.prepare("SELECT * FROM verifications").all());
    expect(stored).not.toContain(url.searchParams.get("RelayState"));
    expect(stored).not.toContain(browser.jar.get("understudy_oauth"));
  });

  it("finds the way by an address’s domain, and tells nothing of who has an account", async () => {
    const team = await samlTeam();
    await signInBySaml(team, ben);
    const find = (email: string) => call("POST", "/api/v1/auth/sso", { json: { email, return_to: "/x?y" } });
    const answers = await Promise.all(["ben@acme.example", "Nobody@ACME.example"].map(find));
    for (const answer of answers)
      expect(await jsonOf(answer, 200)).toEqual({
        url: `${team.connection.service.sign_in_url}?return_to=%2Fx%3Fy`,
      });
    const strange = await Promise.all([team.ada.email, "nobody@example.com", "x@sub.acme.example"].map(find));
    for (const answer of strange) {
      const body = await jsonOf<{ detail: string }>(answer, 422);
      expect(body.detail).toMatch(/^There is no single sign-on for (sub\.acme\.)?example\.?/);
    }
    expect((await find("no address")).status).toBe(422);
    const away = await call("POST", "/api/v1/auth/sso", {
      json: { email: "a@acme.example", return_to: "https://evil.example" },
    });
    expect(await away.text()).not.toContain("evil");
  });

  it("gives the default role, and leaves who is in with theirs", async () => {
    const team = await samlTeam({}, { default_role: "viewer" });
    const { browser } = await signInBySaml(team, ben);
    expect(await roleIn(team, browser)).toBe("viewer");
    const cleo = await signUp("Cleo");
    await join(cleo, await invited(team.ada, team.workspace, { email: cleo.email, role: "admin" }));
    await moveTo(cleo.userId, "cleo@acme.example", 1);
    const hers = await signInBySaml(team, { id: "c-1", email: "cleo@acme.example" });
    expect((await me(hers.browser)).user.id).toBe(cleo.userId);
    expect(await roleIn(team, hers.browser)).toBe("admin");
  });

  it("does not bring back who was taken out, left or is suspended, until they are invited anew", async () => {
    const team = await samlTeam();
    const { browser } = await signInBySaml(team, ben);
    const { user } = await me(browser);
    const member = `/api/v1/workspaces/${team.workspace}/members/${user.id}`;
    const { token } = team.ada;
    const suspended = await call("PATCH", member, { token, json: { suspended: true } });
    expect(suspended.status).toBe(200);
    const before = await count("sessions");
    expect(problemOf((await signInBySaml(team, ben)).response)).toBe("not_member");
    await call("PATCH", member, { token, json: { suspended: false } });
    expect(problemOf((await signInBySaml(team, ben)).response)).toBeNull();
    expect((await call("DELETE", member, { token })).status).toBe(204);
    expect(problemOf((await signInBySaml(team, ben)).response)).toBe("not_member");
    expect(await count("sessions")).toBe(before + 1);
    const invitation = await invited(team.ada, team.workspace, { email: "ben@acme.example", role: "viewer" });
    const back = await signInBySaml(team, ben);
    expect(problemOf(back.response)).toBeNull();
    expect(await roleIn(team, back.browser)).toBeUndefined();
    const headers = { ...back.browser.jar.header, Origin: "http://localhost:8787" };
    expect((await call("POST", `/api/v1/invitations/${invitation}/accept`, { headers })).status).toBe(200);
    expect(await roleIn(team, back.browser)).toBe("viewer");
  });

  it("asks for the second factor", async () => {
    const team = await samlTeam();
    const cleo = await signUp("Cleo");
    const { secret } = await jsonOf<{ secret: string }>(
      await call("POST", "/api/v1/auth/2fa/setup", { token: cleo.token, json: {} }),
      200,
    );
    await call("POST", "/api/v1/auth/2fa/verify", { token: cleo.token, json: { code: totp(secret) } });
    await env.DB.prepare("UPDATE two_factors SET last_step = 0").run();
    await moveTo(cleo.userId, "cleo@acme.example", 1);
    const before = await count("sessions");
    const { browser, response } = await signInBySaml(team, { id: "c-1", email: "cleo@acme.example" });
    expect(pathOf(response)).toBe("/sign-in?step=code&next=%2Fclones");
    expect(await count("sessions")).toBe(before);
    expect((await browser.get("/api/v1/me")).status).toBe(401);
    const json = { two_factor_token: browser.jar.get("understudy_code"), code: totp(secret) };
    await jsonOf(await call("POST", "/api/v1/auth/2fa/verify", { json }), 200);
    expect((await logOf(team)).at(-1)).toMatchObject({
      action: "session.started",
      details: { by: "code", first: "sso", connection_id: team.connection.id },
    });
  });
});

describe("whose account it is", () => {
  it("is nobody’s while its address is unconfirmed", async () => {
    const team = await samlTeam();
    const mallory = await signUp("Mallory");
    await moveTo(mallory.userId, "ben@acme.example", 0);
    expect(problemOf((await signInBySaml(team, ben)).response)).toBe("account_unconfirmed");
    await confirm(mallory.userId);
    const { browser } = await signInBySaml(team, ben);
    expect((await me(browser)).user.id).toBe(mallory.userId);
  });

  it("is not given to the next person who gets the address", async () => {
    const team = await samlTeam();
    await signInBySaml(team, ben);
    expect(problemOf((await signInBySaml(team, { ...ben, id: "b-2" })).response)).toBe("already_linked");
  });

  it("is out of reach for addresses that are not in the connection’s verified domains", async () => {
    const team = await samlTeam();
    const victim = await signUp("Victim");
    await confirm(victim.userId);
    const { token } = team.ada;
    const added = await call("POST", `${team.path}/domains`, { token, json: { domain: "unproven.example" } });
    expect(added.status).toBe(201);
    for (const email of [
      victim.email,
      "a@unproven.example",
      "a@sub.acme.example",
      "a@acme.example.evil.example",
      "a@xacme.example",
      '"a@acme.example"@evil.example',
      "a@evil.example@acme.example",
      "a@acme.example ,b@evil.example",
    ]) {
      const { response } = await signInBySaml(team, { id: `x-${email}`, email });
      expect(["address_not_allowed", "email_unverified"], email).toContain(problemOf(response));
    }
    expect(await count("users")).toBe(2);
  });

  it("is out of reach once its own address is another organisation’s", async () => {
    const team = await samlTeam();
    const { browser } = await signInBySaml(team, ben);
    const { user } = await me(browser);
    await moveTo(user.id, "ben@home.example", 1);
    expect(problemOf((await signInBySaml(team, ben)).response)).toBe("address_not_allowed");
  });

  it("is another for each connection, whatever its provider calls itself", async () => {
    const acme = await samlTeam();
    const { browser } = await signInBySaml(acme, ben);
    const evil = await samlTeam({ domain: "evil.example", ada: await signUp("Eve") });
    const other = await signInBySaml(evil, { ...ben, email: "eve@evil.example" });
    expect((await me(other.browser)).user.id).not.toBe((await me(browser)).user.id);
  });

  it("becomes one and not two when the same person comes in twice at once", async () => {
    const team = await samlTeam();
    const ends = await Promise.all(Array.from({ length: 4 }, () => signInBySaml(team, ben)));
    const people = await Promise.all(ends.map(({ browser }) => me(browser)));
    expect(new Set(people.map(({ user }) => user.id)).size).toBe(1);
    expect((await logOf(team)).filter(({ action }) => action === "member.joined")).toHaveLength(1);
  });

  it("stays closed while its person, or the workspace, is suspended", async () => {
    const team = await samlTeam();
    await signInBySaml(team, ben);
    await env.DB.prepare("UPDATE users SET suspended_at = 1 WHERE email = 'ben@acme.example'").run();
    expect(problemOf((await signInBySaml(team, ben)).response)).toBe("suspended");
    await env.DB.prepare("UPDATE users SET suspended_at = NULL").run();
    await env.DB.prepare("UPDATE workspaces SET suspended_at = 1 WHERE id = ?").bind(team.workspace).run();
    const start = await newBrowser().get(`/api/v1/auth/sso/${team.connection.id}`);
    expect(start.status).toBe(404);
    expect((await call("POST", "/api/v1/auth/sso", { json: { email: "ben@acme.example" } })).status).toBe(422);
  });
});

describe("the browser that began", () => {
  it("is the only one that is signed in", async () => {
    const team = await samlTeam();
    const [mallory, victim] = [newBrowser(), newBrowser()];
    const url = await beginSso(team, mallory);
    await beginSso(team, victim);
    const received = await post(team.connection.id, await samlAnswer(url, ben));
    expect(received.headers.getSetCookie()).toEqual([]);
    expect(problemOf(await victim.get(pathOf(received)))).toBe("expired");
    // It is taken by that: not even the browser that began is signed in any more.
    expect(problemOf(await mallory.get(pathOf(received)))).toBe("expired");
    expect(await count("users")).toBe(1);
  });

  it("is signed in once, within two minutes", async () => {
    const team = await samlTeam();
    const browser = newBrowser();
    const received = await post(team.connection.id, await samlAnswer(await beginSso(team, browser), ben));
    const answers = await Promise.all(Array.from({ length: 8 }, () => browser.get(pathOf(received))));
    expect(answers.map(problemOf).filter((problem) => problem === null)).toHaveLength(1);
    const late = newBrowser();
    const waiting = await post(team.connection.id, await samlAnswer(await beginSso(team, late), ben));
    await env.DB.prepare("UPDATE verifications SET expires_at = 1").run();
    expect(problemOf(await late.get(pathOf(waiting)))).toBe("expired");
    const other = await samlTeam({ domain: "other.example", ada: await signUp("Oda") });
    const third = newBrowser();
    const elsewhere = pathOf(await post(team.connection.id, await samlAnswer(await beginSso(team, third), ben)));
    expect(problemOf(await third.get(elsewhere.replace(team.connection.id, other.connection.id)))).toBe("expired");
  });
});
