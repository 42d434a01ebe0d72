import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { ask, eventsIn, messagesOf, openConversation, standIn } from "../chat/testing/turns.ts";
import { embedderFor } from "../model-access/workspace-models.ts";
import { createRuntime } from "../platform/runtime.ts";
import { addMember, call, jsonOf, makeClone, signUp, workspaceOf } from "../testing/client.ts";
import { takeLoggedErrors } from "../testing/logged-errors.ts";

const priced = "openai/stand-in?reply=Priced.";

interface Usage {
  data: Record<string, unknown>[];
  total: Record<string, number>;
}
const usageOf = async (token: string, query = "", headers: Record<string, string> = {}) =>
  jsonOf<Usage>(await call("GET", `/api/v1/usage${query}`, { token, headers }), 200);

/** The events of a purpose, once there are as many as expected. */
const eventsOf = (purpose: string, count = 1) =>
  vi.waitFor(async () => {
    const { results } = await env.DB.prepare("SELECT * FROM usage_events WHERE purpose = ? ORDER BY id")
      .bind(purpose)
      .all();
    expect(results).toHaveLength(count);
    return results;
  });

describe("what is metered", () => {
  it("is an event an answer, whose cost the stream, the message and a replay tell alike", async () => {
    const ada = await signUp("Ada");
    const id = await openConversation(ada.token);
    const text = await (await ask(ada.token, id, { content: "What does it cost?", model: priced })).text();
    const done = eventsIn(text).find(({ event }) => event === "done")?.data as {
      usage: { prompt_tokens: number; completion_tokens: number };
      cost: { micro_credits: number };
    };
    const { prompt_tokens, completion_tokens } = done.usage;
    expect(done.usage).toMatchObject({ cached_tokens: null, reasoning_tokens: null });
    expect(done.cost).toEqual({ micro_credits: prompt_tokens * 200 + completion_tokens * 1_000 });
    const answer = (await messagesOf(ada.token, id)).find(({ role }) => role === "assistant");
    expect(answer).toMatchObject({ usage: done.usage, cost: done.cost });
    const { total } = await usageOf(ada.token);
    expect(total).toMatchObject({ micro_credits: done.cost.micro_credits, unpriced_calls: 0 });
    const [event] = await eventsOf("answer");
    expect(event).toMatchObject({
      ...{ purpose: "answer", workspace_id: await workspaceOf(ada.token), user_id: ada.userId, conversation_id: id },
      ...{ provider: "openai", model: priced, lane: "own", payer: "installation", estimated: 0, outcome: "complete" },
      ...{ price_id: "operator/2026-11-30/openai/stand-in?reply=Priced.", micro_credits: done.cost.micro_credits },
      ...{ duration_ms: expect.any(Number), first_token_ms: expect.any(Number) },
    });
    expect(event?.id).toBe(event?.turn_id);
  });

  it("is what names a conversation, beside its answer", async () => {
    const { token, userId } = await signUp();
    const id = await openConversation(token);
    const model = standIn("tokens=30");
    await jsonOf(await ask(token, id, { content: "Who keeps the quinces?", model }, "application/json"), 200);
    expect(await eventsOf("title")).toMatchObject([{ model, user_id: userId, conversation_id: id, micro_credits: 0 }]);
  });

  it("is what an own key pays, apart", async () => {
    const { token } = await signUp();
    const key = { token, json: { key: "sk-workspace-own-7319" } };
    await jsonOf(await call("PUT", "/api/v1/provider-keys/openai", key), 200);
    const id = await openConversation(token);
    await jsonOf(await ask(token, id, { content: "Hi", model: priced }, "application/json"), 200);
    const { total } = await usageOf(token);
    expect(total).toMatchObject({ calls: 1, micro_credits: 0, own_keys_micro_credits: expect.any(Number) });
    expect(total.own_keys_micro_credits).toBeGreaterThan(0);
  });

  it("is what embedders and rerankers read, written together", async () => {
    const { token } = await signUp();
    const use = {
      ...{ workspaceId: await workspaceOf(token), privacy: null, purpose: "embedding" as const },
      ...{ userId: null, keyId: null, cloneId: null, conversationId: null, turnId: null },
    };
    const embedder = await embedderFor(createRuntime(env), use, "openai/priced-embedding");
    await Promise.all(["a", "b", "c"].map((text) => embedder.embed([text, "two"], { purpose: "query" })));
    const counted = { prompt_tokens: 2, completion_tokens: 0, estimated: 0, micro_credits: 200, outcome: "complete" };
    expect(await eventsOf("embedding", 3)).toMatchObject([counted, counted, counted]);
  });

  it("is one event of a turn that failed before its first token, which costs nothing", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    await ask(token, id, { content: "Hi", model: standIn("fault=401") }).then((answer) => answer.text());
    await usageOf(token);
    expect(await eventsOf("answer")).toMatchObject([{ outcome: "failed", micro_credits: 0, completion_tokens: 0 }]);
    expect(takeLoggedErrors()).toHaveLength(1);
  });

  it("counts what breaks off by an estimate", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const model = standIn("tokens=40&fault=die&after=10");
    await ask(token, id, { content: "Hi", model }).then((answer) => answer.text());
    await usageOf(token);
    expect(await eventsOf("answer")).toMatchObject([{ outcome: "failed", estimated: 1 }]);
    expect(takeLoggedErrors()).toHaveLength(1);
  });

  it("tells people of other workspaces to nobody: whoever pays sees a visitor", async () => {
    const [ada, eve] = [await signUp("Ada"), await signUp("Eve")];
    const clone = await makeClone(ada.token, { visibility: "public" });
    const id = await openConversation(eve.token, { clone_id: clone.id });
    await jsonOf(await ask(eve.token, id, { content: "Hi", model: priced }, "application/json"), 200);
    expect((await usageOf(eve.token)).total.calls).toBe(0);
    expect((await usageOf(ada.token, "?group_by=user")).data).toMatchObject([{ key: null, calls: 1 }]);
    expect((await usageOf(ada.token, "?group_by=clone")).data).toMatchObject([{ key: clone.id, calls: 1 }]);
  });
});

