import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import worker from "../index.ts";
import { toCsv } from "../platform/http/csv.ts";
import { call, jsonOf, makeClone, signUp } from "../testing/client.ts";
import { takeLoggedErrors } from "../testing/logged-errors.ts";
import { auditOf, verified } from "./testing/audit.ts";

const run = (sql: string, ...values: unknown[]) =>
  env.DB.prepare(sql)
    .bind(...values)
    .run();

let token = "";
let workspace = "";
beforeEach(async () => {
  ({ token } = await signUp("Ada"));
  const me = await jsonOf<{ workspaces: [{ id: string }] }>(await call("GET", "/api/v1/me", { token }), 200);
  workspace = me.workspaces[0].id;
});

/** Seven events: the account, and six clones. */
async function six(): Promise<void> {
  for (let i = 0; i < 6; i++) await makeClone(token, { name: `Clone ${i}` });
}

describe("an event", () => {
  it("says who did what, to what, when and from where", async () => {
    const agent = "Mozilla/5.0 (test)";
    const made = await call("POST", "/api/v1/clones", {
      token,
      json: { name: "Mentor" },
      headers: { "User-Agent": agent },
    });
    const { id } = await jsonOf<{ id: string }>(made, 201);
    const events = await auditOf(token);
    expect(events.map(({ seq, action }) => [seq, action])).toEqual([
      [1, "account.created"],
      [2, "clone.created"],
    ]);
    expect(events[1]).toMatchObject({
      actor: { kind: "user", id: expect.stringMatching(/^user_/), name: "Ada", email: expect.stringContaining("@") },
      resource: { kind: "clone", id },
      agent,
      address: null,
      request_id: made.headers.get("X-Request-Id"),
      details: { name: "Mentor", visibility: "private" },
    });
  });

  it("is stored with its change or not at all", async () => {
    await env.DB.exec(
      "CREATE TRIGGER broken BEFORE INSERT ON audit_events BEGIN SELECT RAISE(ABORT, 'disk full'); END",
    );
    expect((await call("POST", "/api/v1/clones", { token, json: { name: "Mentor" } })).status).toBe(500);
    expect(JSON.stringify(takeLoggedErrors())).toContain("disk full");
    await env.DB.exec("DROP TRIGGER broken");
    const { data } = await jsonOf<{ data: unknown[] }>(await call("GET", "/api/v1/clones", { token }), 200);
    expect(data).toEqual([]);
    // And no event of a change that was not made.
    const { slug } = await makeClone(token);
    expect((await call("POST", "/api/v1/clones", { token, json: { name: "Other", slug } })).status).toBe(409);
    expect((await call("DELETE", "/api/v1/clones/clone_01J00000000000000000000000", { token })).status).toBe(404);
    expect((await auditOf(token)).map(({ action }) => action)).toEqual(["account.created", "clone.created"]);
    expect(await verified(token)).toMatchObject({ ok: true, count: 2 });
  });

  it("gets its number without gaps, also of fifty at once", async () => {
    await Promise.all(Array.from({ length: 50 }, (_, i) => makeClone(token, { name: `Clone ${i}` })));
    const events = await auditOf(token);
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: 51 }, (_, i) => i + 1));
    const checks = await Promise.all([verified(token), verified(token), verified(token)]);
    for (const check of checks) expect(check).toMatchObject({ ok: true, count: 51 });
  });
});

