import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { call, jsonOf, makeClone, signUp } from "../../testing/client.ts";
import { ask, leaveInD1, messagesOf, openConversation, standIn, storedIn } from "../testing/turns.ts";

interface Imported {
  data: { id: string; title: string; messages: number; left_out: { what: string; count: number }[] }[];
}
const post = (token: string, json: unknown) => call("POST", "/api/v1/conversations/import", { token, json });
const bringIn = async (token: string, json: unknown) => (await jsonOf<Imported>(await post(token, json), 201)).data;
const exported = async (token: string, id: string) =>
  jsonOf<{ conversation: Record<string, unknown>; messages: Record<string, unknown>[] }>(
    await call("GET", `/api/v1/conversations/${id}/export`, { token }),
    200,
  );
const say = async (token: string, id: string, content: string, reply: string, more: Record<string, unknown> = {}) =>
  void (await (await ask(token, id, { content, model: standIn(`reply=${reply}`), ...more })).text());
const count = async (table: string) => (await env.DB.prepare(`SELECT count(*) AS n FROM ${table}`).first())?.n;

/** A tree's form without its ids. */
const shapeOf = (messages: { id?: unknown; parent_id?: unknown; role?: unknown; content?: unknown }[]) =>
  messages.map(({ role, content, parent_id }) => [role, content, messages.findIndex(({ id }) => id === parent_id)]);

const part = (role: string, parts: unknown[], more: Record<string, unknown> = {}) => ({
  id: "x",
  author: { role, name: null, metadata: {} },
  create_time: 1_700_000_000.25,
  content: { content_type: "text", parts },
  status: "finished_successfully",
  recipient: "all",
  metadata: { model_slug: "gpt-4o" },
  ...more,
});

/** What ChatGPT exports: hidden nodes at the top, a tool's work in the middle, an edited question, an image, a mark. */
const chatGpt = (fields: Record<string, unknown> = {}) => ({
  title: "Roses",
  create_time: 1_700_000_000.5,
  update_time: 1_700_000_900.5,
  conversation_id: "11111111-2222-3333-4444-555555555555",
  current_node: "tool2",
  mapping: {
    root: { id: "root", message: null, parent: null, children: ["sys"] },
    sys: { id: "sys", message: part("system", [""]), parent: "root", children: ["ctx"] },
    ctx: {
      id: "ctx",
      message: part("user", [], {
        content: { content_type: "user_editable_context", user_profile: "secret" },
        metadata: { is_visually_hidden_from_conversation: true },
      }),
      parent: "sys",
      children: ["q1", "q1b"],
    },
    q1: { id: "q1", message: part("user", ["Which roses?"]), parent: "ctx", children: ["call"] },
    call: {
      id: "call",
      message: part("assistant", [], { recipient: "web", content: { content_type: "code", text: "search()" } }),
      parent: "q1",
      children: ["a1"],
    },
    a1: {
      id: "a1",
      message: part("assistant", ["Let me look."]),
      parent: "call",
      children: ["tool"],
    },
    tool: { id: "tool", message: part("tool", ["found"]), parent: "a1", children: ["a2", "a2b"] },
    a2: {
      id: "a2",
      message: part("assistant", ["Old ones\ue200cite\ue202turn0search0\ue201."], { create_time: 1_700_000_010 }),
      parent: "tool",
      children: [],
    },
    a2b: {
      id: "a2b",
      message: part("assistant", ["New ones."], { create_time: 1_700_000_020 }),
      parent: "tool",
      children: [],
    },
    q1b: {
      id: "q1b",
      message: part(
        "user",
        [{ content_type: "image_asset_pointer", asset_pointer: "file-service://x" }, "What is this?"],
        { content: undefined, create_time: 1_700_000_030 },
      ),
      parent: "ctx",
      children: ["a3"],
    },
    a3: {
      id: "a3",
      message: part("assistant", ["A rose."], { create_time: 1_700_000_040, status: "in_progress" }),
      parent: "q1b",
      children: ["tool2"],
    },
    tool2: { id: "tool2", message: part("tool", ["x"]), parent: "a3", children: [] },
  } as Record<string, unknown>,
  ...fields,
});
const q1b = chatGpt().mapping.q1b as { message: { content: unknown } };
const withImage = () => {
  const file = chatGpt();
  const content = {
    content_type: "multimodal_text",
    parts: [{ content_type: "image_asset_pointer", asset_pointer: "file-service://x" }, "What is this?"],
  };
  file.mapping.q1b = { ...q1b, message: { ...q1b.message, content } };
  return file;
};

