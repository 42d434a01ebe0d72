import { env } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { auditOf } from "../audit/testing/audit.ts";
import { ask, objectOf, openConversation, projected, readUntil, standIn, storedIn } from "../chat/testing/turns.ts";
import { connect } from "../db/client.ts";
import { createRuntime } from "../platform/runtime.ts";
import { canary, furnish } from "../testing/belongings.ts";
import { addMember, call, jsonOf, makeClone, signUp, workspaceOf } from "../testing/client.ts";
import { eventually } from "../testing/eventually.ts";
import { takeLoggedErrors } from "../testing/logged-errors.ts";
import { teamOf } from "../workspaces/testing/teams.ts";
import { applyRetention } from "./apply-retention.ts";
import type { Retention, RetentionPreview } from "./retention-contract.ts";
import { findRetention, removeByAge } from "./retention-queries.ts";

const dayMs = 24 * 60 * 60 * 1000;
const run = (sql: string, ...values: unknown[]) =>
  env.DB.prepare(sql)
    .bind(...values)
    .run();
/** What the cron does after so many days. */
const cronAfter = (days: number) =>
  applyRetention({ ...createRuntime(env), clock: { now: () => Date.now() + days * dayMs } });

const at = (token: string, id: string, method = "GET", json?: object, path = "") =>
  call(method, `/api/v1/workspaces/${id}/retention${path}`, { token, ...(json ? { json } : {}) });
const set = async (token: string, id: string, json: object) => jsonOf<Retention>(await at(token, id, "PUT", json), 200);
const preview = async (token: string, id: string, json: object) =>
  jsonOf<RetentionPreview>(await at(token, id, "POST", json, "/preview"), 200);
const there = async (ids: string[]) => {
  const { results } = await env.DB.prepare(
    "SELECT id FROM conversations WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
  )
    .bind(JSON.stringify(ids))
    .all<{ id: string }>();
  return results.map(({ id }) => id);
};
const count = async (sql: string, ...values: unknown[]) =>
  (
    await env.DB.prepare(`SELECT count(*) AS n FROM ${sql}`)
      .bind(...values)
      .first<{ n: number }>()
  )?.n;

/** As if it had been left alone for so many days: what D1 knows decides. */
async function age(days: number, ...ids: string[]): Promise<void> {
  await projected();
  await run(
    "UPDATE conversations SET updated_at = updated_at - ? WHERE id IN (SELECT value FROM json_each(?))",
    days * dayMs,
    JSON.stringify(ids),
  );
}

async function visitorOf(slug: string): Promise<string> {
  const entered = await call("POST", "/api/v1/visitors", { json: { clone: slug } });
  return (await jsonOf<{ visitor_token: string }>(entered, 201)).visitor_token;
}

