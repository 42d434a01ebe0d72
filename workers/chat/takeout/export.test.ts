import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { call, jsonOf, makeClone, signUp } from "../../testing/client.ts";
import { hasTwenty } from "../../testing/held-model.ts";
import { ask, leaveInD1, messagesOf, openConversation, readUntil, standIn } from "../testing/turns.ts";
import { attachment } from "./export-filename.ts";
import { writeMarkdown } from "./write-markdown.ts";

const exported = (token: string, id: string, format?: string) =>
  call("GET", `/api/v1/conversations/${id}/export${format ? `?format=${format}` : ""}`, { token });
const say = async (token: string, id: string, content: string, reply: string, more: Record<string, unknown> = {}) =>
  void (await (
    await ask(token, id, { content, model: standIn(`reply=${encodeURIComponent(reply)}`), ...more })
  ).text());

async function rewrite(conversation: string, id: string | undefined, content: string): Promise<void> {
  await leaveInD1(conversation);
  await env.DB.prepare("UPDATE messages SET content = ? WHERE id = ?")
    .bind(content, id ?? "")
    .run();
}

/** A conversation with two branches and a citation; the first branch is not the one shown. */
async function garden(token: string) {
  const id = await openConversation(token, { title: "Garden / “roses” *" });
  await say(token, id, "Which roses?", "Old ones.");
  await say(token, id, "When to prune?", "In winter.", { parent_id: null });
  const tree = await messagesOf(token, id);
  await rewrite(id, tree[3]?.id, "In **winter** [1].");
  await env.DB.prepare(
    "INSERT INTO citations (message_id, idx, document_id, source, page, section, quote, relevance, start_offset, end_offset) VALUES (?, 1, 'doc_x', 'how_to [prune](http://x).pdf', 3, 'Seasons', 'Prune in\nwinter.', 0.5, 10, 26)",
  )
    .bind(tree[3]?.id ?? "")
    .run();
  return { id, tree: await messagesOf(token, id) };
}

