import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { call, jsonOf, makeClone, signUp } from "../../testing/client.ts";
import { hasTwenty } from "../../testing/held-model.ts";
import { ask, leaveInD1, messagesOf, objectOf, openConversation, readUntil, standIn, usage } from "../testing/turns.ts";

const path = (id: string, rest = "") => `/api/v1/conversations/${id}${rest}`;
const say = async (token: string, id: string, content: string, reply: string, more: Record<string, unknown> = {}) =>
  void (await (await ask(token, id, { content, model: standIn(`reply=${reply}`), ...more })).text());
const headOf = async (token: string, id: string) =>
  (await jsonOf<{ head_message_id: string | null }>(await call("GET", path(id), { token }), 200)).head_message_id;
const visitorOf = async (slug: string) =>
  (await jsonOf<{ visitor_token: string }>(await call("POST", "/api/v1/visitors", { json: { clone: slug } }), 201))
    .visitor_token;
async function cite(conversation: string, messageId: string | undefined): Promise<void> {
  await leaveInD1(conversation);
  await env.DB.prepare(
    "INSERT INTO citations (message_id, idx, document_id, source, page, section, quote, relevance, start_offset, end_offset) VALUES (?, 1, 'doc_x', 'a.pdf', 3, NULL, 'A quote.', 1, 0, 8)",
  )
    .bind(messageId ?? "")
    .run();
}

/** Somebody else, and a visitor of another clone of the same workspace. */
async function strangers(token: string) {
  const { slug } = await makeClone(token, { name: "Elsewhere", visibility: "public" });
  return [(await signUp("Eve")).token, await visitorOf(slug)];
}

describe("forking", () => {
  it("copies the branch up to a message, with ids of its own and its citations", async () => {
    const { token } = await signUp();
    const id = await openConversation(token, { title: "Planning" });
    await say(token, id, "One", "A.");
    const [, first] = await messagesOf(token, id);
    await cite(id, first?.id);
    await say(token, id, "Two", "B.");
    await say(token, id, "Other", "C.", { parent_id: null });
    const source = await messagesOf(token, id);
    const fork = await jsonOf<{ id: string; title: string; head_message_id: string }>(
      await call("POST", path(id, "/fork"), { token, json: { message_id: first?.id } }),
      201,
    );
    expect(fork).toMatchObject({ title: "Planning", pinned: false });
    const copies = await messagesOf(token, fork.id);
    expect(copies.map(({ content }) => content)).toEqual(["One", "A."]);
    expect(copies[1]).toMatchObject({ parent_id: copies[0]?.id, turn_id: null, status: "complete" });
    expect(copies[1]?.citations).toEqual([expect.objectContaining({ index: 1, quote: "A quote.", page: 3 })]);
    expect(fork.head_message_id).toBe(copies[1]?.id);
    expect(copies.some(({ id }) => source.some((message) => message.id === id))).toBe(false);
    await say(token, fork.id, "Three", "D.");
    expect(await messagesOf(token, fork.id)).toHaveLength(4);
    expect(await messagesOf(token, id)).toHaveLength(6);
    expect(await usage()).toHaveLength(4);
  });

  it("copies a long branch in few statements", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    await leaveInD1(id);
    const { workspace_id } = (await env.DB.prepare("SELECT workspace_id FROM conversations").first()) as {
      workspace_id: string;
    };
    const insert = env.DB.prepare(
      "INSERT INTO messages (id, conversation_id, workspace_id, parent_id, role, content, status, created_at) VALUES (?, ?, ?, ?, ?, ?, 'complete', ?)",
    );
    const name = (i: number) => `msg_${i}`;
    await env.DB.batch(
      Array.from({ length: 300 }, (_, i) =>
        insert.bind(
          name(i),
          id,
          workspace_id,
          i ? name(i - 1) : null,
          i % 2 ? "assistant" : "user",
          `“${i}”`.repeat(900),
          i,
        ),
      ),
    );
    const fork = await jsonOf<{ id: string }>(
      await call("POST", path(id, "/fork"), { token, json: { message_id: name(299) } }),
      201,
    );
    const copies = await messagesOf(token, fork.id);
    expect(copies.map(({ content }) => content)).toEqual(Array.from({ length: 300 }, (_, i) => `“${i}”`.repeat(900)));
    expect(copies.slice(1).map(({ parent_id }) => parent_id)).toEqual(copies.slice(0, -1).map(({ id }) => id));
  });

  it("waits for an answer that is being written, and knows nothing of strangers", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const running = await ask(token, id, { content: "Go", model: standIn("tokens=300&tokens_per_second=50&pause=20") });
    const { events, reader } = await readUntil(running, hasTwenty);
    const json = { message_id: String(events[0]?.data.message_id) };
    expect(await jsonOf(await call("POST", path(id, "/fork"), { token, json }), 409)).toMatchObject({
      code: "turn_in_progress",
    });
    await call("POST", path(id, "/stop"), { token });
    await reader.cancel();
    for (const stranger of await strangers(token)) {
      expect((await call("POST", path(id, "/fork"), { token: stranger, json })).status).toBe(404);
    }
    const other = await openConversation(token);
    expect((await call("POST", path(other, "/fork"), { token, json })).status).toBe(404);
  });
});