describe("how long a workspace keeps conversations", () => {
  it("is set by its owner alone, read by admins, and has bounds", async () => {
    const { ada, ben, id } = await teamOf("admin");
    const member = await addMember({ workspaceId: id }, "member");
    const nothing = { member_days: null, visitor_days: null, include_pinned: false, effective_at: null };
    expect(await jsonOf(await at(ben.token, id), 200)).toEqual(nothing);
    expect((await at(member.token, id)).status).toBe(403);
    expect((await at(ben.token, id, "PUT", { member_days: 30 })).status).toBe(403);
    expect((await at(ben.token, id, "POST", { member_days: 30 }, "/preview")).status).toBe(403);
    for (const wrong of [0, -1, 1.5, 3_651, "30", Number.MAX_SAFE_INTEGER]) {
      const refused = await at(ada.token, id, "PUT", { member_days: wrong });
      expect(await jsonOf(refused, 422), String(wrong)).toMatchObject({ errors: [{ path: "member_days" }] });
    }
    expect((await at(ada.token, id, "PUT", { days: 30 })).status).toBe(422);
    const made = await call("POST", "/api/v1/api-keys", { token: ada.token, json: { name: "k" } });
    const { key } = await jsonOf<{ key: string }>(made, 201);
    expect((await at(key, id, "PUT", { member_days: 1 })).status).toBe(403);
    expect(await jsonOf(await at(ada.token, id), 200)).toEqual(nothing);
    const before = Date.now();
    const { effective_at, ...saved } = await set(ada.token, id, { member_days: 1, visitor_days: 3_650 });
    expect(saved).toEqual({ member_days: 1, visitor_days: 3_650, include_pinned: false });
    expect(Date.parse(effective_at ?? "")).toBeGreaterThanOrEqual(before + dayMs);
    // Sent again it changes nothing, and tells nothing.
    expect((await set(ada.token, id, { member_days: 1, visitor_days: 3_650 })).effective_at).toBe(effective_at);
    expect(await count("audit_events WHERE workspace_id = ? AND action = 'retention.changed'", id)).toBe(1);
  });

  it("shows what would go, deletes exactly that, wholly, and nothing of others", async () => {
    const ada = await signUp("Ada");
    const of = await furnish(ada.token);
    const home = await workspaceOf(ada.token);
    const eve = await signUp("Eve");
    const hers = await furnish(eve.token);
    const { id: cloneId, slug } = await makeClone(ada.token, { visibility: "public" });
    const visitor = await visitorOf(slug);
    const visited = await openConversation(visitor, { clone_id: cloneId });
    await jsonOf(await ask(visitor, visited, { content: "Who are you?" }, "application/json"), 200);
    const [pinned, fresh] = [await openConversation(ada.token), await openConversation(ada.token)];
    await call("PUT", `/api/v1/conversations/${pinned}`, { token: ada.token, json: { pinned: true } });
    await age(400, of.conversation, visited, pinned, hers.conversation);
    await age(100, visited);

    const before = await there([of.conversation, visited, pinned, fresh, hers.conversation]);
    const seen = await preview(ada.token, home, { member_days: 365, visitor_days: 365 });
    expect(seen).toMatchObject({
      members: { conversations: 1, oldest: [{ id: of.conversation, title: canary }] },
      visitors: { conversations: 1, oldest: [{ id: visited, title: "Who are you?" }] },
      pinned: 1,
    });
    const past = Date.now() - 500 * dayMs;
    expect(Date.parse(seen.visitors.oldest[0]?.last_active_at ?? "") - past).toBeLessThan(dayMs);
    const members = await preview(ada.token, home, { member_days: 365 });
    expect([members.members.conversations, members.visitors.conversations]).toEqual([1, 0]);
    expect(await preview(ada.token, home, {})).toMatchObject({ members: { conversations: 0 }, pinned: 0 });
    const all = await preview(ada.token, home, { member_days: 1, include_pinned: true });
    expect([all.members.conversations, all.pinned]).toEqual([2, 0]);
    expect(await there(before)).toEqual(before);

    await set(ada.token, home, { member_days: 365, visitor_days: 365 });
    await cronAfter(0.99);
    expect(await there(before), "within a day nothing goes").toEqual(before);
    await cronAfter(1.01);
    expect(await there(before)).toEqual([pinned, fresh, hers.conversation].sort());
    for (const id of [of.conversation, visited]) {
      for (const table of ["messages", "conversation_shares", "conversation_summaries"])
        expect(await count(`${table} WHERE conversation_id = ?`, id), table).toBe(0);
      expect(await storedIn(id)).toEqual({});
    }
    expect(await count("citations WHERE message_id NOT IN (SELECT id FROM messages)")).toBe(0);
    const words = await call("POST", "/api/v1/conversations/search", { token: ada.token, json: { query: canary } });
    expect((await jsonOf<{ data: unknown[] }>(words, 200)).data).toEqual([]);
    expect(await storedIn(hers.conversation)).toMatchObject({ messages: 2, turns: 1 });
    const events = (await auditOf(ada.token)).filter(({ action }) => action === "retention.applied");
    expect(events).toMatchObject([
      {
        actor: { kind: "job", id: "retention" },
        details: { members: 1, visitors: 1, member_days: 365, ids: [visited, of.conversation] },
      },
    ]);
    // Nothing more to do, nothing more to tell.
    await cronAfter(1.02);
    expect((await auditOf(ada.token)).at(-1)?.id).toBe(events[0]?.id);
    await set(ada.token, home, { member_days: 365, include_pinned: true });
    await cronAfter(3);
    expect(await there(before)).toEqual([fresh, hers.conversation].sort());
  });

  it("waits a day with everything after what was made stricter, and not after what was made milder", async () => {
    const ada = await signUp("Ada");
    const home = await workspaceOf(ada.token);
    const one = await openConversation(ada.token);
    await age(100, one);
    const first = await set(ada.token, home, { member_days: 90 });
    const stays = [{ member_days: 95 }, { member_days: null, visitor_days: null }];
    for (const milder of stays)
      expect(
        (await findRetention(connect(env.DB), home))?.effectiveAt,
        JSON.stringify(await set(ada.token, home, milder)),
      ).toBe(Date.parse(first.effective_at ?? ""));
    // A slip of the hand: it is noticed, and taken back.
    await run("UPDATE retention_settings SET effective_at = 1");
    const slip = await set(ada.token, home, { member_days: 9 });
    expect(Date.parse(slip.effective_at ?? "")).toBeGreaterThan(Date.now());
    await cronAfter(0);
    expect(await there([one])).toEqual([one]);
    await set(ada.token, home, { member_days: 900 });
    await cronAfter(2);
    expect(await there([one])).toEqual([one]);
    for (const stricter of [
      { member_days: 800 },
      { member_days: 800, visitor_days: 7 },
      { member_days: 800, include_pinned: true },
    ]) {
      await run("UPDATE retention_settings SET effective_at = 1");
      expect(
        Date.parse((await set(ada.token, home, stricter)).effective_at ?? ""),
        JSON.stringify(stricter),
      ).toBeGreaterThan(Date.now());
    }
  });

  it("leaves alone what is being answered, and takes no question into what is about to go", async () => {
    const ada = await signUp("Ada");
    const home = await workspaceOf(ada.token);
    const [talk, idle] = [await openConversation(ada.token), await openConversation(ada.token)];
    await set(ada.token, home, { member_days: 30 });
    const slow = standIn("tokens=400&tokens_per_second=40&pause=20");
    const answer = await ask(ada.token, talk, { content: "Go on", model: slow });
    const { reader } = await readUntil(answer, (events) => events.some(({ event }) => event === "token"));
    // Also where D1 has not heard of the question yet.
    await projected();
    await run("UPDATE messages SET status = 'complete'");
    await run("UPDATE conversations SET updated_at = 1");
    await cronAfter(2);
    expect(await there([talk, idle])).toEqual([talk]);
    expect(await storedIn(talk)).toMatchObject({ turns: 1 });
    await jsonOf(await call("GET", `/api/v1/conversations/${talk}`, { token: ada.token }), 200);
    expect((await call("POST", `/api/v1/conversations/${talk}/stop`, { token: ada.token })).status).toBe(204);
    while (!(await reader.read()).done);
    await eventually(async () => expect(await count("messages WHERE status = 'running'")).toBe(0));
    expect(await objectOf(talk).retire(talk)).toBe(true);
    const late = await ask(ada.token, talk, { content: "One more", model: slow }, "application/json");
    expect(await jsonOf(late, 409)).toMatchObject({ code: "turn_in_progress" });
  });

  it("goes on after a crash, and tells once", async () => {
    const ada = await signUp("Ada");
    const home = await workspaceOf(ada.token);
    const of = await furnish(ada.token);
    await set(ada.token, home, { member_days: 30 });
    await projected();
    await run("CREATE TRIGGER crash BEFORE DELETE ON conversations BEGIN SELECT RAISE(ABORT, 'power cut'); END");
    await cronAfter(40);
    expect(takeLoggedErrors().join()).toContain("power cut");
    expect(await there([of.conversation])).toEqual([of.conversation]);
    await run("DROP TRIGGER crash");
    await cronAfter(40);
    expect(await there([of.conversation])).toEqual([]);
    expect(await storedIn(of.conversation)).toEqual({});
    expect((await auditOf(ada.token)).filter(({ action }) => action === "retention.applied")).toHaveLength(1);
  });

  it("takes many some at a time, and lets no workspace wait for another", async () => {
    const [ada, ben] = [await signUp("Ada"), await signUp("Ben")];
    const [hers, his] = [await workspaceOf(ada.token), await workspaceOf(ben.token)];
    await run(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 130)
       INSERT INTO conversations (id, workspace_id, user_id, title, created_at, updated_at)
       SELECT 'conv_' || i, ?, ?, 'Old', 1, i FROM n`,
      hers,
      ada.userId,
    );
    const one = await openConversation(ben.token);
    await age(100, one);
    await set(ada.token, hers, { member_days: 30 });
    await set(ben.token, his, { member_days: 30 });
    const seen = await preview(ada.token, hers, { member_days: 30 });
    expect([seen.members.conversations, seen.members.oldest.length]).toEqual([130, 5]);
    await cronAfter(2);
    expect(await count("conversations WHERE workspace_id = ?", hers)).toBe(30);
    expect(await there([one])).toEqual([]);
    await cronAfter(2);
    expect(await count("conversations WHERE workspace_id = ?", hers)).toBe(0);
    const told = (await auditOf(ada.token)).filter(({ action }) => action === "retention.applied");
    expect(told.map(({ details }) => details.members)).toEqual([100, 30]);
  });

  it("deletes all of a batch or none, where one of it was pinned or the setting was changed meanwhile", async () => {
    const ada = await signUp("Ada");
    const home = await workspaceOf(ada.token);
    const ids = [await openConversation(ada.token), await openConversation(ada.token)];
    await age(100, ...ids);
    await set(ada.token, home, { member_days: 30 });
    const db = connect(env.DB);
    const setting = await findRetention(db, home);
    if (!setting) throw new Error("It was set.");
    const remove = () => removeByAge(db, setting, { ids, now: Date.now(), audit: [] });
    await run("UPDATE conversations SET pinned = 1 WHERE id = ?", ids[0]);
    expect(await remove()).toBe(0);
    await run("UPDATE conversations SET pinned = 0");
    await set(ada.token, home, { member_days: 900 });
    expect(await remove()).toBe(0);
    await set(ada.token, home, { member_days: 20 });
    expect(await remove(), "another setting").toBe(0);
    await run("UPDATE retention_settings SET effective_at = ?", setting.effectiveAt);
    expect(await remove()).toBe(2);
  });

  it("counts what was brought in from its coming, and keeps what a suspended workspace has", async () => {
    const ada = await signUp("Ada");
    const home = await workspaceOf(ada.token);
    const old = { title: "Old", mapping: {}, current_node: null, create_time: 1, update_time: 2 };
    const brought = await call("POST", "/api/v1/conversations/import", { token: ada.token, json: [old] });
    const { data } = await jsonOf<{ data: { id: string }[] }>(brought, 201);
    const ids = data.map(({ id }) => id);
    expect(await preview(ada.token, home, { member_days: 30 })).toMatchObject({ members: { conversations: 0 } });
    await set(ada.token, home, { member_days: 30 });
    await cronAfter(29);
    expect(await there(ids)).toEqual(ids);
    await run("UPDATE workspaces SET suspended_at = 1");
    await cronAfter(31);
    expect(await there(ids)).toEqual(ids);
    await run("UPDATE workspaces SET suspended_at = NULL");
    await cronAfter(31);
    expect(await there(ids)).toEqual([]);
  });
});