describe("exporting a conversation", () => {
  it("as JSON gives the whole tree", async () => {
    const { token } = await signUp();
    const { id, tree } = await garden(token);
    const response = await exported(token, id);
    expect(response.headers.get("Content-Type")).toBe("application/json");
    expect(response.headers.get("Content-Disposition")).toMatch(/^attachment; filename="Garden roses\.json"/);
    const body = await jsonOf<{ conversation: object; messages: object[] }>(response, 200);
    const conversation = await jsonOf(await call("GET", `/api/v1/conversations/${id}`, { token }), 200);
    expect(body).toMatchObject({ format: "understudy.conversation", version: 1, conversation });
    expect(body.messages).toEqual(tree);
  });

  it("as Markdown gives the shown branch, its sources numbered below", async () => {
    const { token } = await signUp();
    const { id } = await garden(token);
    const response = await exported(token, id, "markdown");
    expect(response.headers.get("Content-Type")).toBe("text/markdown; charset=utf-8");
    expect(response.headers.get("Content-Disposition")).toContain(".md");
    const text = await response.text();
    expect(text).toMatch(/^# Garden \/ “roses” \\\*\n/);
    expect(text).not.toContain("Old ones.");
    expect(text).toMatch(/\*\*You\*\* · \d{4}-\d\d-\d\d \d\d:\d\d UTC\n\nWhen to prune\?/);
    expect(text).toContain(
      "In **winter** [1].\n\nSources:\n\n1. how\\_to \\[prune\\](http://x).pdf, page 3, Seasons: “Prune in winter.”",
    );
  });

  it("as PDF gives pages with the same, in any script it has letters for", async () => {
    const { token } = await signUp();
    const id = await openConversation(token, { title: "Žlutý kůň → 日本" });
    await say(token, id, "Ελλάδα?", "Yes.");
    const written = `# Title\n\n- Привет ✓\n- 日本 😀\n\n${"word ".repeat(3000)}\n\n${"x".repeat(5000)}`;
    await rewrite(id, (await messagesOf(token, id))[1]?.id, written);
    const response = await exported(token, id, "pdf");
    expect(response.headers.get("Content-Type")).toBe("application/pdf");
    const bytes = new Uint8Array(await response.arrayBuffer());
    expect(new TextDecoder().decode(bytes.slice(0, 5))).toBe("%PDF-");
    const { extractText, getDocumentProxy } = await import("unpdf");
    const { totalPages, text } = await extractText(await getDocumentProxy(bytes), { mergePages: true });
    expect(totalPages).toBeGreaterThan(5);
    for (const part of [
      "Žlutý kůň → ▯▯",
      "Ελλάδα?",
      "• Привет ✓",
      "You",
      "Assistant",
      `1 / ${totalPages}`,
      "stands for a character",
    ]) {
      expect(text.replace(/\s+/g, " ")).toContain(part);
    }
  });

  it("says of an answer that it is not whole", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const running = await ask(token, id, { content: "Go", model: standIn("tokens=300&tokens_per_second=50&pause=20") });
    const { reader } = await readUntil(running, hasTwenty);
    while ((await messagesOf(token, id)).length < 2) await scheduler.wait(5);
    const { messages } = await jsonOf<{ messages: { status: string; content: string }[] }>(
      await exported(token, id),
      200,
    );
    expect(messages[1]).toMatchObject({ status: "running", content: expect.stringMatching(/^You asked/) });
    await call("POST", `/api/v1/conversations/${id}/stop`, { token });
    await reader.cancel();
    await (await call("GET", `/api/v1/conversations/${id}/stream`, { token })).text();
    expect(await (await exported(token, id, "markdown")).text()).toContain("*This answer was stopped.*");
  });

  it("of nothing yet is a title alone, in each form", async () => {
    const { token } = await signUp();
    const id = await openConversation(token, { title: "Empty" });
    expect(await (await exported(token, id, "markdown")).text()).toMatch(/^# Empty\n\n\d{4}[^\n]*\n$/);
    expect((await exported(token, id, "pdf")).status).toBe(200);
    expect((await exported(token, id, "docx")).status).toBe(422);
  });

  it("is not for strangers", async () => {
    const { token } = await signUp();
    const { slug } = await makeClone(token, { visibility: "public" });
    const { id } = await garden(token);
    const eve = (await signUp("Eve")).token;
    const visitor = await jsonOf<{ visitor_token: string }>(
      await call("POST", "/api/v1/visitors", { json: { clone: slug } }),
      201,
    );
    for (const stranger of [eve, visitor.visitor_token]) {
      for (const format of ["json", "markdown", "pdf"]) expect((await exported(stranger, id, format)).status).toBe(404);
      const all = await jsonOf<{ conversations: unknown[] }>(
        await call("GET", "/api/v1/conversations/export", { token: stranger }),
        200,
      );
      expect(all.conversations).toEqual([]);
    }
    expect((await call("GET", "/api/v1/conversations/export")).status).toBe(401);
  });
});

describe("exporting everything", () => {
  it("gives all one’s conversations in one file", async () => {
    const { token } = await signUp();
    const { id, tree } = await garden(token);
    const others = await Promise.all(Array.from({ length: 60 }, () => openConversation(token)));
    const response = await call("GET", "/api/v1/conversations/export", { token });
    expect(response.headers.get("Content-Disposition")).toMatch(/^attachment; filename="conversations\.json"/);
    const body = await jsonOf<{ conversations: { conversation: { id: string }; messages: object[] }[] }>(response, 200);
    expect(body).toMatchObject({ format: "understudy.conversations", version: 1 });
    expect(body.conversations).toHaveLength(61);
    expect(new Set(body.conversations.map(({ conversation }) => conversation.id))).toEqual(new Set([id, ...others]));
    expect(body.conversations[0]?.messages).toEqual(tree);
  });
});

describe("the name of a download", () => {
  it.each([
    ["Plan", `attachment; filename="Plan.pdf"; filename*=UTF-8''Plan.pdf`],
    ['a"b\r\nX-Evil: 1', `attachment; filename="a b X-Evil 1.pdf"; filename*=UTF-8''a%20b%20X-Evil%201.pdf`],
    ["../../etc/passwd", `attachment; filename="etc passwd.pdf"; filename*=UTF-8''etc%20passwd.pdf`],
    ["日本", `attachment; filename="conversation.pdf"; filename*=UTF-8''%E6%97%A5%E6%9C%AC.pdf`],
    ["\ud800\u202e", `attachment; filename="conversation.pdf"`],
    ["", `attachment; filename="conversation.pdf"; filename*=UTF-8''conversation.pdf`],
  ])("%j is safe", (title, header) => {
    expect(attachment(title, "pdf").startsWith(header)).toBe(true);
    expect(() => new Headers({ "Content-Disposition": attachment(title, "pdf") })).not.toThrow();
  });
});

it("a hostile name cannot make Markdown of itself", () => {
  const entry = { role: "assistant" as const, name: "<b>*x*", at: "2026-01-02T03:04:05.000Z", text: "Hi", note: null };
  const text = writeMarkdown({
    title: "a\n# b",
    createdAt: entry.at,
    model: null,
    entries: [{ ...entry, sources: [] }],
  });
  expect(text).toBe("# a \\# b\n\n2026-01-02 03:04 UTC\n\n---\n\n**\\<b\\>\\*x\\*** · 2026-01-02 03:04 UTC\n\nHi\n");
});
