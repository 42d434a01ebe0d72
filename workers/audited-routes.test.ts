import { env } from "cloudflare:workers";
import { describe, expect, inject, it } from "vitest";
import { mailedToken } from "./accounts/testing/mail.ts";
import { addPasskeyTo } from "./accounts/testing/passkeys.ts";
import { totp } from "./accounts/testing/totp.ts";
import { auditActions } from "./audit/actions.ts";
import { auditOf, verified } from "./audit/testing/audit.ts";
import { ask, openConversation, standIn } from "./chat/testing/turns.ts";
import { fileOf, settled, upload } from "./knowledge/testing/documents.ts";
import { call, jsonOf, makeClone, signUp } from "./testing/client.ts";
import { operations, routeOf } from "./testing/operations.ts";
import { invited, join, teamOf } from "./workspaces/testing/teams.ts";

describe("the audit log", () => {
  it("tells of everything that is done, as its operation declares", async () => {
    const ada = await signUp("Ada");
    const { email, password } = ada;
    const seen = new Set<string>();
    /** What was called, by the ids of the requests. */
    const calls = new Map<string, string>();
    const v1 = async (method: string, path: string, json?: unknown, token = ada.token) => {
      const answer = await call(method, `/api/v1${path}`, { token, json, headers: { Accept: "application/json" } });
      expect(answer.status, `${method} ${path}: ${await answer.clone().text()}`).toBeLessThan(300);
      calls.set(answer.headers.get("X-Request-Id") ?? "", routeOf(method, `/api/v1${path}`) ?? "");
      const text = await answer.text();
      return (text ? JSON.parse(text) : {}) as { id: string; data: { id: string }[]; key: string };
    };

    // Account and keys.
    await v1("GET", "/me");
    const wrong = await call("POST", "/api/v1/auth/login", { json: { email, password: "no such password" } });
    expect(wrong.status).toBe(401);
    const again = await call("POST", "/api/v1/auth/login", { json: { email, password } });
    const { access_token } = await jsonOf<{ access_token: string }>(again, 200);
    expect((await call("POST", "/api/v1/auth/logout", { token: access_token })).status).toBe(204);
    const { passkey } = await addPasskeyTo(ada.token);
    await v1("PATCH", `/auth/passkeys/${passkey.id}`, { name: "Telephone" });
    await v1("DELETE", `/auth/passkeys/${passkey.id}`);
    const key = await v1("POST", "/api-keys", { name: "k" });
    const byKey = await v1("POST", "/clones", { name: "Made by a key" }, key.key);
    await v1("DELETE", `/api-keys/${key.id}`);
    await v1("PUT", "/provider-keys/openai", { key: "sk-secret-7319-Xylophone" });
    await v1("DELETE", "/provider-keys/openai");

    // Money.
    await v1("POST", "/wallet/checkout", { pack: "small" });
    await v1("POST", "/wallet/portal");
    await v1("POST", "/earnings/onboard");

    // Clones and documents.
    const clone = await makeClone(ada.token, { name: "Keeper", visibility: "public" });
    await v1("PATCH", `/clones/${clone.id}`, { name: "Keeper of keys" });
    await v1("PUT", `/clones/${clone.id}/price`, { payer: "visitor", per_message: 1_000_000 });
    await v1("PUT", "/wallet/limits", { per_message: null, per_day: null, per_month: 1_000_000 });
    await v1("PUT", `/pipeline/config?clone_id=${clone.id}`, { chunking: { size: 125, overlap: 12 } });
    const [lamp, broken] = await upload(
      ada.token,
      clone.id,
      fileOf("lamp.md", "# Lamp\n\nIt is lit at dusk."),
      fileOf("broken.pdf", "%PDF-1.4 nothing"),
    );
    await settled(ada.token, lamp?.id ?? "");
    await settled(ada.token, broken?.id ?? "");
    await v1("POST", `/documents/${broken?.id}/retry`);
    await v1("PATCH", `/documents/${lamp?.id}`, { filename: "lantern.md" });
    await v1("POST", `/documents/${lamp?.id}/download-link`);
    const form = new FormData();
    form.set("file", fileOf("lamp.md", "# Lamp\n\nIt is lit at dawn."));
    const replaced = await call("PUT", `/api/v1/documents/${lamp?.id}/content`, { token: ada.token, body: form });
    expect(replaced.status).toBe(202);
    await v1("POST", "/documents/import", { clone_id: clone.id, url: `${inject("web").sites.bare}/` });
    await v1("DELETE", `/documents/${broken?.id}`);

    // Conversations.
    const model = standIn("reply=It+is+lit.");
    const conversation = await openConversation(ada.token, { title: "Secret plans" });
    const answer = await ask(ada.token, conversation, { content: "When is it lit?", model }, "application/json");
    const turn = await jsonOf<{ message: { id: string } }>(answer, 200);
    await v1("POST", `/conversations/${conversation}/regenerate`, { message_id: turn.message.id, model });
    await v1("PUT", `/conversations/${conversation}`, { pinned: true });
    await v1("GET", `/conversations/${conversation}/export?format=json`);
    const exported = await call("GET", "/api/v1/conversations/export", { token: ada.token });
    await v1("POST", "/conversations/import", await exported.json());
    const share = await v1("POST", `/conversations/${conversation}/shares`, { kind: "link" });
    await v1("DELETE", `/conversations/${conversation}/shares/${share.id}`);
    const fork = await v1("POST", `/conversations/${conversation}/fork`, { message_id: turn.message.id });
    await v1("POST", "/conversations/archive", { ids: [fork.id], archived: true });
    const slow = standIn("tokens=300&tokens_per_second=50&pause=20");
    const running = await ask(ada.token, conversation, { content: "Go on", model: slow });
    const queued = await ask(ada.token, conversation, { content: "And then?", model: slow, queue: true });
    await v1("DELETE", `/conversations/${conversation}/queue/${queued.headers.get("X-Turn-Id")}`);
    await queued.text();
    await v1("POST", `/conversations/${conversation}/stop`);
    await running.text();
    await v1("DELETE", `/conversations/${conversation}/messages/${turn.message.id}`);
    await v1("POST", "/conversations/delete", { ids: [fork.id] });
    await v1("DELETE", `/conversations/${conversation}`);

    // Tests of a clone.
    const questions = [{ question: "When is it lit?", contains: [["dusk"]] }];
    const test = await v1("POST", "/evaluation/questions", { clone_id: clone.id, questions });
    await v1("POST", "/evaluation/runs", { clone_id: clone.id });
    await v1("DELETE", `/evaluation/questions/${test.data[0]?.id}`);
    await v1("DELETE", `/clones/${clone.id}`);
    await v1("GET", "/audit/export?format=json");
    await (await call("POST", "/api/v1/me/export", { token: ada.token })).arrayBuffer();

    const events = await auditOf(ada.token);
    for (const { action } of events) seen.add(action);
    const undeclared = [...calls].flatMap(([id, route]) => {
      const told = events.filter(({ request_id }) => request_id === id).map(({ action }) => action);
      const { audit = { nothing: "" } } = operations.get(route) ?? {};
      const declared = typeof audit === "object" && "nothing" in audit ? [] : [audit].flat();
      // The first call of a person makes their workspace, whatever it is.
      const others = told.filter((action) => !declared.includes(action) && action !== "account.created");
      const isTold = declared.length === 0 || declared.some((action) => told.some((each) => each === action));
      return isTold && others.length === 0 ? [] : [`${route} told ${told}, not ${declared}`];
    });
    expect(undeclared).toEqual([]);
    expect(calls.size).toBeGreaterThan(30);
    const elsewhere =
      /^(limit|consent|password|email|second_factor|workspace|retention|member|invitation|sso|model|answer\.moved|wallet\.credits_given|consultation|account\.(suspended|resumed|erased)|billing\.(paid_out|refunded|event_replayed|call_settled))\b/;
    const missing = auditActions.filter((action) => !seen.has(action) && !elsewhere.test(action));
    expect(missing).toEqual([]);
    const { ok, breaks } = await verified(ada.token);
    expect(breaks).toEqual([]);
    expect(ok).toBe(true);
    expect(events.find(({ action }) => action === "session.refused")?.actor).toMatchObject({
      kind: "nobody",
      id: null,
    });
    expect(events.find(({ resource }) => resource?.id === byKey.id)?.actor).toMatchObject({
      kind: "key",
      name: "Ada",
      key_id: key.id,
    });
    // Once a turn, however often its beginning and its end are stored; and nothing of what people wrote, and no secret.
    const asked = events.filter(({ action }) => action === "message.asked").map(({ details }) => details.turn_id);
    expect(new Set(asked).size).toBe(asked.length);
    for (const secret of ["When is it lit", "Secret plans", "Xylophone", password, key.key])
      expect(JSON.stringify(events)).not.toContain(secret);
  });

  it("tells a person’s workspaces of their account", async () => {
    const ada = await signUp("Ada");
    const auth = (method: string, path: string, json: unknown, token = ada.token) =>
      call(method, `/api/v1/auth/${path}`, { token, json });
    await jsonOf(await call("GET", "/api/v1/me", { token: ada.token }), 200);
    await auth("POST", "email/verify", { token: await mailedToken(ada.email, /[Cc]onfirm/) });
    const { secret } = await jsonOf<{ secret: string }>(await auth("POST", "2fa/setup", {}), 200);
    const later = () => env.DB.prepare("UPDATE two_factors SET last_step = 0").run();
    await jsonOf(await auth("POST", "2fa/verify", { code: totp(secret) }), 200);
    await later();
    const { recovery_codes } = await jsonOf<{ recovery_codes: string[] }>(
      await auth("POST", "2fa/recovery-codes", { code: totp(secret) }),
      200,
    );
    const login = await auth("POST", "login", { email: ada.email, password: ada.password });
    const { two_factor_token } = await jsonOf<{ two_factor_token: string }>(login, 200);
    expect((await auth("POST", "2fa/verify", { two_factor_token, code: "000000" })).status).toBe(422);
    await jsonOf(await auth("POST", "2fa/verify", { two_factor_token, code: recovery_codes[0] }), 200);
    const both = { password: ada.password, code: recovery_codes[1] };
    expect((await auth("POST", "2fa/disable", both)).status).toBe(204);
    const password = "seven herons on the weir";
    const change = { current_password: ada.password, new_password: password };
    expect((await auth("PUT", "password/change", change)).status).toBe(204);
    const actions = (await auditOf(ada.token)).map(({ action }) => action);
    expect(actions).toEqual([
      "account.created",
      "email.confirmed",
      "second_factor.enabled",
      "second_factor.codes_renewed",
      "session.refused",
      "session.started",
      "second_factor.disabled",
      "password.changed",
    ]);
    expect(JSON.stringify(await auditOf(ada.token))).not.toContain(password);
  });

  it("tells a workspace of its people", async () => {
    const { ada, ben, id } = await teamOf("member");
    const root = await signUp("Root");
    await env.DB.prepare("UPDATE users SET platform_role = 'super_admin' WHERE id = ?").bind(root.userId).run();
    const at = async (method: string, path: string, json?: unknown, token = ada.token) =>
      expect((await call(method, `/api/v1/${path}`, { token, json })).status).toBeLessThan(300);
    await at("PATCH", `workspaces/${id}`, { name: "Laboratory" });
    await at("POST", `workspaces/${id}/retention/preview`, { member_days: 30 });
    await at("PUT", `workspaces/${id}/retention`, { member_days: 30 });
    await at("PATCH", `workspaces/${id}/members/${ben.userId}`, { role: "admin" });
    const json = { email: "c@example.com" };
    const made = await call("POST", `/api/v1/workspaces/${id}/invitations`, { token: ada.token, json });
    await at("DELETE", `workspaces/${id}/invitations/${(await jsonOf<{ id: string }>(made, 201)).id}`);
    await at("POST", `invitations/${await invited(ada, id, { email: "d@example.com" })}/decline`);
    await at("PUT", `platform/workspaces/${id}/suspension`, { suspended: true }, root.token);
    await at("PUT", `platform/workspaces/${id}/suspension`, { suspended: false }, root.token);
    await at("POST", `workspaces/${id}/leave`, undefined, ben.token);
    const cleo = await signUp("Cleo");
    await jsonOf(await join(cleo, await invited(ada, id, { email: cleo.email, role: "member" })), 200);
    await at("PUT", `platform/users/${cleo.userId}/suspension`, { suspended: true }, root.token);
    await at("PUT", `platform/users/${cleo.userId}/suspension`, { suspended: false }, root.token);
    await at("DELETE", `workspaces/${id}/members/${cleo.userId}`);
    const dan = await signUp("Dan");
    await jsonOf(await join(dan, await invited(ada, id, { email: dan.email, role: "admin" })), 200);
    await at("POST", `workspaces/${id}/transfer`, { user_id: dan.userId });
    const log = async () => {
      const { results } = await env.DB.prepare(
        "SELECT action, actor_id FROM audit_events WHERE workspace_id = ? ORDER BY seq",
      )
        .bind(id)
        .all<{ action: string; actor_id: string | null }>();
      return results;
    };
    const joined = ["invitation.sent", "member.joined"];
    expect((await log()).map(({ action }) => action)).toEqual([
      ...["workspace.created", ...joined, "workspace.renamed", "retention.previewed", "retention.changed"],
      ...[
        "member.changed",
        "invitation.sent",
        "invitation.revoked",
        "invitation.sent",
        "invitation.declined",
        "workspace.suspended",
        "workspace.resumed",
      ],
      ...["member.left", ...joined, "account.suspended", "account.resumed", "member.removed", ...joined],
      "workspace.transferred",
    ]);
    await at("DELETE", `workspaces/${id}`, undefined, dan.token);
    expect((await log()).at(-1)).toEqual({ action: "workspace.deleted", actor_id: dan.userId });
  });

  it("tells of visitors in the clone’s workspace", async () => {
    const { token } = await signUp();
    const clone = await makeClone(token, { visibility: "public" });
    const entered = await call("POST", "/api/v1/visitors", { json: { clone: clone.slug } });
    const { visitor_token } = await jsonOf<{ visitor_token: string }>(entered, 201);
    const conversation = await openConversation(visitor_token, { clone_id: clone.id });
    await jsonOf(await ask(visitor_token, conversation, { content: "Hello?" }, "application/json"), 200);
    const events = await auditOf(token);
    expect(events.slice(-2)).toMatchObject([
      { action: "conversation.created", actor: { kind: "visitor", id: expect.stringMatching(/^vis_/), name: null } },
      { action: "message.asked", actor: { kind: "visitor" }, details: { clone_id: clone.id } },
    ]);
  });
});