describe("deleting a branch", () => {
  it("takes all that is below, and shows the nearest leaf that is left", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    await say(token, id, "One", "A.");
    const [one, a] = await messagesOf(token, id);
    await say(token, id, "Two", "B.");
    const [, , two] = await messagesOf(token, id);
    await say(token, id, "Three", "C.", { parent_id: a?.id });
    const [, , , b, three, c] = await messagesOf(token, id);
    await cite(id, c?.id);
    expect(await headOf(token, id)).toBe(c?.id);
    const remove = (messageId: string | undefined) => call("DELETE", path(id, `/messages/${messageId}`), { token });
    expect((await remove(three?.id)).status).toBe(204);
    expect((await messagesOf(token, id)).map(({ id }) => id)).toEqual([one?.id, a?.id, two?.id, b?.id]);
    expect(await env.DB.prepare("SELECT * FROM citations").first()).toBeNull();
    expect(await headOf(token, id)).toBe(b?.id);
    expect((await remove(two?.id)).status).toBe(204);
    expect(await headOf(token, id)).toBe(a?.id);
    expect((await remove(two?.id)).status).toBe(404);
    expect((await remove(one?.id)).status).toBe(204);
    expect(await headOf(token, id)).toBeNull();
    await say(token, id, "Again", "D.");
    expect(await messagesOf(token, id)).toHaveLength(2);
  });

  it("leaves the shown branch alone where another goes", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    await say(token, id, "One", "A.");
    await say(token, id, "Other", "B.", { parent_id: null });
    const [one, , , b] = await messagesOf(token, id);
    expect((await call("DELETE", path(id, `/messages/${one?.id}`), { token })).status).toBe(204);
    expect(await headOf(token, id)).toBe(b?.id);
  });

  it("is refused while an answer is being written there, and to strangers", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    await say(token, id, "Zero", "A.");
    const running = await ask(token, id, { content: "Go", model: standIn("tokens=300&tokens_per_second=50&pause=20") });
    const { reader } = await readUntil(running, hasTwenty);
    const [zero] = await messagesOf(token, id);
    const target = path(id, `/messages/${zero?.id}`);
    expect(await jsonOf(await call("DELETE", target, { token }), 409)).toMatchObject({ code: "turn_in_progress" });
    await call("POST", path(id, "/stop"), { token });
    await reader.cancel();
    for (const stranger of await strangers(token)) {
      expect((await call("DELETE", target, { token: stranger })).status).toBe(404);
    }
    await (await call("GET", path(id, "/stream"), { token })).text();
    expect((await call("DELETE", target, { token })).status).toBe(204);
    expect(await messagesOf(token, id)).toEqual([]);
  });

  it("takes away an answer that says it is being written though nobody writes it", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    await say(token, id, "One", "A.");
    const [one, a] = await messagesOf(token, id);
    await leaveInD1(id);
    await env.DB.prepare("UPDATE messages SET status = 'running' WHERE id = ?").bind(a?.id).run();
    expect((await call("DELETE", path(id, `/messages/${one?.id}`), { token })).status).toBe(204);
  });
});

describe("deleting many conversations", () => {
  it("deletes one’s own and passes over the rest", async () => {
    const { token } = await signUp();
    const ids = [await openConversation(token), await openConversation(token)];
    const kept = await openConversation(token);
    for (const stranger of await strangers(token)) {
      const refused = await call("POST", "/api/v1/conversations/delete", { token: stranger, json: { ids } });
      expect(await jsonOf(refused, 200)).toEqual({ deleted: 0 });
    }
    const many = [...ids, "conv_unknown", ...Array.from({ length: 97 }, (_, i) => `conv_${i}`)];
    const done = await call("POST", "/api/v1/conversations/delete", { token, json: { ids: many } });
    expect(await jsonOf(done, 200)).toEqual({ deleted: 2 });
    await Promise.all(ids.map((id) => objectOf(id).erase(id)));
    const { data } = await jsonOf<{ data: { id: string }[] }>(
      await call("GET", "/api/v1/conversations", { token }),
      200,
    );
    expect(data.map(({ id }) => id)).toEqual([kept]);
    const tooMany = { ids: [...many, "conv_more"] };
    expect((await call("POST", "/api/v1/conversations/delete", { token, json: tooMany })).status).toBe(422);
    expect((await call("POST", "/api/v1/conversations/delete", { token, json: { ids: [] } })).status).toBe(422);
  });
});