describe("bringing in our own export", () => {
  it("gives back the same tree with new ids, one’s own", async () => {
    const ada = await signUp("Ada");
    const clone = await makeClone(ada.token, { visibility: "public" });
    const id = await openConversation(ada.token, { title: "Plan", system_prompt: "Be brief.", clone_id: clone.id });
    await call("PUT", `/api/v1/conversations/${id}`, {
      token: ada.token,
      json: { pinned: true, folder: "Work", tags: ["a", "b"] },
    });
    await say(ada.token, id, "One", "A.");
    await say(ada.token, id, "Other", "B.", { parent_id: null });
    const tree = await messagesOf(ada.token, id);
    await leaveInD1(id);
    await env.DB.prepare(
      "INSERT INTO citations (message_id, idx, document_id, source, page, section, quote, relevance, start_offset, end_offset) VALUES (?, 1, 'doc_x', 'a.pdf', 3, NULL, 'A quote.', 0.5, 0, 8)",
    )
      .bind(tree[1]?.id ?? "")
      .run();
    await call("PUT", `/api/v1/conversations/${id}`, { token: ada.token, json: { head_message_id: tree[1]?.id } });
    const file = await exported(ada.token, id);
    const bob = await signUp("Bob");
    const [made] = await bringIn(bob.token, file);
    expect(made).toEqual({ id: expect.stringMatching(/^conv_/), title: "Plan", messages: 4, left_out: [] });
    const copy = await exported(bob.token, made?.id ?? "");
    expect(shapeOf(copy.messages)).toEqual(shapeOf(file.messages));
    expect(copy.conversation).toMatchObject({
      clone_id: clone.id,
      system_prompt: "Be brief.",
      pinned: true,
      folder: "Work",
      tags: ["a", "b"],
      model: null,
      head_message_id: copy.messages[1]?.id,
      created_at: file.conversation.created_at,
      updated_at: file.conversation.updated_at,
    });
    expect(copy.messages[1]).toMatchObject({
      model: null,
      turn_id: null,
      created_at: file.messages[1]?.created_at,
      citations: [{ index: 1, document_id: "", source: "a.pdf", page: 3, quote: "A quote.", relevance: 0.5 }],
    });
    const ids = new Set([...file.messages, file.conversation].map(({ id }) => id));
    expect([...copy.messages, copy.conversation].some(({ id }) => ids.has(id))).toBe(false);
    await say(bob.token, made?.id ?? "", "More", "C.");
    expect(await messagesOf(bob.token, made?.id ?? "")).toHaveLength(6);
    expect((await call("GET", `/api/v1/conversations/${made?.id}`, { token: ada.token })).status).toBe(404);
    expect((await exported(ada.token, id)).messages).toEqual(file.messages);
    // What was asked since goes out with it, and all of it goes.
    const grown = (await exported(bob.token, made?.id ?? "")).messages;
    expect(grown).toEqual([...copy.messages, ...grown.slice(-2)]);
    expect(grown.slice(-2).map(({ content }) => content)).toEqual(["More", "C."]);
    expect((await call("DELETE", `/api/v1/conversations/${made?.id}`, { token: bob.token })).status).toBe(204);
    expect((await call("GET", `/api/v1/conversations/${made?.id}/messages`, { token: bob.token })).status).toBe(404);
    expect(await storedIn(made?.id ?? "")).toEqual({});
    expect(await count("messages")).toBe(file.messages.length);
  });

  it("takes everything of an account, as a form’s file too", async () => {
    const { token } = await signUp();
    for (const title of ["A", "B", "C"]) await say(token, await openConversation(token, { title }), "Hello", "Hi.");
    const all = await (await call("GET", "/api/v1/conversations/export", { token })).text();
    const form = new FormData();
    form.set("file", new File([all], "conversations.json"));
    const eve = await signUp("Eve");
    const response = await call("POST", "/api/v1/conversations/import", { token: eve.token, body: form });
    const { data } = await jsonOf<Imported>(response, 201);
    expect(data.map(({ title, messages }) => [title, messages])).toEqual([
      ["A", 2],
      ["B", 2],
      ["C", 2],
    ]);
  });

  it("connects nothing to what the actor may not see", async () => {
    const ada = await signUp("Ada");
    const clone = await makeClone(ada.token);
    const id = await openConversation(ada.token, { clone_id: clone.id });
    await (await ask(ada.token, id, { content: "Hello" })).text();
    const file = await exported(ada.token, id);
    const eve = await signUp("Eve");
    const me = await jsonOf<{ user: { id: string }; workspaces: { id: string }[] }>(
      await call("GET", "/api/v1/me", { token: ada.token }),
      200,
    );
    Object.assign(file.conversation, { workspace_id: me.workspaces[0]?.id, user_id: ada.userId, model: "openai/x" });
    const [made] = await bringIn(eve.token, file);
    expect((await exported(eve.token, made?.id ?? "")).conversation).toMatchObject({ clone_id: null, model: null });
    const row = await env.DB.prepare("SELECT user_id FROM conversations WHERE id = ?").bind(made?.id).first();
    expect(row).toEqual({ user_id: eve.userId });

    const open = await makeClone(ada.token, { name: "Open", visibility: "public" });
    const { visitor_token: visitor } = await jsonOf<{ visitor_token: string }>(
      await call("POST", "/api/v1/visitors", { json: { clone: open.slug } }),
      201,
    );
    Object.assign(file.conversation, { system_prompt: "Obey me." });
    const refused = await call("POST", "/api/v1/conversations/import", { token: visitor, json: file });
    expect(refused.status).toBe(403);
    Object.assign(file.conversation, { system_prompt: null });
    const [theirs] = await bringIn(visitor, file);
    expect((await exported(visitor, theirs?.id ?? "")).conversation).toMatchObject({
      clone_id: open.id,
      system_prompt: null,
    });
    for (const token of [ada.token, eve.token]) {
      expect((await call("GET", `/api/v1/conversations/${theirs?.id}`, { token })).status).toBe(404);
    }
  });

  it("keeps text and times within what can be", async () => {
    const { token } = await signUp();
    const future = "2999-01-01T00:00:00.000Z";
    const message = { parent_id: null, role: "user", created_at: future };
    const [made] = await bringIn(token, {
      format: "understudy.conversation",
      version: 1,
      conversation: { title: "x\u0000\ud800".repeat(200), head_message_id: "nowhere", updated_at: future },
      messages: [
        { ...message, id: "b", parent_id: "a", role: "assistant", content: "two", status: "running", created_at: "x" },
        { ...message, id: "a", content: "one \u0000 \ud800 ’; DROP TABLE messages; --" },
      ],
    });
    const [one, two] = await messagesOf(token, made?.id ?? "");
    expect(one?.content).toBe("one  \ufffd ’; DROP TABLE messages; --");
    expect(two).toMatchObject({ content: "two", status: "interrupted", parent_id: one?.id });
    const { conversation } = await exported(token, made?.id ?? "");
    expect(conversation.head_message_id).toBe(two?.id);
    expect(Date.parse(String(conversation.updated_at))).toBeLessThanOrEqual(Date.now());
  });
});

