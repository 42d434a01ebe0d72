import { env } from "cloudflare:workers";
import { base64url } from "jose";
import { describe, expect, inject, it } from "vitest";
import { newBrowser } from "../../accounts/testing/oauth.ts";
import worker from "../../index.ts";
import { cron, later } from "../../personal-data/testing/erasures.ts";
import { createRuntime } from "../../platform/runtime.ts";
import { openSecret } from "../../platform/secrets/secret-box.ts";
import { call, jsonOf, makeClone, signUp, workspaceOf } from "../../testing/client.ts";
import type { Connection, SsoDomain } from "../sso-contract.ts";
import {
  addDomain,
  addVerified,
  count,
  logOf,
  me,
  oidcTeam,
  problemOf,
  putTexts,
  saml,
  samlSettings,
  samlTeam,
  signInBySaml,
  teamWith,
  verify,
} from "../testing/sso.ts";
import { makeWorkspace, teamOf } from "../testing/teams.ts";
import { placeOf } from "./settings.ts";

type Person = Awaited<ReturnType<typeof signUp>>;
const errorsOf = async (response: Response) =>
  (await jsonOf<{ errors?: { path: string }[] }>(response, 422)).errors?.map(({ path }) => path);
const make = ({ token }: Pick<Person, "token">, workspace: string, json: object) =>
  call("POST", `/api/v1/workspaces/${workspace}/sso`, { token, json: { name: "Acme", ...json } });
const ben = { id: "b-1", email: "ben@acme.example" };

