import { env } from "cloudflare:test";
import { beforeEach, describe, expect, it } from "vitest";
import { totp } from "../accounts/testing/totp.ts";
import { auditOf } from "../audit/testing/audit.ts";
import { ask, openConversation, standIn, storedIn } from "../chat/testing/turns.ts";
import { addMember, call, jsonOf, signUp, workspaceOf } from "../testing/client.ts";
import { takeLoggedErrors } from "../testing/logged-errors.ts";
import { makeWorkspace, teamOf } from "../workspaces/testing/teams.ts";
import { crashes, cron, cutAt, later, passagesIn, placesOf, recordOf, run, started, stem } from "./testing/erasures.ts";
import { furnishedTeam } from "./testing/team.ts";

type Person = Awaited<ReturnType<typeof signUp>>;

const erase = ({ token, password }: Pick<Person, "token" | "password">, id: string, more = {}) =>
  call("POST", `/api/v1/workspaces/${id}/erasure`, { token, json: { password, ...more } });
const remove = (token: string, id: string) => call("DELETE", `/api/v1/workspaces/${id}`, { token });
const count = async (table: string, id: string, column = "workspace_id") =>
  (await env.DB.prepare(`SELECT * FROM ${table} WHERE ${column} = ?`).bind(id).all()).results.length;

/** The tables that say which workspace a row is of. */
async function tenantTables(): Promise<string[]> {
  const { results } = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%`workspace_id` text%' AND name <> 'erasures'",
  ).all<{ name: string }>();
  return results.map(({ name }) => name);
}

