import { env } from "cloudflare:test";
import { beforeEach, describe, expect, it } from "vitest";
import { locationOf, signInBy } from "../accounts/testing/oauth.ts";
import { addPasskeyTo, newVisitor } from "../accounts/testing/passkeys.ts";
import { totp } from "../accounts/testing/totp.ts";
import { storedIn } from "../chat/testing/turns.ts";
import { fileOf, settled, upload } from "../knowledge/testing/documents.ts";
import { canary, furnish } from "../testing/belongings.ts";
import { call, jsonOf, makeClone, signUp, workspaceOf } from "../testing/client.ts";
import { takeLoggedErrors } from "../testing/logged-errors.ts";
import { teamOf } from "../workspaces/testing/teams.ts";
import { crashes, cron, cutAt, later, passagesIn, placesOf, recordOf, run, started, stem } from "./testing/erasures.ts";

type Person = Awaited<ReturnType<typeof signUp>>;

const erase = ({ token, password }: Pick<Person, "token" | "password">, more = {}) =>
  call("POST", "/api/v1/me/erasure", { token, json: { password, ...more } });
describe("the erasure of an account", () => {
  it.each(crashes("conversations", "documents", "clones", "workspaces", "users"))(
    "that is interrupted %s leaves nothing in the end",
    async (_, moment) => {
      const ada = await signUp(canary.slice(0, 9));
      const of = await furnish(ada.token);
      const home = await workspaceOf(ada.token);
      await run("DELETE FROM members WHERE workspace_id = ? AND user_id <> ?", of.workspace, ada.userId);
      const { team, clone } = await privatelyIn(ada);
      expect(await placesOf(stem)).toEqual(expect.arrayContaining(["message_search_data", "messages", "documents"]));
      // What was mailed to somebody else has left.
      await run("DELETE FROM outbox_mails WHERE recipient = 'a@example.com'");
      const token = await started(await erase(ada));
      const told = await cutAt(moment, takeLoggedErrors, async () =>
        expect(await recordOf(token)).toMatchObject({ status: "running", receipt: null, receipt_valid: null }),
      );
      expect(told).toContain("power cut");

      const record = await recordOf(token);
      expect(record).toMatchObject({ status: "done", receipt: expect.any(String), receipt_valid: true });
      expect(record.erased).toMatchObject({
        workspace: expect.arrayContaining([home, of.workspace]),
        membership: [team],
        clone: [of.clone],
        conversation: expect.arrayContaining([of.conversation]),
        document: expect.arrayContaining([of.document]),
        key: expect.arrayContaining([of.key]),
        session: expect.arrayContaining([of.session]),
      });
      expect(await placesOf(stem, ada.email, "Secret-Okapi")).toEqual([]);
      for (const id of record.erased.conversation) expect(await storedIn(id)).toEqual({});
      for (const id of record.erased.clone) expect(await passagesIn(id)).toEqual([0, 0]);
      expect((await passagesIn(clone))[0]).toBe(1);
    },
  );

  it("closes everything at once", async () => {
    const ada = await signUp("Ada");
    const { slug } = await makeClone(ada.token, { visibility: "public" });
    const made = await call("POST", "/api/v1/api-keys", { token: ada.token, json: { name: "Mine" } });
    const { key } = await jsonOf<{ key: string }>(made, 201);
    const { device } = await addPasskeyTo(ada.token);
    await run("UPDATE users SET email_verified = 1");
    const atProvider = { sub: "a-1", email: ada.email, email_verified: true };
    expect(locationOf((await signInBy("oidc", atProvider)).response).pathname).toBe("/clones");
    await started(await erase(ada));
    const again = await signInBy("oidc", atProvider);
    expect(locationOf(again.response).searchParams.get("problem")).toBe("suspended");
    for (const token of [ada.token, key]) expect((await call("GET", "/api/v1/clones", { token })).status).toBe(401);
    expect((await newVisitor().signIn(device)).status).toBe(401);
    expect((await call("GET", `/api/v1/public/clones/${slug}`)).status).toBe(404);
    const { email, password } = ada;
    expect((await call("POST", "/api/v1/auth/login", { json: { email, password } })).status).toBe(401);
    const [mail] = (
      await env.DB.prepare("SELECT text FROM outbox_mails WHERE recipient = ? ORDER BY id DESC")
        .bind(email)
        .all<{ text: string }>()
    ).results;
    expect(mail?.text).toContain("/erased/");
  });

  it("waits for what had begun before", async () => {
    const ada = await signUp("Ada");
    const token = await started(await erase(ada));
    await cron();
    await cron();
    expect((await recordOf(token)).status).toBe("running");
    await later();
    await cron();
    expect((await recordOf(token)).status).toBe("done");
    // The address is free again.
    const again = { email: ada.email, password: ada.password, name: "Ada" };
    expect((await call("POST", "/api/v1/auth/register", { json: again })).status).toBe(201);
  });

  it("is refused to who owns a workspace with others, and leaves it theirs once it is handed over", async () => {
    const { ada, ben, id } = await teamOf("admin");
    const headers = { "X-Workspace-Id": id };
    const clone = await jsonOf<{ id: string }>(
      await call("POST", "/api/v1/clones", { token: ada.token, headers, json: { name: "Ours" } }),
      201,
    );
    const refused = await erase(ada);
    expect(await jsonOf(refused, 409)).toMatchObject({
      code: "conflict",
      detail: expect.stringContaining("Hand it over"),
    });
    expect((await call("GET", "/api/v1/me", { token: ada.token })).status).toBe(200);
    const transfer = { token: ada.token, json: { user_id: ben.userId } };
    expect((await call("POST", `/api/v1/workspaces/${id}/transfer`, transfer)).status).toBe(204);
    const token = await started(await erase(ada));
    await later();
    await cron();
    expect(await recordOf(token)).toMatchObject({ status: "done", erased: { membership: [id], clone: [] } });
    expect((await call("GET", `/api/v1/clones/${clone.id}`, { token: ben.token, headers })).status).toBe(200);
    const log = await call("GET", "/api/v1/audit?action=account.erased", { token: ben.token, headers });
    expect((await jsonOf<{ data: { actor: object }[] }>(log, 200)).data).toMatchObject([
      { actor: { id: ada.userId, name: null, email: null } },
    ]);
    expect(await jsonOf(await call("GET", "/api/v1/audit/verify", { token: ben.token, headers }), 200)).toMatchObject({
      ok: true,
    });
  });

  describe("takes", () => {
    let ada: Person;
    beforeEach(async () => {
      ada = await signUp("Ada");
    });

    it("the password, in a session", async () => {
      const wrong = await erase({ ...ada, password: "no such password" });
      expect(await jsonOf(wrong, 422)).toMatchObject({ errors: [{ path: "password" }] });
      const made = await call("POST", "/api/v1/api-keys", { token: ada.token, json: { name: "Mine" } });
      const { key } = await jsonOf<{ key: string }>(made, 201);
      expect((await erase({ ...ada, token: key })).status).toBe(403);
      expect((await call("GET", "/api/v1/me", { token: ada.token })).status).toBe(200);
    });

    it("a code, where the second factor is on", async () => {
      const auth = (path: string, json: object) => call("POST", `/api/v1/auth/2fa/${path}`, { token: ada.token, json });
      const { secret } = await jsonOf<{ secret: string }>(await auth("setup", {}), 200);
      await jsonOf(await auth("verify", { code: totp(secret) }), 200);
      await run("UPDATE two_factors SET last_step = 0");
      expect(await jsonOf(await erase(ada), 422)).toMatchObject({ errors: [{ path: "code" }] });
      expect(await jsonOf(await erase(ada, { code: "000000" }), 422)).toMatchObject({ errors: [{ path: "code" }] });
      await started(await erase(ada, { code: totp(secret) }));
    });
  });

  it("is told to nobody without its token, and its receipt counts for its own list only", async () => {
    const ada = await signUp("Ada");
    await workspaceOf(ada.token);
    const token = await started(await erase(ada));
    await later();
    await cron();
    expect((await recordOf(token)).receipt_valid).toBe(true);
    await run("DELETE FROM erasure_items WHERE kind = 'workspace'");
    expect((await recordOf(token)).receipt_valid).toBe(false);
    expect((await call("GET", `/api/v1/erasures/${token.slice(0, -4)}AAAA`)).status).toBe(404);
  });
});

/** A document that the person alone sees, in a clone of somebody else’s workspace, beside one of everybody’s. */
async function privatelyIn(person: Person) {
  const host = await signUp("Host");
  const team = await workspaceOf(host.token);
  const clone = await makeClone(host.token);
  const [ours] = await upload(host.token, clone.id, fileOf("ours.md", "# Ours\n\nIt is lit at dusk."));
  await settled(host.token, ours?.id ?? "");
  await run(
    "INSERT INTO members (workspace_id, user_id, role, created_at) VALUES (?, ?, 'admin', 1)",
    team,
    person.userId,
  );
  const [mine] = await upload(host.token, clone.id, fileOf("mine.md", "# Secret-Okapi\n\nIt is lit at dawn."));
  await settled(host.token, mine?.id ?? "");
  await run("UPDATE documents SET created_by = ?, access = 'me' WHERE id = ?", person.userId, mine?.id);
  await run(`UPDATE audit_events SET details = '{}' WHERE workspace_id = ?`, team);
  return { team, clone: clone.id };
}
