import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { mailsTo } from "../accounts/testing/mail.ts";
import { call, jsonOf, makeClone, signUp, workspaceOf } from "../testing/client.ts";
import { invited, join, makeWorkspace, teamOf } from "./testing/teams.ts";

const v1 = "/api/v1";
type Person = Awaited<ReturnType<typeof signUp>>;
const rolesIn = async ({ token }: Person, id: string) => {
  const { data } = await jsonOf<{ data: { id: string; role: string }[] }>(
    await call("GET", `${v1}/workspaces/${id}/members`, { token }),
    200,
  );
  return new Map(data.map(({ id: userId, role }) => [userId, role]));
};
const change = (by: Person, id: string, whom: Person, json: object) =>
  call("PATCH", `${v1}/workspaces/${id}/members/${whom.userId}`, { token: by.token, json });
const codeOf = async (response: Response) => `${response.status} ${(await response.json<{ code: string }>()).code}`;

describe("a workspace", () => {
  it("is made, renamed, chosen and listed; what is made in it stays in it", async () => {
    const ada = await signUp("Ada");
    const id = await makeWorkspace(ada, "Lab");
    const renamed = await call("PATCH", `${v1}/workspaces/${id}`, { token: ada.token, json: { name: "Laboratory" } });
    expect(await jsonOf(renamed, 200)).toMatchObject({ id, name: "Laboratory", kind: "team", role: "owner" });
    const { data } = await jsonOf<{ data: { name: string; kind: string }[] }>(
      await call("GET", `${v1}/workspaces`, { token: ada.token }),
      200,
    );
    expect(data.map(({ kind }) => kind)).toEqual(["personal", "team"]);

    const headers = { "X-Workspace-Id": id };
    const made = await call("POST", `${v1}/clones`, { token: ada.token, headers, json: { name: "Mentor" } });
    const clone = await jsonOf<{ id: string }>(made, 201);
    expect((await call("GET", `${v1}/clones/${clone.id}`, { token: ada.token })).status).toBe(404);
    expect((await call("GET", `${v1}/clones/${clone.id}`, { token: ada.token, headers })).status).toBe(200);
  });

  it("is chosen in the app by a cookie, which counts for pages only as long as its person belongs there", async () => {
    const { ada, ben, id } = await teamOf("member");
    const login = await call("POST", `${v1}/auth/login`, { json: { email: ben.email, password: ben.password } });
    const session = login.headers.getSetCookie().map((cookie) => cookie.split(";")[0]);
    const headers = { Cookie: session.join("; "), Origin: "http://localhost:8787" };
    const chosen = await call("PUT", `${v1}/me/workspace`, { headers, json: { workspace_id: id } });
    expect(chosen.status).toBe(204);
    const cookie = chosen.headers.getSetCookie()[0] ?? "";
    expect(cookie).toMatch(/^understudy_workspace=ws_\w+; .*HttpOnly/);
    const inApp = { Cookie: [...session, cookie.split(";")[0]].join("; ") };
    const current = async () =>
      (await jsonOf<{ workspace_id: string }>(await call("GET", `${v1}/me`, { headers: inApp }), 200)).workspace_id;
    expect(await current()).toBe(id);
    expect((await change(ada, id, ben, { suspended: true })).status).toBe(200);
    expect(await current()).toBe(await workspaceOf(ben.token));

    const foreign = await workspaceOf(ada.token);
    const refused = await call("PUT", `${v1}/me/workspace`, { headers, json: { workspace_id: foreign } });
    expect(refused.status).toBe(404);
  });

  it("invites by a link that works once, for the address it was sent to, with the role it says", async () => {
    const ada = await signUp("Ada");
    const id = await makeWorkspace(ada);
    const ben = await signUp("Ben");
    const eve = await signUp("Eve");
    const first = await invited(ada, id, { email: ben.email.toUpperCase(), role: "viewer" });
    const token = await invited(ada, id, { email: ben.email, role: "member" });
    expect((await join(ben, first)).status, "an older link").toBe(404);

    const shown = await jsonOf(await call("GET", `${v1}/invitations/${token}`), 200);
    expect(shown).toMatchObject({ workspace: "Lab", invited_by: "Ada", email: ben.email, role: "member" });
    expect((await join(eve, token)).status).toBe(403);
    expect((await call("POST", `${v1}/invitations/${token}/accept`)).status).toBe(401);
    const together = await Promise.all([join(ben, token), join(ben, token), join(ben, token)]);
    expect(together.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await rolesIn(ada, id)).get(ben.userId)).toBe("member");
    expect((await call("GET", `${v1}/invitations/${token}`)).status).toBe(404);
    const again = await call("POST", `${v1}/workspaces/${id}/invitations`, {
      token: ada.token,
      json: { email: ben.email },
    });
    expect(await codeOf(again)).toBe("409 conflict");
    const mails = await mailsTo(ben.email);
    expect(mails.filter(({ subject }) => subject === "Ada invites you to “Lab”")).toHaveLength(2);
    expect(mails.some(({ text }) => text.includes(`/join/${token}`))).toBe(true);
    const kept = await env.DB.prepare("SELECT * FROM invitations").all();
    expect(JSON.stringify(kept.results)).not.toContain(token);
  });

  it("joins once whoever accepts many times at once, and says so each time; nobody else, nor who has left", async () => {
    const ada = await signUp("Ada");
    const id = await makeWorkspace(ada);
    const [ben, eve] = [await signUp("Ben"), await signUp("Eve")];
    const token = await invited(ada, id, { email: ben.email });
    const answers = await Promise.all(Array.from({ length: 20 }, () => join(ben, token)));
    const bodies = await Promise.all(answers.map((answer) => jsonOf(answer, 200)));
    expect(new Set(bodies.map(({ workspace_id }) => workspace_id))).toEqual(new Set([id]));
    const joined = await env.DB.prepare(
      "SELECT count(*) AS n FROM audit_events WHERE action = 'member.joined' AND workspace_id = ?",
    )
      .bind(id)
      .first<{ n: number }>();
    expect(joined?.n).toBe(1);
    expect((await join(eve, token)).status).toBe(404);
    expect((await call("POST", `${v1}/invitations/${token}/decline`)).status).toBe(404);
    expect((await call("DELETE", `${v1}/workspaces/${id}/members/${ben.userId}`, { token: ada.token })).status).toBe(
      204,
    );
    expect((await join(ben, token)).status).toBe(404);
  });

  it("ends an invitation that was declined, taken back, or whose inviter may not invite any more", async () => {
    const { ada, ben, id } = await teamOf("admin");
    const eve = await signUp("Eve");
    const declined = await invited(ada, id, { email: eve.email });
    expect((await call("POST", `${v1}/invitations/${declined}/decline`)).status).toBe(204);
    expect((await join(eve, declined)).status).toBe(404);

    const revoked = await invited(ada, id, { email: eve.email });
    const { data } = await jsonOf<{ data: { id: string }[] }>(
      await call("GET", `${v1}/workspaces/${id}/invitations`, { token: ada.token }),
      200,
    );
    const path = `${v1}/workspaces/${id}/invitations/${data[0]?.id}`;
    expect((await call("DELETE", path, { token: ada.token })).status).toBe(204);
    expect((await call("DELETE", path, { token: ada.token })).status).toBe(404);
    expect((await join(eve, revoked)).status).toBe(404);

    const byBen = await invited(ben, id, { email: eve.email });
    expect((await change(ada, id, ben, { role: "viewer" })).status).toBe(200);
    expect((await join(eve, byBen)).status).toBe(404);
  });

  it("lets nobody reach as high as themselves, and nobody touch the owner", async () => {
    const { ada, ben, id } = await teamOf("admin");
    const cem = await signUp("Cem");
    const dot = await signUp("Dot");
    await join(cem, await invited(ada, id, { email: cem.email, role: "admin" }));
    await join(dot, await invited(ben, id, { email: dot.email, role: "viewer" }));
    const invite = (by: Person, role: string) =>
      call("POST", `${v1}/workspaces/${id}/invitations`, { token: by.token, json: { email: "x@example.com", role } });

    expect(await codeOf(await change(ben, id, cem, { role: "viewer" }))).toBe("403 forbidden");
    expect(await codeOf(await change(ben, id, dot, { role: "admin" }))).toBe("403 forbidden");
    expect(await codeOf(await change(ben, id, ben, { role: "member" }))).toBe("403 forbidden");
    expect(await codeOf(await change(ben, id, ada, { role: "member" }))).toBe("409 conflict");
    expect(await codeOf(await change(ada, id, ada, { suspended: true }))).toBe("409 conflict");
    expect(await codeOf(await change(ada, id, ben, { role: "owner" }))).toBe("422 validation_failed");
    expect(await codeOf(await invite(ben, "admin"))).toBe("403 forbidden");
    expect(await codeOf(await invite(ben, "owner"))).toBe("422 validation_failed");
    expect(await codeOf(await invite(dot, "viewer"))).toBe("403 forbidden");
    expect((await change(ben, id, dot, { role: "member" })).status).toBe(200);
    expect((await change(ada, id, cem, { role: "member" })).status).toBe(200);
  });

  it("is handed over, to one person only, however many try at once", async () => {
    const { ada, ben, id } = await teamOf("member");
    const cem = await signUp("Cem");
    await join(cem, await invited(ada, id, { email: cem.email }));
    const give = (to: Person) =>
      call("POST", `${v1}/workspaces/${id}/transfer`, { token: ada.token, json: { user_id: to.userId } });
    expect((await give(await signUp("Eve"))).status).toBe(404);
    const statuses = (await Promise.all([give(ben), give(cem)])).map(({ status }) => status);
    expect(statuses.filter((status) => status === 204)).toHaveLength(1);
    const after = [...(await rolesIn(ben, id)).values()].sort();
    expect(after).toEqual(["admin", "member", "owner"]);
    const personal = await workspaceOf(cem.token);
    const own = await call("POST", `${v1}/workspaces/${personal}/transfer`, {
      token: cem.token,
      json: { user_id: cem.userId },
    });
    expect(await codeOf(own)).toBe("409 conflict");
  });

  it("is left by everybody but its owner, and takes their keys there", async () => {
    const { ada, ben, id } = await teamOf("member");
    const headers = { "X-Workspace-Id": id };
    const made = await call("POST", `${v1}/api-keys`, { token: ben.token, headers, json: { name: "Mine" } });
    const { key } = await jsonOf<{ key: string }>(made, 201);
    expect((await call("GET", `${v1}/clones`, { token: key })).status).toBe(200);
    expect(await codeOf(await call("POST", `${v1}/workspaces/${id}/leave`, { token: ada.token }))).toBe("409 conflict");
    expect((await call("POST", `${v1}/workspaces/${id}/leave`, { token: ben.token })).status).toBe(204);
    expect((await call("GET", `${v1}/clones`, { token: key })).status).toBe(401);
    expect((await call("GET", `${v1}/clones`, { token: ben.token, headers })).status).toBe(404);
    await join(ben, await invited(ada, id, { email: ben.email }));
    expect((await call("GET", `${v1}/clones`, { token: key })).status, "a key of the time before").toBe(401);
    const path = `${v1}/workspaces/${id}/members/${ben.userId}`;
    expect((await call("DELETE", path, { token: ada.token })).status).toBe(204);
    expect((await call("GET", `${v1}/clones`, { token: ben.token, headers })).status).toBe(404);
  });

  it("is gone for everybody when it is deleted, its clones too, but never a personal one", async () => {
    const { ada, ben, id } = await teamOf("admin");
    const headers = { "X-Workspace-Id": id };
    const open = { name: "Mentor", visibility: "public" };
    const made = await call("POST", `${v1}/clones`, { token: ada.token, headers, json: open });
    const { slug, id: cloneId } = await jsonOf<{ slug: string; id: string }>(made, 201);
    expect((await call("GET", `${v1}/public/clones/${slug}`)).status).toBe(200);
    expect((await call("DELETE", `${v1}/workspaces/${id}`, { token: ben.token })).status).toBe(403);
    expect((await call("DELETE", `${v1}/workspaces/${id}`, { token: ada.token })).status).toBe(204);
    expect((await call("GET", `${v1}/clones`, { token: ben.token, headers })).status).toBe(404);
    expect((await call("GET", `${v1}/public/clones/${slug}`)).status).toBe(404);
    const talk = await call("POST", `${v1}/conversations`, { token: ben.token, json: { clone_id: cloneId } });
    expect(talk.status).toBe(404);
    const personal = await workspaceOf(ada.token);
    expect((await call("DELETE", `${v1}/workspaces/${personal}`, { token: ada.token })).status).toBe(409);
  });

  it("is managed by people, not by keys, which act nowhere but where they were made", async () => {
    const ada = await signUp("Ada");
    const id = await makeWorkspace(ada);
    const clone = await makeClone(ada.token);
    const made = await call("POST", `${v1}/api-keys`, { token: ada.token, json: { name: "Mine" } });
    const { key } = await jsonOf<{ key: string }>(made, 201);
    expect((await call("GET", `${v1}/workspaces`, { token: key })).status).toBe(403);
    expect((await call("DELETE", `${v1}/workspaces/${id}`, { token: key })).status).toBe(403);
    const elsewhere = { clone_id: clone.id, workspace_id: id };
    expect((await call("POST", `${v1}/conversations`, { token: key, json: elsewhere })).status).toBe(404);
    expect((await call("POST", `${v1}/conversations`, { token: ada.token, json: elsewhere })).status).not.toBe(500);
  });
});