describe("the chain", () => {
  it("is made by the cron, too, and stays the same however often it is looked at", async () => {
    await six();
    await worker.scheduled({ cron: "* * * * *" } as ScheduledController, env);
    const events = await auditOf(token);
    expect(events.every(({ hash }) => hash !== null)).toBe(true);
    const { head } = await verified(token);
    expect(head).toEqual({ seq: 7, hash: events.at(-1)?.hash });
    await makeClone(token);
    expect(await verified(token, `?seq=${head.seq}&hash=${head.hash}`)).toMatchObject({ ok: true, count: 8 });
  });

  it.each([
    ["one is removed", "DELETE FROM audit_events WHERE seq = 4", [{ seq: 4, kind: "missing" }]],
    [
      "one is removed and the others moved up",
      "DELETE FROM audit_events WHERE seq = 4; UPDATE audit_events SET seq = -seq WHERE seq > 4; UPDATE audit_events SET seq = -seq - 1 WHERE seq < 0",
      [4, 5, 6].map((seq) => ({ seq, kind: "moved" })).concat({ seq: 7, kind: "missing" }),
    ],
    ["the last are removed", "DELETE FROM audit_events WHERE seq > 5", [6, 7].map((seq) => ({ seq, kind: "missing" }))],
    [
      "one says something else",
      `UPDATE audit_events SET details = '{"name":"Other"}' WHERE seq = 3`,
      [{ seq: 3, kind: "altered" }],
    ],
    [
      "it was somebody else",
      "UPDATE audit_events SET actor_id = 'user_other' WHERE seq = 3",
      [{ seq: 3, kind: "altered" }],
    ],
    ["it was at another time", "UPDATE audit_events SET at = at - 1 WHERE seq = 7", [{ seq: 7, kind: "altered" }]],
    [
      "two change places",
      "UPDATE audit_events SET seq = 100 WHERE seq = 3; UPDATE audit_events SET seq = 3 WHERE seq = 4; UPDATE audit_events SET seq = 4 WHERE seq = 100",
      [3, 4].map((seq) => ({ seq, kind: "moved" })),
    ],
    [
      "one is put in",
      `INSERT INTO audit_events SELECT 'aud_forged', workspace_id, 8, at, actor_kind, actor_id, key_id, 'clone.deleted', resource_kind,
        resource_id, address, agent, request_id, details, mac, hash FROM audit_events WHERE seq = 7`,
      [{ seq: 8, kind: "altered" }],
    ],
  ])("shows that %s", async (_, sql, breaks) => {
    await six();
    expect(await verified(token)).toMatchObject({ ok: true, count: 7 });
    for (const statement of sql.split(";")) await run(statement);
    const { ok, breaks: found } = await verified(token);
    expect(ok).toBe(false);
    for (const each of breaks) expect(found).toContainEqual(each);
    expect(found.length).toBeLessThanOrEqual(breaks.length + 1);
  });

  it("shows what is removed before it was sealed", async () => {
    await six();
    await run("DELETE FROM audit_events WHERE seq = 4");
    expect(await verified(token)).toMatchObject({ ok: false, breaks: [{ seq: 4, kind: "missing" }] });
  });

  it("that was cut off together with its head no longer goes through a head that was kept", async () => {
    await six();
    const { head } = await verified(token);
    await run("DELETE FROM audit_events WHERE seq > 3");
    await run(
      "UPDATE audit_heads SET count = 3, sealed = 3, hash = (SELECT hash FROM audit_events WHERE seq = 3 AND workspace_id = ?1) WHERE workspace_id = ?1",
      workspace,
    );
    expect(await verified(token)).toMatchObject({ ok: true, count: 3 });
    for (let i = 0; i < 5; i++) await makeClone(token, { name: "New" });
    expect(await verified(token, `?seq=${head.seq}&hash=${head.hash}`)).toMatchObject({
      ok: false,
      breaks: [{ seq: head.seq, kind: "forgotten" }],
    });
  });

  it("of one workspace cannot be passed off as another’s", async () => {
    const eve = await signUp("Eve");
    await six();
    await makeClone(eve.token);
    await verified(token);
    await verified(eve.token);
    await run("UPDATE audit_events SET workspace_id = ? WHERE workspace_id <> ? AND seq = 2", "ws_gone", workspace);
    await run(
      "INSERT INTO audit_events SELECT 'aud_copy', (SELECT workspace_id FROM audit_heads WHERE workspace_id <> ?1 LIMIT 1), 2, at, actor_kind, actor_id, key_id, action, resource_kind, resource_id, address, agent, request_id, details, mac, hash FROM audit_events WHERE workspace_id = ?1 AND seq = 2",
      workspace,
    );
    expect((await verified(eve.token)).breaks).toContainEqual({ seq: 2, kind: "altered" });
  });
});