describe("bringing in ChatGPT’s export", () => {
  it("keeps branches and times, and leaves out what nobody saw", async () => {
    const { token } = await signUp();
    const [made] = await bringIn(token, [withImage()]);
    expect(made).toMatchObject({ title: "Roses", messages: 5 });
    const { conversation, messages } = await exported(token, made?.id ?? "");
    expect(shapeOf(messages)).toEqual([
      ["user", "Which roses?", -1],
      ["assistant", "Let me look.\n\nOld ones.", 0],
      ["assistant", "Let me look.\n\nNew ones.", 0],
      ["user", "What is this?", -1],
      ["assistant", "A rose.", 3],
    ]);
    expect(messages[4]).toMatchObject({ status: "interrupted", created_at: "2023-11-14T22:14:00.000Z" });
    expect(conversation).toMatchObject({
      head_message_id: messages[4]?.id,
      created_at: "2023-11-14T22:13:20.500Z",
      updated_at: "2023-11-14T22:28:20.500Z",
    });
    await say(token, made?.id ?? "", "And this?", "A thorn.");
    expect((await messagesOf(token, made?.id ?? "")).at(-2)).toMatchObject({ parent_id: messages[4]?.id });
  });

  it("keeps what was said aloud, written on a canvas or run as code, and says what it left out", async () => {
    const { token } = await signUp();
    const said = (text: string) => ({ content_type: "audio_transcription", text, direction: "in" });
    const content = (content_type: string, more: object) => ({ content_type, ...more });
    const canvas = { name: "Poem", type: "document", content: "The tide comes in at nine." };
    const script = { name: "Sum", type: "code/python", content: "print(1)" };
    const steps = [
      part("user", [], {
        content: content("multimodal_text", {
          parts: [said("How far is the moon?"), { content_type: "audio_asset_pointer" }],
        }),
      }),
      part("assistant", [], { content: content("thoughts", { thoughts: [{ content: "Hm." }] }) }),
      part("assistant", [], {
        recipient: "canmore.create_textdoc",
        content: content("code", { language: "json", text: JSON.stringify(canvas) }),
      }),
      part("tool", ["Successfully created text document"]),
      part("assistant", [JSON.stringify(script)], { recipient: "canmore.create_textdoc" }),
      part("assistant", [], {
        recipient: "python",
        content: content("code", { language: "unknown", text: "print(2)" }),
      }),
      part("tool", [], { content: content("execution_output", { text: "2" }) }),
      part("assistant", ["About 384,000 kilometres."]),
      part("user", ["And this?"], { metadata: { attachments: [{ name: "a.pdf" }] } }),
      part("assistant", ["A file."]),
    ];
    const nodes = steps.map((message, i) => [`n${i}`, { message, parent: i === 0 ? null : `n${i - 1}` }]);
    const [made] = await bringIn(token, [{ title: "Moon", mapping: Object.fromEntries(nodes), current_node: "n9" }]);
    expect((await messagesOf(token, made?.id ?? "")).map(({ role, content }) => [role, content])).toEqual([
      ["user", "How far is the moon?"],
      [
        "assistant",
        "**Poem**\n\nThe tide comes in at nine.\n\n**Sum**\n\n```python\nprint(1)\n```\n\n```python\nprint(2)\n```\n\n```\n2\n```\n\nAbout 384,000 kilometres.",
      ],
      ["user", "And this?"],
      ["assistant", "A file."],
    ]);
    expect(made?.left_out).toEqual([
      { what: "thoughts", count: 1 },
      { what: "work of tools", count: 1 },
      { what: "pictures and files", count: 1 },
    ]);
  });

  it("refuses a message that is too long alone, and says so", async () => {
    const { token } = await signUp();
    const long = "x".repeat(400_001);
    const file = chatGpt();
    file.mapping.a2 = { message: part("assistant", [long]), parent: "q1" };
    const [theirs] = await bringIn(token, [file]);
    const message = (id: string, parent_id: string | null, role: string, content: string) => ({
      id,
      parent_id,
      role,
      content,
    });
    const messages = [message("a", null, "user", "Why?"), message("b", "a", "assistant", long)];
    const [ours] = await bringIn(token, { format: "understudy.conversation", version: 1, conversation: {}, messages });
    for (const made of [theirs, ours]) {
      const kept = await messagesOf(token, made?.id ?? "");
      expect(kept.filter(({ content }) => /more than 400,000 characters stood here/.test(content))).toHaveLength(1);
      expect(made?.left_out).toContainEqual({ what: "messages of more than 400,000 characters", count: 1 });
    }
  });

  it("takes thousands of messages in few statements", async () => {
    const { token } = await signUp();
    const files = Array.from({ length: 150 }, (_, i) => chatGpt({ title: `Number ${i}` }));
    const parse = vi.spyOn(JSON, "parse");
    const data = await bringIn(token, files);
    // The file is read elsewhere: what is parsed where answers are written is a conversation's size at most.
    const longest = Math.max(...parse.mock.calls.map(([text]) => String(text).length));
    parse.mockRestore();
    expect(longest).toBeLessThan(JSON.stringify(files).length / 10);
    expect(data).toHaveLength(150);
    expect(await count("conversations")).toBe(150);
    expect(await count("messages")).toBe(150 * (data[0]?.messages ?? 0));
  });
});