describe("a connection", () => {
  it("is made as a draft, which says what the provider has to know, and is filled in", async () => {
    const ada = await signUp("Ada");
    const workspace = await makeWorkspace(ada);
    const draft = await jsonOf<Connection>(await make(ada, workspace, { kind: "saml", default_role: "viewer" }), 201);
    const url = `http://localhost:8787/api/v1/auth/sso/${draft.id}`;
    expect(draft).toMatchObject({
      kind: "saml",
      name: "Acme",
      default_role: "viewer",
      ready: false,
      certificates: [],
      domains: [],
      service: { entity_id: `${url}/metadata`, acs_url: `${url}/acs`, callback_url: null, sign_in_url: url },
    });
    expect((await newBrowser().get(`/api/v1/auth/sso/${draft.id}`)).status).toBe(404);
    const metadata = await (await fetch(`${saml.url}/metadata`)).text();
    const path = `/api/v1/workspaces/${workspace}/sso/${draft.id}`;
    const json = { metadata: `<?xml version="1.0"?>\n<!-- ours -->\n${metadata}`, name: "Acme staff" };
    const filled = await jsonOf<Connection>(await call("PATCH", path, { token: ada.token, json }), 200);
    expect(filled).toMatchObject({
      ready: true,
      name: "Acme staff",
      entity_id: saml.entityId,
      sso_url: `${saml.url}/sso`,
      certificates: [{ fingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/) }],
    });
    expect(await jsonOf(await call("GET", path, { token: ada.token }), 200)).toEqual(filled);
    const list = await call("GET", `/api/v1/workspaces/${workspace}/sso`, { token: ada.token });
    expect(await jsonOf(list, 200)).toEqual({ data: [filled], next_cursor: null });
    const described = await call("GET", `/api/v1/auth/sso/${draft.id}/metadata`);
    expect(described.headers.get("Content-Type")).toBe("application/samlmetadata+xml");
    const xml = await described.text();
    for (const part of [`entityID="${url}/metadata"`, `Location="${url}/acs"`, 'WantAssertionsSigned="true"'])
      expect(xml).toContain(part);
    const told = (await logOf({ ada, workspace })).filter(({ action }) => action.startsWith("sso."));
    expect(told.map(({ action, details }) => [action, details.fields])).toEqual([
      ["sso.created", undefined],
      ["sso.changed", ["metadata", "name"]],
    ]);
  });

  it("never shows its secret again, and keeps it in a box that opens there alone", async () => {
    const team = await oidcTeam();
    const json = { client_secret: "Xylophone-7319" };
    const changed = await call("PATCH", team.path, { token: team.ada.token, json });
    expect(await jsonOf(changed, 200)).toMatchObject({ has_secret: true });
    for (const path of [team.path, `/api/v1/workspaces/${team.workspace}/sso`, "/api/v1/audit"]) {
      const headers: Record<string, string> = path.endsWith("audit") ? { "X-Workspace-Id": team.workspace } : {};
      expect(await (await call("GET", path, { token: team.ada.token, headers })).text()).not.toContain("Xylophone");
    }
    const { results } = await env.DB.prepare("SELECT * FROM sso_connections").all<{ box: string }>();
    expect(JSON.stringify(results)).not.toContain("Xylophone");
    const { config } = createRuntime(env);
    const box = results[0]?.box ?? "";
    expect(await openSecret(config, placeOf(team.connection.id), box)).toBe("Xylophone-7319");
    await expect(openSecret(config, placeOf("sso_other"), box)).rejects.toThrow(/does not open/);
  });

  it("gets a new master key by the cron", async () => {
    const team = await oidcTeam();
    const fresh = `fresh:${base64url.encode(crypto.getRandomValues(new Uint8Array(32)))}`;
    const { MASTER_KEYS: before } = env as unknown as { MASTER_KEYS: string };
    const rotating = { ...env, MASTER_KEYS: `${fresh},${before}` } as Env;
    await worker.scheduled({ cron: "* * * * *" } as ScheduledController, rotating);
    const row = await env.DB.prepare("SELECT box FROM sso_connections").first<{ box: string }>();
    expect(row?.box).toMatch(/^v1\.fresh\./);
    const { config } = createRuntime({ ...env, MASTER_KEYS: fresh } as Env);
    expect(await openSecret(config, placeOf(team.connection.id), row?.box ?? "")).not.toBe("");
  });

  it("is made by owners and admins of shared workspaces, in person", async () => {
    const { ada, ben: admin, id } = await teamOf("admin");
    expect((await make(admin, id, { kind: "oidc" })).status).toBe(201);
    for (const role of ["member", "viewer"]) {
      await call("PATCH", `/api/v1/workspaces/${id}/members/${admin.userId}`, { token: ada.token, json: { role } });
      expect((await make(admin, id, { kind: "oidc" })).status).toBe(403);
      expect((await call("GET", `/api/v1/workspaces/${id}/sso`, { token: admin.token })).status).toBe(403);
    }
    const personal = await make(ada, await workspaceOf(ada.token), { kind: "oidc" });
    expect((await jsonOf<{ detail: string }>(personal, 409)).detail).toMatch(/personal workspace/);
    const key = await call("POST", "/api/v1/api-keys", { token: ada.token, json: { name: "k" } });
    const token = (await jsonOf<{ key: string }>(key, 201)).key;
    expect((await make({ token }, id, { kind: "oidc" })).status).toBe(403);
    for (let made = 1; made < 10; made++) expect((await make(ada, id, { kind: "saml" })).status).toBe(201);
    expect((await make(ada, id, { kind: "saml" })).status).toBe(409);
  });

  it("takes no half, no strange and no weak settings", async () => {
    const ada = await signUp("Ada");
    const id = await makeWorkspace(ada);
    const { certificates, ...half } = samlSettings;
    expect(await errorsOf(await make(ada, id, half))).toEqual(["certificates"]);
    expect(await errorsOf(await make(ada, id, { kind: "oidc", client_id: "x" }))).toEqual(["issuer", "client_secret"]);
    const refused = async (json: object, path: string) =>
      expect(await errorsOf(await make(ada, id, { ...samlSettings, ...json })), JSON.stringify(json)).toEqual([path]);
    for (const sso_url of ["javascript:alert(1)", "ftp://x.example", "nowhere"]) await refused({ sso_url }, "sso_url");
    for (const role of ["owner", "admin"]) await refused({ default_role: role }, "default_role");
    await refused({ name: " " }, "name");
    const junk = btoa("x".repeat(200));
    for (const pem of ["none", junk, `-----BEGIN CERTIFICATE-----\n${junk}\n-----END CERTIFICATE-----`])
      await refused({ certificates: [pem] }, "certificates");
    await refused({ certificates: [saml.weakCertificate] }, "certificates");
    const metadata = await (await fetch(`${saml.url}/metadata`)).text();
    for (const xml of [
      "",
      "<a/>",
      `<!DOCTYPE x>${metadata}`,
      metadata.replace("IDPSSODescriptor", "SPSSODescriptor"),
      metadata.replace(/<KeyDescriptor[\s\S]*<\/KeyDescriptor>/, ""),
      metadata.replaceAll("HTTP-Redirect", "HTTP-Artifact"),
      metadata.replace(/Location="http:[^"]*\/sso"/, 'Location="javascript:alert(1)"'),
      `<EntitiesDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata">${metadata}${metadata}</EntitiesDescriptor>`,
    ])
      expect(await errorsOf(await make(ada, id, { kind: "saml", metadata: xml })), xml.slice(0, 80)).toEqual([
        "metadata",
      ]);
    const { id: made } = await jsonOf<Connection>(await make(ada, id, samlSettings), 201);
    const patch = (json: object) => call("PATCH", `/api/v1/workspaces/${id}/sso/${made}`, { token: ada.token, json });
    expect(await errorsOf(await patch({ client_secret: "x" }))).toEqual(["client_secret"]);
    expect((await patch({})).status).toBe(422);
    expect((await patch({ kind: "oidc" })).status).toBe(422);
    expect(await count("sso_connections")).toBe(1);
  });

  it("takes back a certificate at once, and is not undone by a change at the same time", async () => {
    const team = await samlTeam();
    const { token } = team.ada;
    const both = { certificates: [saml.certificate, saml.otherCertificate] };
    await jsonOf(await call("PATCH", team.path, { token, json: both }), 200);
    expect(problemOf((await signInBySaml(team, ben)).response)).toBeNull();
    const changes = [{ certificates: [saml.otherCertificate] }, { name: "A" }, { name: "B" }, { name: "C" }];
    const answers = await Promise.all(changes.map((json) => call("PATCH", team.path, { token, json })));
    for (const { status } of answers) expect([200, 409]).toContain(status);
    if (answers[0]?.status === 409) await call("PATCH", team.path, { token, json: changes[0] });
    const { certificates } = await jsonOf<Connection>(await call("GET", team.path, { token }), 200);
    expect(certificates).toHaveLength(1);
  });

  it("signs nobody in once it is gone, and leaves no link behind", async () => {
    const team = await samlTeam();
    const { browser } = await signInBySaml(team, ben);
    expect(await count("accounts WHERE provider_id LIKE 'sso:%'")).toBe(1);
    const { token } = team.ada;
    expect((await call("DELETE", team.path, { token })).status).toBe(204);
    expect((await call("DELETE", team.path, { token })).status).toBe(404);
    expect((await newBrowser().get(`/api/v1/auth/sso/${team.connection.id}`)).status).toBe(404);
    expect(await count("accounts WHERE provider_id LIKE 'sso:%'")).toBe(0);
    expect([await count("sso_connections"), await count("sso_domains")]).toEqual([0, 0]);
    // The account stays its person's.
    expect((await me(browser)).user.email).toBe(ben.email);
  });

  it("goes with its workspace: at once for people, and then from every table", async () => {
    const team = await samlTeam();
    await signInBySaml(team, ben);
    await makeClone(team.ada.token);
    const { token } = team.ada;
    expect((await call("DELETE", `/api/v1/workspaces/${team.workspace}`, { token })).status).toBe(204);
    expect((await newBrowser().get(`/api/v1/auth/sso/${team.connection.id}`)).status).toBe(404);
    await cron();
    await later();
    await cron();
    for (const table of ["sso_connections", "sso_domains", "accounts WHERE provider_id LIKE 'sso:%'"])
      expect(await count(table), table).toBe(0);
  });
});

