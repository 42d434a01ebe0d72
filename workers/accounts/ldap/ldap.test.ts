import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, inject, it } from "vitest";
import { ldapBase, ldapGroup, ldapGuid } from "../../../scripts/stand-ins/ldap/ldap-people.ts";
import { api } from "../../api.ts";
import type { WireAuditEvent } from "../../audit/contract.ts";
import { call, jsonOf, signUp } from "../../testing/client.ts";
import { eventually } from "../../testing/eventually.ts";
import { takeLoggedErrors } from "../../testing/logged-errors.ts";
import { anybody, enter, ldap, logOf, refusalOf, withLdap } from "../testing/ldap.ts";
import { mailedToken, mailsTo } from "../testing/mail.ts";
import { totp } from "../testing/totp.ts";

interface SignedIn {
  access_token: string;
  user: { id: string; email: string; name: string; email_verified: boolean };
}
const signedIn = async (response: Promise<Response>) => jsonOf<SignedIn>(await response, 200);
const count = async (table: string) =>
  (await env.DB.prepare(`SELECT count(*) AS n FROM ${table}`).first<{ n: number }>())?.n;
const links = async () =>
  (await env.DB.prepare("SELECT provider_id AS authority, account_id AS subject FROM accounts").all()).results;
const wrong = {
  status: 401,
  code: "unauthenticated",
  detail: "The name or the password is wrong.",
  errors: undefined,
};
/** The directory's or the settings' fault: nobody is told more, and the log why. */
async function failed(response: Response, why: RegExp) {
  expect(response.headers.get("Retry-After")).toBe("60");
  expect(await refusalOf(response)).toMatchObject({ status: 503, code: "not_ready" });
  expect(JSON.stringify(takeLoggedErrors())).toMatch(why);
}