describe("files that are none", () => {
  const own = (messages: unknown[], conversation: object = {}) => ({
    format: "understudy.conversation",
    version: 1,
    conversation,
    messages,
  });
  const node = (id: string, parent_id: string | null, content: unknown = "x") => ({
    id,
    parent_id,
    role: "user",
    content,
  });
  it.each([
    ["a number", 5, /neither/],
    ["null", null, /neither/],
    ["an empty object", {}, /neither/],
    ["a list of other things", [1, 2], /neither/],
    ["a newer version", { ...own([]), version: 2 }, /newer/],
    ["a circle", own([node("a", "b"), node("b", "a")]), /circle/],
    ["a lost parent", own([node("a", "b")]), /not there/],
    ["the same id twice", own([node("a", null), node("a", null)]), /same id/],
    ["a message without text", own([node("a", null, null)]), /messages\.0\.content/],
    ["a message that is too long", own([node("a", null, "x".repeat(400_001))]), /400,000/],
    ["too many messages", own(Array.from({ length: 2001 }, (_, i) => node(String(i), null))), /2000/],
    ["a tree of the wrong kind", [chatGpt(), chatGpt({ mapping: [] })], /1\.mapping/],
    ["a circle of ChatGPT’s", [chatGpt({ mapping: { a: { parent: "b" }, b: { parent: "a" } } })], /circle/],
    ["too many conversations", Array.from({ length: 2001 }, () => ({ mapping: {} })), /2000/],
  ])("%s is refused with a reason, and nothing is stored", async (_name, file, reason) => {
    const { token } = await signUp();
    const problem = await jsonOf<{ detail: string; code: string }>(await post(token, file), 422);
    expect(problem.code).toBe("validation_failed");
    expect(problem.detail).toMatch(reason);
    expect(await count("conversations")).toBe(0);
  });

  it("that are cut off, packed, too large or not there are told apart", async () => {
    const { token } = await signUp();
    const send = (body: BodyInit, type = "application/json") =>
      call("POST", "/api/v1/conversations/import", { token, body, headers: { "Content-Type": type } });
    expect(await jsonOf(await send('[{"mapping": {'), 400)).toMatchObject({ code: "malformed_request" });
    expect(await jsonOf(await send("PK\u0003\u0004"), 415)).toMatchObject({ code: "unsupported_media_type" });
    expect(await jsonOf(await send(" ".repeat(20_000_001)), 413)).toMatchObject({ code: "payload_too_large" });
    const { readable, writable } = new IdentityTransformStream();
    const feed = async () => {
      const writer = writable.getWriter();
      for (let i = 0; i < 21; i++) await writer.write(new Uint8Array(1_000_000).fill(32));
      await writer.close();
    };
    feed().catch(() => {});
    expect(await jsonOf(await send(readable), 413)).toMatchObject({ code: "payload_too_large" });
    const empty = await call("POST", "/api/v1/conversations/import", { token, body: new FormData() });
    expect(await jsonOf(empty, 422)).toMatchObject({ errors: [{ path: "file" }] });
    expect((await call("POST", "/api/v1/conversations/import", { token })).status).toBe(422);
    expect((await call("POST", "/api/v1/conversations/import", { json: [] })).status).toBe(401);
    expect(await bringIn(token, [])).toEqual([]);
    expect(
      await bringIn(token, JSON.parse('[{"mapping": {"__proto__": {"message": null, "parent": null}}}]')),
    ).toHaveLength(1);
  });
});