describe("reading the log", () => {
  it("is for owners in a session", async () => {
    const { key } = await jsonOf<{ key: string }>(
      await call("POST", "/api/v1/api-keys", { token, json: { name: "k" } }),
      201,
    );
    for (const path of ["audit", "audit/export", "audit/verify"])
      expect((await call("GET", `/api/v1/${path}`, { token: key })).status, path).toBe(403);
    const eve = await signUp("Eve");
    expect((await auditOf(eve.token)).map(({ action }) => action)).toEqual(["account.created"]);
  });

  it("finds by action, person, thing and time, page by page", async () => {
    await six();
    const events = await auditOf(token);
    const [first] = events;
    const third = events[2];
    expect(await auditOf(token, "&action=clone.created")).toHaveLength(6);
    expect(await auditOf(token, "&action=clone")).toHaveLength(6);
    expect(await auditOf(token, "&action=account")).toHaveLength(1);
    expect(await auditOf(token, `&actor_id=${first?.actor.id}`)).toHaveLength(7);
    expect(await auditOf(token, "&actor_id=user_other")).toHaveLength(0);
    expect(await auditOf(token, `&resource_id=${third?.resource?.id}`)).toEqual([third]);
    expect(await auditOf(token, `&until=${first?.at}`)).toHaveLength(0);
    expect(await auditOf(token, `&from=${first?.at}`)).toHaveLength(7);
    const page = await call("GET", "/api/v1/audit?limit=3", { token });
    const { data, next_cursor } = await jsonOf<{ data: { seq: number }[]; next_cursor: string }>(page, 200);
    expect(data.map(({ seq }) => seq)).toEqual([7, 6, 5]);
    const next = await call("GET", `/api/v1/audit?limit=3&cursor=${next_cursor}`, { token });
    expect((await jsonOf<{ data: { seq: number }[] }>(next, 200)).data.map(({ seq }) => seq)).toEqual([4, 3, 2]);
    for (const wrong of ["action=clone_created", "from=yesterday", "action=clone%25"])
      expect((await call("GET", `/api/v1/audit?${wrong}`, { token })).status, wrong).toBe(422);
  });

  it("as a file holds all of it, with the head, and tells itself", async () => {
    await six();
    const answer = await call("GET", "/api/v1/audit/export?format=json", { token });
    expect(answer.headers.get("Content-Disposition")).toBe('attachment; filename="audit-log.json"');
    const file = await jsonOf<{ head: { seq: number; hash: string }; events: { seq: number; action: string }[] }>(
      answer,
      200,
    );
    expect(file.events.map(({ seq }) => seq)).toEqual([8, 7, 6, 5, 4, 3, 2, 1]);
    expect(file.events[0]?.action).toBe("audit.exported");
    expect(answer.headers.get("X-Audit-Head")).toBe(`8:${file.head.hash}`);
    expect(await verified(token, `?seq=${file.head.seq}&hash=${file.head.hash}`)).toMatchObject({ ok: true });
    const filtered = await call("GET", "/api/v1/audit/export?format=csv&action=clone", { token });
    const lines = (await filtered.text()).trimEnd().split("\r\n");
    expect(lines).toHaveLength(7);
    expect(lines[0]).toMatch(/^seq,at,action,actor_kind/);
  });

  it("as CSV runs nothing in a spreadsheet", async () => {
    const payloads = [
      "=1+1",
      "=cmd|' /C calc'!A0",
      "+1",
      "-1+1",
      "@SUM(1)",
      "\t=1+1",
      "\r=1+1",
      "\n=1+1",
      " =1+1",
      "＝1+1",
      "＋1",
      "－1",
      "＠x",
      '=HYPERLINK("http://evil.example","x")',
    ];
    for (const agent of payloads) {
      const [line] = toCsv([["x", agent]]).split(/\r\n$/);
      expect(line?.replace(/^x,"?/, "").startsWith("'"), JSON.stringify(agent)).toBe(true);
    }
    await call("POST", "/api/v1/clones", { token, json: { name: "A" }, headers: { "User-Agent": "=1+1" } });
    const csv = await (await call("GET", "/api/v1/audit/export?format=csv", { token })).text();
    expect(csv).toContain("'=1+1");
    expect(csv).not.toMatch(/(^|,|\n)"?[=+@-]/m);
  });
});