describe.skipIf(!ldap)("signing in by the directory", () => {
  it("makes an account with a confirmed address, and finds it again by who it is there", async () => {
    const first = await signedIn(enter("ada"));
    expect(first.user).toMatchObject({ email: "ada@example.com", name: "Countess Ada", email_verified: true });
    for (const name of ["ADA", "ada@example.com", "adal", "  ada "])
      expect((await signedIn(enter(name))).user.id, name).toBe(first.user.id);
    expect(await count("users")).toBe(1);
    const authority = `ldap://127.0.0.1/${ldapBase}?entryuuid`;
    expect(await links()).toEqual([{ authority, subject: expect.stringMatching(/^[\da-f-]{36}$/) }]);
    const { user } = await jsonOf<SignedIn>(await call("GET", "/api/v1/me", { token: first.access_token }), 200);
    expect(user.id).toBe(first.user.id);
  });

  it("makes an account only for who agrees to the terms, where they have a version, and asks nobody who has one", async () => {
    await signedIn(enter("ben"));
    const terms = { TERMS_URL: "https://example.com/terms", PRIVACY_URL: "https://example.com/privacy" };
    const changes = { ...terms, POLICY_VERSION: "2026-11" };
    await signedIn(enter("ben", undefined, { changes }));
    const refusal = { status: 422, code: "validation_failed", errors: [{ path: "accept_policy" }] };
    expect(await refusalOf(await enter("ada", undefined, { changes }))).toMatchObject(refusal);
    const old = { changes, more: { accept_policy: "2025-01" } };
    expect(await refusalOf(await enter("ada", undefined, old))).toMatchObject(refusal);
    expect(await refusalOf(await enter("ada", "wrong", { ...old, more: { accept_policy: "2026-11" } }))).toEqual(wrong);
    expect(await count("users")).toBe(1);
    await signedIn(enter("ada", undefined, { changes, more: { accept_policy: "2026-11" } }));
    expect((await env.DB.prepare("SELECT version FROM consents").all()).results).toEqual([{ version: "2026-11" }]);
  });

  it("gives browsers a cookie, and is listed among the ways to sign in", async () => {
    const response = await enter("ben");
    expect(response.headers.getSetCookie().join()).toMatch(/session_token=[\s\S]*understudy_device=/);
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    const request = new Request("http://localhost:8787/api/v1/auth/oauth");
    const list = await api.fetch(request, withLdap({ LDAP_NAME: "Example" }), createExecutionContext());
    expect((await jsonOf(list, 200)).data).toEqual([{ id: "ldap", name: "Example", kind: "password" }]);
  });

  it("knows people by the bytes of Active Directory, and by a first address of several", async () => {
    await signedIn(enter("ada", undefined, { changes: { LDAP_ID_ATTRIBUTE: "objectGUID" } }));
    expect(await links()).toMatchObject([{ subject: ldapGuid.toString("hex") }]);
    expect((await signedIn(enter("st*r"))).user.email).toBe("star@example.com");
    const none = enter("ben", undefined, { changes: { LDAP_ID_ATTRIBUTE: "objectGUID" } });
    await failed(await none, /no single objectGUID of cn=Ben/);
    const two = enter("st*r", undefined, { changes: { LDAP_ID_ATTRIBUTE: "mail" } });
    await failed(await two, /no single mail/);
  });

  it("searches as nobody where no name for that is set", async () => {
    const changes = { ...anybody, LDAP_BASE_DN: `ou=open,${ldapBase}` };
    expect((await signedIn(enter("open", undefined, { changes }))).user.email).toBe("open@example.com");
    expect(await refusalOf(await enter("ada", undefined, { changes }))).toEqual(wrong);
  });

  it("says the same, after the same questions, for an unknown name and a wrong password", async () => {
    const questions = async (name: string) =>
      (await logOf(async () => expect(await refusalOf(await enter(name, "not it"))).toEqual(wrong)))
        .filter((line) => / (BIND dn|SRCH base|RESULT tag|SEARCH RESULT)/.test(line))
        .map((line) => line.replace(/^.*? op=\d+ (\S+ \S+).*$/, "$1").replace(/dn="cn=.*/, 'dn="cn='));
    const known = await questions("ada");
    expect(known.length).toBeGreaterThanOrEqual(6);
    expect(await questions("nobody-of-this-name")).toEqual(known);
    expect(await count("users")).toBe(0);
  });

  it("closes every connection, and goes nowhere that the directory refers to", async () => {
    const lines = await logOf(() => signedIn(enter("ada")));
    expect(lines.filter((line) => / ACCEPT from /.test(line))).toHaveLength(1);
    expect(lines.at(-1)).toMatch(/fd=\d+ closed$/);
    // The search has met a referral to a server that is not there.
    expect(lines.join("\n")).toMatch(/SEARCH RESULT tag=101 err=0 .*nentries=1/);
  });

  it("lets in who is in the group, and says so to who is not", async () => {
    const changes = { LDAP_REQUIRED_GROUP: ldapGroup.replace("cn=staff,ou=", "CN=Staff, OU=") };
    await signedIn(enter("ada", undefined, { changes }));
    const refused = await refusalOf(await enter("ben", undefined, { changes }));
    expect(refused).toMatchObject({ status: 403, code: "forbidden", detail: expect.stringContaining("group") });
    expect(await refusalOf(await enter("ben", "not it", { changes }))).toEqual(wrong);
    expect(await refusalOf(await enter("nobody", "not it", { changes }))).toEqual(wrong);
    const absent = { LDAP_REQUIRED_GROUP: `cn=nobody,${ldapBase}` };
    expect((await enter("ada", undefined, { changes: absent })).status).toBe(403);
    expect(await count("users")).toBe(1);
  });

  it("is not there where no directory is set up", async () => {
    expect((await enter("ada", undefined, { changes: { LDAP_URL: "", LDAP_BASE_DN: "", ...anybody } })).status).toBe(
      404,
    );
  });

  it("tells the audit log how a session began, and of wrong passwords", async () => {
    const { access_token: token } = await signedIn(enter("ada"));
    await call("GET", "/api/v1/me", { token });
    await signedIn(enter("ada"));
    expect((await enter("ada", "not it")).status).toBe(401);
    await eventually(async () => {
      const { data } = await jsonOf<{ data: WireAuditEvent[] }>(await call("GET", "/api/v1/audit", { token }), 200);
      const told = data.map(({ action, details }) => [action, details.by]);
      expect(told).toContainEqual(["session.started", "ldap"]);
      expect(told).toContainEqual(["session.refused", "ldap"]);
    });
  });
});

describe.skipIf(!ldap)("whose account it is", () => {
  const asDirectoryHas = async (email: string) => {
    const person = await signUp("Ben");
    await env.DB.prepare("UPDATE users SET email = ? WHERE id = ?").bind(email, person.userId).run();
    return { ...person, email };
  };
  const confirm = (userId: string) =>
    env.DB.prepare("UPDATE users SET email_verified = 1 WHERE id = ?").bind(userId).run();

  it("is the one whose address is confirmed; it is linked, and its person told", async () => {
    const ben = await asDirectoryHas("ben@example.com");
    await confirm(ben.userId);
    expect((await signedIn(enter("ben"))).user.id).toBe(ben.userId);
    const subjects = async () =>
      (await mailsTo(ben.email)).map(({ subject }) => subject).filter((subject) => /sign in with/.test(subject));
    expect(await subjects()).toEqual(["You can sign in with LDAP"]);
    expect((await signedIn(enter("ben"))).user.id).toBe(ben.userId);
    expect(await subjects()).toHaveLength(1);
  });

  it("is never one whose address nobody has confirmed", async () => {
    const ben = await asDirectoryHas("ben@example.com");
    const refused = await refusalOf(await enter("ben"));
    expect(refused).toMatchObject({ status: 409, code: "conflict", detail: expect.stringContaining("confirmed") });
    expect(await count("users")).toBe(1);
    await call("POST", "/api/v1/auth/password/reset", { json: { email: ben.email } });
    const json = { token: await mailedToken(ben.email, /new password/), password: "purple otters juggling teacups" };
    await call("POST", "/api/v1/auth/password/reset/confirm", { json });
    expect((await signedIn(enter("ben"))).user.id).toBe(ben.userId);
  });

  it("is none where the directory has no address, and is not shared by two who have the same", async () => {
    const refused = await refusalOf(await enter("nomail"));
    expect(refused).toMatchObject({ status: 403, detail: expect.stringContaining("no e-mail address") });
    const first = await signedIn(enter("twin.one"));
    expect(await refusalOf(await enter("twin.two"))).toMatchObject({ status: 409, code: "conflict" });
    expect((await signedIn(enter("twin.one"))).user.id).toBe(first.user.id);
    expect(await count("users")).toBe(1);
  });

  it("is nobody's where a name fits several, however right the password", async () => {
    expect(await refusalOf(await enter("twins@example.com"))).toEqual(wrong);
    const changes = { LDAP_REQUIRED_GROUP: ldapGroup };
    expect(await refusalOf(await enter("twins@example.com", undefined, { changes }))).toEqual(wrong);
    expect(await count("users")).toBe(0);
  });

  it("stays closed while its person is suspended", async () => {
    await signedIn(enter("ben"));
    await env.DB.prepare("UPDATE users SET suspended_at = 1").run();
    const before = await count("sessions");
    expect(await refusalOf(await enter("ben"))).toMatchObject({
      status: 403,
      detail: expect.stringContaining("suspended"),
    });
    expect(await count("sessions")).toBe(before);
  });

  it("is asked for its second factor", async () => {
    const { access_token: token } = await signedIn(enter("ben"));
    const { secret } = await jsonOf<{ secret: string }>(
      await call("POST", "/api/v1/auth/2fa/setup", { token, json: {} }),
      200,
    );
    await jsonOf(await call("POST", "/api/v1/auth/2fa/verify", { token, json: { code: totp(secret) } }), 200);
    await env.DB.prepare("UPDATE two_factors SET last_step = 0").run();
    const before = await count("sessions");
    const waiting = await jsonOf<{ two_factor_token: string }>(await enter("ben"), 200);
    expect(waiting).toMatchObject({ two_factor_required: true, expires_in: 300 });
    expect(await count("sessions")).toBe(before);
    const json = { two_factor_token: waiting.two_factor_token, code: totp(secret) };
    expect(await jsonOf(await call("POST", "/api/v1/auth/2fa/verify", { json }), 200)).toHaveProperty("access_token");
  });

  it("is one and not two when the same person comes in five times at once", async () => {
    const people = await Promise.all(Array.from({ length: 5 }, () => signedIn(enter("ada"))));
    expect(new Set(people.map(({ user }) => user.id)).size).toBe(1);
    expect(await links()).toHaveLength(1);
  });
});

describe.skipIf(!ldap)("the way to the directory", () => {
  const under = (url: string | undefined, name: string) => (url ?? "").replace("127.0.0.1", name);

  it("is encrypted from the beginning, or from STARTTLS on", async () => {
    await signedIn(enter("ada", undefined, { changes: { LDAP_URL: ldap?.secureUrl ?? "" } }));
    const lines = await logOf(() => signedIn(enter("ada", undefined, { changes: { LDAP_STARTTLS: "on" } })));
    const order = lines.flatMap((line) => / (STARTTLS|TLS established|BIND dn="cn=search)/.exec(line)?.[1] ?? []);
    expect(order.slice(0, 3)).toEqual(["STARTTLS", "TLS established", 'BIND dn="cn=search']);
  });

  it("ends at a certificate that nobody signed, or of another name", async () => {
    await failed(await enter("ada", undefined, { changes: { LDAP_URL: ldap?.untrustedUrl ?? "" } }), /ldap_failed/);
    // The name leads to the server, which has a certificate for its address only.
    await signedIn(enter("ada", undefined, { changes: { LDAP_URL: under(ldap?.url, "localhost") } }));
    for (const changes of [
      { LDAP_URL: under(ldap?.secureUrl, "localhost") },
      { LDAP_URL: under(ldap?.url, "localhost"), LDAP_STARTTLS: "on" },
    ]) {
      const lines = await logOf(async () => failed(await enter("ben", undefined, { changes }), /ldap_failed/));
      expect(lines.join("\n")).not.toContain("BIND");
    }
    expect(await count("users")).toBe(1);
  });

  it("needs the right search account, and a base that is there", async () => {
    await failed(await enter("ada", undefined, { changes: { LDAP_BIND_PASSWORD: "old" } }), /LDAP_BIND_DN with 49/);
    await failed(await enter("ada", undefined, { changes: { LDAP_BASE_DN: "dc=example,dc=com" } }), /search with/);
  });
});

describe("a directory that is none", () => {
  const { silent, ...others } = inject("misbehavingDirectories");
  const changes = (LDAP_URL: string) => ({ ...anybody, LDAP_URL });

  it("is said to be down, and the guess does not count", async () => {
    const limited = { RATE_LIMITS: "auth=1000000/minute" };
    for (let i = 0; i < 6; i++)
      await failed(
        await enter("ada", "x", { changes: { ...changes("ldap://127.0.0.1:1"), ...limited } }),
        /ldap_failed/,
      );
    expect(await count("sign_in_attempts")).toBe(0);
  });

  it.each(Object.entries(others))("opens nothing: %s", async (_, url) => {
    await failed(await enter("ada", "x", { changes: changes(url) }), /ldap_failed/);
    await failed(await enter("ada", "x", { changes: { ...changes(url), LDAP_STARTTLS: "on" } }), /ldap_failed/);
    expect(await count("users")).toBe(0);
  });

  it("is not waited for without end", async () => {
    const answers = await Promise.all([
      enter("ada", "x", { changes: changes(silent) }),
      enter("ada", "x", { changes: { ...changes(silent), LDAP_STARTTLS: "on" } }),
      enter("ada", "x", { changes: changes(silent.replace("ldap:", "ldaps:")) }),
    ]);
    for (const answer of answers) expect(await refusalOf(answer)).toMatchObject({ status: 503, code: "not_ready" });
    expect(JSON.stringify(takeLoggedErrors())).toContain("did not answer within 10 seconds");
  });
});