describe("an event", () => {
  it("is written once, and is not changed by being written again", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    await jsonOf(await ask(token, id, { content: "Hi", model: priced }, "application/json"), 200);
    await usageOf(token);
    const [before] = await eventsOf("answer");
    await expect(env.DB.prepare("UPDATE usage_events SET micro_credits = 1").run()).rejects.toThrow("never changed");
    expect(await eventsOf("answer")).toEqual([before]);
  });
});

describe("GET /usage", () => {
  it("shows heads all, and others what they used themselves", async () => {
    const ada = await signUp("Ada");
    const workspaceId = await workspaceOf(ada.token);
    const ben = await addMember({ workspaceId }, "member");
    const headers = { "X-Workspace-Id": workspaceId };
    for (const { token } of [ada, ben]) {
      const made = await call("POST", "/api/v1/conversations", { token, headers, json: {} });
      const { id } = await jsonOf<{ id: string }>(made, 201);
      await jsonOf(await ask(token, id, { content: "Hi", model: priced }, "application/json"), 200);
    }
    const mine = { calls: 1, unpriced_calls: 0 };
    expect((await usageOf(ben.token, "?group_by=user", headers)).data).toMatchObject([{ key: ben.userId, ...mine }]);
    const all = (await usageOf(ada.token, "?group_by=user", headers)).data.map(({ key }) => key);
    expect(all.sort()).toEqual([ada.userId, ben.userId].sort());
    const today = new Date().toISOString().slice(0, 10);
    const days = await usageOf(ada.token, `?group_by=day&from=${today}&to=${today}`, headers);
    expect(days).toMatchObject({ data: [{ key: today, calls: 2 }], total: { calls: 2 } });
    expect((await usageOf(ada.token, "?to=2020-01-01", headers)).data).toEqual([]);
  });

  it("calls people, keys and clones by their names, and nobody who has left by theirs", async () => {
    const ada = await signUp("Ada");
    const workspaceId = await workspaceOf(ada.token);
    const ben = await addMember({ workspaceId }, "member");
    const headers = { "X-Workspace-Id": workspaceId };
    const clone = await makeClone(ada.token, { name: "Quinces" });
    const made = await call("POST", "/api/v1/api-keys", { token: ada.token, json: { name: "Night job" } });
    const { id: keyId, key } = await jsonOf<{ id: string; key: string }>(made, 201);
    for (const token of [key, ben.token]) {
      const begun = await call("POST", "/api/v1/conversations", { token, headers, json: { clone_id: clone.id } });
      const { id } = await jsonOf<{ id: string }>(begun, 201);
      await jsonOf(await ask(token, id, { content: "Hi", model: priced }, "application/json"), 200);
    }
    const namesBy = async (group: string) =>
      Object.fromEntries(
        (await usageOf(ada.token, `?group_by=${group}`, headers)).data.map(({ key, name }) => [key, name]),
      );
    expect(await namesBy("user")).toEqual({ [ada.userId]: "Ada", [ben.userId]: expect.stringMatching(/./) });
    expect(await namesBy("key")).toEqual({ [keyId]: "Night job", null: null });
    expect(await namesBy("clone")).toEqual({ [clone.id]: "Quinces" });
    expect(await namesBy("model")).toEqual({ [priced]: null });
    const left = `/api/v1/workspaces/${workspaceId}/members/${ben.userId}`;
    expect((await call("DELETE", left, { token: ada.token })).status).toBe(204);
    expect((await call("DELETE", `/api/v1/clones/${clone.id}`, { token: ada.token })).status).toBe(204);
    expect(await namesBy("user")).toEqual({ [ada.userId]: "Ada", [ben.userId]: null });
    expect(await namesBy("clone")).toEqual({ [clone.id]: null });
  });

  it("gives the groups as a file in which no cell is a formula", async () => {
    const { token } = await signUp();
    const clone = await makeClone(token, { name: "=SUM(A1)" });
    const id = await openConversation(token, { clone_id: clone.id });
    await jsonOf(await ask(token, id, { content: "Hi", model: priced }, "application/json"), 200);
    const today = new Date().toISOString().slice(0, 10);
    const query = `?group_by=clone&from=${today}&to=${today}`;
    const file = await call("GET", `/api/v1/usage${query}&format=csv`, { token });
    expect(file.headers.get("Content-Type")).toBe("text/csv; charset=utf-8");
    expect(file.headers.get("Content-Disposition")).toContain(`"usage-by-clone-${today}-${today}.csv"`);
    const { total } = await usageOf(token, query);
    const columns = Object.keys(total);
    expect((await file.text()).split("\r\n")).toEqual([
      `clone,name,${columns}`,
      `${clone.id},"'=SUM(A1)",${columns.map((column) => total[column])}`,
      "",
    ]);
  });

  it.each([
    "?format=xls",
    "?from=yesterday",
    "?to=2026-13-01",
    "?from=2026-11-30&to=2026-11-01",
    "?from=2020-01-01&to=2026-11-30",
    "?group_by=colour",
    "?since=2026-11-30",
  ])("refuses %s with what to do instead", async (query) => {
    const { token } = await signUp();
    const problem = await jsonOf<{ code: string; errors: unknown[] }>(
      await call("GET", `/api/v1/usage${query}`, { token }),
      422,
    );
    expect(problem.code).toBe("validation_failed");
    expect(problem.errors.length).toBeGreaterThan(0);
  });
});