describe("a domain", () => {
  const unverified = async (team: Parameters<typeof verify>[0], domain: SsoDomain) =>
    (await jsonOf<{ detail: string }>(await verify(team, domain), 409)).detail;

  it("counts once its record is in DNS, whatever else is there", async () => {
    const team = await teamWith(samlSettings);
    const added = await addDomain(team, "Staff.Acme.Example.");
    expect(added).toEqual({
      id: expect.stringMatching(/^dom_/),
      domain: "staff.acme.example",
      verified: false,
      record: {
        type: "TXT",
        name: "staff.acme.example",
        value: expect.stringMatching(/^understudy-verification=[\w-]{43}$/),
      },
    });
    expect(await unverified(team, added)).toMatch(/not at staff\.acme\.example yet/);
    for (const text of ["understudy-verification=other", `${added.record.value}x`, ` ${added.record.value}`]) {
      await putTexts(added.domain, text);
      expect(await unverified(team, added), text).toMatch(/yet/);
    }
    const person = { id: "s-1", email: "s@staff.acme.example" };
    expect(problemOf((await signInBySaml(team, person)).response)).toBe("address_not_allowed");
    await putTexts(added.domain, "v=spf1 -all", added.record.value, 'a "quoted" one');
    expect(await jsonOf(await verify(team, added), 200)).toMatchObject({ verified: true });
    expect(problemOf((await signInBySaml(team, person)).response)).toBeNull();
    const { token } = team.ada;
    expect((await call("DELETE", `${team.path}/domains/${added.id}`, { token })).status).toBe(204);
    expect(problemOf((await signInBySaml(team, person)).response)).toBe("address_not_allowed");
    expect((await verify(team, added)).status).toBe(404);
  });

  it("is said to be unknown where DNS cannot be asked", async () => {
    const team = await teamWith(samlSettings);
    expect(await jsonOf(await verify(team, await addDomain(team, "broken.example")), 422)).toMatchObject({
      code: "fetch_failed",
    });
  });

  it("is a domain of one’s own", async () => {
    const team = await teamWith(samlSettings);
    for (const domain of [
      ..."gmail.com googlemail.com outlook.com yahoo.co.uk hotmail.fr icloud.com proton.me gmx.de qq.com GMAIL.com".split(
        " ",
      ),
      ..."localhost com acme 10.0.0.1 [::1] acme.local a@acme.example acme.example/x acme.example:25 a..example".split(
        " ",
      ),
      "*.example.com",
      "-.example",
      "a b.example",
      "",
    ]) {
      const { token } = team.ada;
      const answer = await call("POST", `${team.path}/domains`, { token, json: { domain } });
      expect(answer.status, domain).toBe(422);
    }
    expect((await addDomain(team, "@bücher.example")).domain).toBe("xn--bcher-kva.example");
    const again = await call("POST", `${team.path}/domains`, {
      token: team.ada.token,
      json: { domain: "acme.example" },
    });
    expect(again.status).toBe(409);
  });

  it("counts for one workspace, and moves to who has proven it when the other has not any more", async () => {
    const first = await samlTeam();
    const eve = await signUp("Eve");
    const second = await samlTeam({ domain: "second.example", ada: eve });
    const wanted = await addDomain(second, "acme.example");
    const held = first.connection.id;
    const old = await call("GET", first.path, { token: first.ada.token });
    const record = (await jsonOf<Connection>(old, 200)).domains[0]?.record.value ?? "";
    expect(held).not.toBe(second.connection.id);
    await putTexts("acme.example", record, wanted.record.value);
    expect(await unverified(second, wanted)).toMatch(/counts for another workspace/);
    expect(problemOf((await signInBySaml(first, ben)).response)).toBeNull();
    await putTexts("acme.example", wanted.record.value);
    expect(await jsonOf(await verify(second, wanted), 200)).toMatchObject({ verified: true });
    expect(problemOf((await signInBySaml(first, { ...ben, id: "b-9" })).response)).toBe("address_not_allowed");
    const lost = (await logOf(first)).find(({ action }) => action === "sso.domain_lost");
    expect(lost).toMatchObject({ actor: { kind: "job" }, details: { name: "acme.example" }, address: null });
    expect(JSON.stringify(await logOf(first))).not.toContain(eve.userId);
    // Who has the domain has its mail, too: whoever has a confirmed address there is found by it, as by a mailed link.
    const hers = await signInBySaml(second, ben);
    expect(problemOf(hers.response)).toBeNull();
    expect(await count("accounts WHERE provider_id LIKE 'sso:%'")).toBe(2);
  });

  it("is taken by one of several who prove it at once", async () => {
    const teams = await Promise.all(
      ["A", "B", "C"].map(async (name) =>
        samlTeam({ domain: `${name.toLowerCase()}.example`, ada: await signUp(name) }),
      ),
    );
    const wanted = await Promise.all(teams.map((team) => addDomain(team, "acme.example")));
    await putTexts("acme.example", ...wanted.map(({ record }) => record.value));
    const answers = await Promise.all(teams.map((team, index) => verify(team, wanted[index] as SsoDomain)));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409]);
  });

  it("is free again when its workspace is gone", async () => {
    const team = await samlTeam();
    const { token } = team.ada;
    await call("DELETE", `/api/v1/workspaces/${team.workspace}`, { token });
    const other = await samlTeam({ domain: "other.example", ada: team.ada });
    expect((await addVerified(other, "acme.example")).verified).toBe(true);
  });
});

it("has no metadata where it is not by SAML", async () => {
  const team = await oidcTeam();
  expect((await call("GET", `/api/v1/auth/sso/${team.connection.id}/metadata`)).status).toBe(404);
  expect(inject("signIn").OIDC_ISSUER).toBe(team.connection.issuer);
});