describe("the erasure of a workspace", () => {
  it.each(crashes("conversations", "documents", "clones", "workspaces"))(
    "that is interrupted %s leaves nothing in the end, and all that is others’",
    async (_, moment) => {
      const { ada, ben, id, of, said, clones } = await furnishedTeam();
      const own = await openConversation(ben.token, { title: "Ben’s own" });
      expect(await placesOf(stem)).toEqual(expect.arrayContaining(["message_search_data", "messages", "documents"]));
      const tables = await tenantTables();
      for (const table of ["retention_settings", "provider_keys", "invitations", "web_imports", "evaluation_runs"]) {
        expect(tables).toContain(table);
        expect(await count(table, id), table).toBeGreaterThan(0);
      }

      const token = await started(await erase(ada, id));
      await run("DELETE FROM outbox_mails");
      const told = await cutAt(moment, takeLoggedErrors, async () =>
        expect(await recordOf(token)).toMatchObject({ status: "running", receipt: null, receipt_valid: null }),
      );
      expect(told).toContain("power cut");

      const record = await recordOf(token);
      expect(record).toMatchObject({ subject: "workspace", status: "done", receipt_valid: true });
      expect(record.erased).toMatchObject({
        workspace: [id],
        clone: expect.arrayContaining(clones),
        conversation: expect.arrayContaining(said),
        document: expect.arrayContaining([of.document]),
        key: expect.arrayContaining([of.key]),
        membership: [],
        session: [],
      });
      expect(await placesOf(stem, "Secret-Okapi")).toEqual([]);
      for (const table of tables) expect(await count(table, id), table).toBe(0);
      expect(await count("workspaces", id, "id")).toBe(0);
      for (const each of record.erased.conversation) expect(await storedIn(each)).toEqual({});
      for (const each of record.erased.clone) expect(await passagesIn(each)).toEqual([0, 0]);
      expect((await env.UPLOADS.list({ prefix: `documents/${id}/` })).objects).toEqual([]);

      expect((await call("GET", `/api/v1/conversations/${own}`, { token: ben.token })).status).toBe(200);
      expect(record.erased.conversation).not.toContain(own);
      expect((await auditOf(ada.token)).filter(({ action }) => action === "workspace.deleted")).toMatchObject([
        { resource: { kind: "workspace", id }, details: { erasure_id: record.id } },
      ]);
    },
  );

  it("closes everything at once, and tells its owner by mail", async () => {
    const { ada, ben, id } = await teamOf("admin");
    const headers = { "X-Workspace-Id": id };
    const made = (path: string, json: object) => call("POST", `/api/v1/${path}`, { token: ada.token, headers, json });
    const { slug } = await jsonOf<{ slug: string }>(await made("clones", { name: "Ours", visibility: "public" }), 201);
    const { key } = await jsonOf<{ key: string }>(await made("api-keys", { name: "Ours" }), 201);
    await started(await erase(ada, id));
    expect((await call("GET", "/api/v1/clones", { token: key })).status).toBe(401);
    for (const { token } of [ada, ben]) {
      expect((await call("GET", "/api/v1/clones", { token, headers })).status).toBe(404);
      expect((await call("GET", "/api/v1/clones", { token })).status).toBe(200);
    }
    expect((await call("GET", `/api/v1/public/clones/${slug}`)).status).toBe(404);
    const { results } = await env.DB.prepare("SELECT text FROM outbox_mails WHERE recipient = ? ORDER BY id DESC")
      .bind(ada.email)
      .all<{ text: string }>();
    expect(results[0]?.text).toMatch(/“Lab”[\s\S]*\/erased\//);
    expect((await erase(ada, id)).status).toBe(404);
    expect((await remove(ada.token, id)).status).toBe(404);
  });

  it("happens once, whatever is sent at once, and waits for what had begun before", async () => {
    const ada = await signUp("Ada");
    const id = await makeWorkspace(ada);
    const answers = await Promise.all([erase(ada, id), erase(ada, id), remove(ada.token, id), remove(ada.token, id)]);
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status < 300)).toHaveLength(1);
    expect(statuses.every((status) => [202, 204, 404, 409].includes(status))).toBe(true);
    expect(await count("erasures", id)).toBe(1);
    await cron();
    await cron();
    expect(await count("workspaces", id, "id")).toBe(1);
    await later();
    await cron();
    expect(await count("workspaces", id, "id")).toBe(0);
    // Its owner may have another erased, and their account.
    const other = await makeWorkspace(ada);
    await started(await erase(ada, other));
    const token = await started(
      await call("POST", "/api/v1/me/erasure", { token: ada.token, json: { password: ada.password } }),
    );
    await later();
    await cron();
    expect(await recordOf(token)).toMatchObject({ subject: "person", status: "done", receipt_valid: true });
  });

  it("is what deleting is, within ten minutes of signing in", async () => {
    const ada = await signUp("Ada");
    const id = await makeWorkspace(ada);
    const login = await call("POST", "/api/v1/auth/login", { json: { email: ada.email, password: ada.password } });
    const { access_token: stale } = await jsonOf<{ access_token: string }>(login, 200);
    const sessions = await env.DB.prepare("SELECT created_at AS at FROM sessions").first<{ at: number }>();
    const unit = (sessions?.at ?? 0) > 1e11 ? 1_000 : 1;
    await run("UPDATE sessions SET created_at = created_at - ?", 11 * 60 * unit);
    expect(await jsonOf(await remove(stale, id), 422)).toMatchObject({ errors: [{ path: "password" }] });
    expect(await count("erasures", id)).toBe(0);
    await started(await erase({ token: stale, password: ada.password }, id));
    const other = await makeWorkspace(ada);
    const fresh = await call("POST", "/api/v1/auth/login", { json: { email: ada.email, password: ada.password } });
    const { access_token } = await jsonOf<{ access_token: string }>(fresh, 200);
    expect((await remove(access_token, other)).status).toBe(204);
    await later();
    await cron();
    for (const each of [id, other]) expect(await count("workspaces", each, "id")).toBe(0);
    const { results } = await env.DB.prepare("SELECT receipt FROM erasures").all<{ receipt: string | null }>();
    expect(results.map(({ receipt }) => receipt !== null)).toEqual([true, true]);
  });

  it("takes up what was closed before there were lists", async () => {
    const ada = await signUp("Ada");
    const id = await makeWorkspace(ada);
    const headers = { "X-Workspace-Id": id };
    const model = standIn("reply=Hello");
    const opened = await call("POST", "/api/v1/conversations", { token: ada.token, headers, json: {} });
    const talk = await jsonOf<{ id: string }>(opened, 201);
    const asked = {
      token: ada.token,
      headers: { ...headers, Accept: "application/json" },
      json: { content: "Hi", model },
    };
    await jsonOf(await call("POST", `/api/v1/conversations/${talk.id}/messages`, asked), 200);
    const own = await openConversation(ada.token);
    await jsonOf(await ask(ada.token, own, { content: "Hello", model }, "application/json"), 200);
    await run("UPDATE workspaces SET deleted_at = 1 WHERE id = ?", id);
    await cron();
    expect(await count("conversations", id)).toBe(0);
    await later();
    await cron();
    for (const table of await tenantTables()) expect(await count(table, id), table).toBe(0);
    expect(await storedIn(talk.id)).toEqual({});
    const { results } = await env.DB.prepare("SELECT * FROM erasures").all();
    expect(results).toMatchObject([{ workspace_id: id, user_id: ada.userId, receipt: expect.any(String) }]);
    expect((await call("GET", `/api/v1/conversations/${own}/messages`, { token: ada.token })).status).toBe(200);
  });

  describe("is refused", () => {
    let ada: Person;
    let id: string;
    beforeEach(async () => {
      ada = await signUp("Ada");
      id = await makeWorkspace(ada);
    });
    const isOpen = async () => expect(await count("erasures", id)).toBe(0);

    it("without the password, by a key, and to all but the owner", async () => {
      const wrong = await erase({ ...ada, password: "no such password" }, id);
      expect(await jsonOf(wrong, 422)).toMatchObject({ errors: [{ path: "password" }] });
      const headers = { "X-Workspace-Id": id };
      const made = await call("POST", "/api/v1/api-keys", { token: ada.token, headers, json: { name: "k" } });
      const { key } = await jsonOf<{ key: string }>(made, 201);
      expect((await erase({ ...ada, token: key }, id)).status).toBe(403);
      expect((await remove(key, id)).status).toBe(403);
      const admin = await addMember({ workspaceId: id }, "admin");
      expect((await erase(admin, id)).status).toBe(403);
      expect((await remove(admin.token, id)).status).toBe(403);
      await isOpen();
    });

    it("without a code, where the second factor is on", async () => {
      const auth = (path: string, json: object) => call("POST", `/api/v1/auth/2fa/${path}`, { token: ada.token, json });
      const { secret } = await jsonOf<{ secret: string }>(await auth("setup", {}), 200);
      await jsonOf(await auth("verify", { code: totp(secret) }), 200);
      await run("UPDATE two_factors SET last_step = 0");
      expect(await jsonOf(await erase(ada, id), 422)).toMatchObject({ errors: [{ path: "code" }] });
      await isOpen();
      await started(await erase(ada, id, { code: totp(secret) }));
    });

    it("for a personal workspace, which goes with the account", async () => {
      const home = await workspaceOf(ada.token);
      expect(await jsonOf(await erase(ada, home), 409)).toMatchObject({ code: "conflict" });
      expect((await remove(ada.token, home)).status).toBe(409);
    });
  });
});
