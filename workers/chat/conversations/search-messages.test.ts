import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { call, jsonOf, makeClone, signUp } from "../../testing/client.ts";
import type { FoundMessage } from "../contract.ts";
import { ask, leaveInD1, messagesOf, objectOf, openConversation, standIn } from "../testing/turns.ts";

const search = async (token: string, query: string, limit?: number) =>
  (
    await jsonOf<{ data: FoundMessage[]; next_cursor: null }>(
      await call("POST", "/api/v1/conversations/search", { token, json: { query, limit } }),
      200,
    )
  ).data;
const say = async (token: string, id: string, content: string, reply: string) =>
  void (await (await ask(token, id, { content, model: standIn(`reply=${encodeURIComponent(reply)}`) })).text());
const found = ({ snippet, matches }: FoundMessage) => matches.map(({ start, end }) => snippet.slice(start, end));

describe("searching one’s own messages", () => {
  it("finds words in questions and answers, with the found parts marked", async () => {
    const { token } = await signUp();
    const id = await openConversation(token, { title: "Gardens" });
    await say(token, id, "When do I prune roses?", "Prune them late in winter,\n\nbefore the buds swell.");
    const rows = await search(token, "prune");
    expect(rows.map(({ role }) => role).sort()).toEqual(["assistant", "user"]);
    for (const row of rows) expect(found(row).map((part) => part.toLowerCase())).toEqual(["prune"]);
    const [answer] = await search(token, "bud WINTERS");
    expect(answer).toMatchObject({
      conversation_id: id,
      title: "Gardens",
      message_id: (await messagesOf(token, id))[1]?.id,
      role: "assistant",
      snippet: "Prune them late in winter, before the buds swell.",
    });
    expect(answer && found(answer)).toEqual(["winter", "buds"]);
    expect(await search(token, "swel")).toHaveLength(1);
    expect(await search(token, "prune tomatoes")).toEqual([]);
    expect(await search(token, "prune", 1)).toHaveLength(1);
  });

  it("knows letters with accents, and scripts without spaces", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    await say(token, id, "Où est le café ?", "東京の天気は晴れです。");
    expect(await search(token, "cafe")).toHaveLength(1);
    const [weather] = await search(token, "天気");
    expect(weather && found(weather)).toEqual(["天気"]);
    expect(await search(token, "天気 café")).toEqual([]);
    expect(await search(token, "雨")).toEqual([]);
  });

  it("keeps in step with what is written, forked and deleted", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    await say(token, id, "Zebra?", "Stripes.");
    const [question, answer] = await messagesOf(token, id);
    await leaveInD1(id);
    await env.DB.prepare("UPDATE messages SET content = 'Spots.' WHERE id = ?").bind(answer?.id).run();
    expect(await search(token, "stripes")).toEqual([]);
    expect(await search(token, "spots")).toHaveLength(1);
    await call("POST", `/api/v1/conversations/${id}/fork`, { token, json: { message_id: answer?.id } });
    expect(await search(token, "spots")).toHaveLength(2);
    await call("DELETE", `/api/v1/conversations/${id}/messages/${question?.id}`, { token });
    expect(await search(token, "zebra")).toHaveLength(1);
    const { data } = await jsonOf<{ data: { id: string }[] }>(
      await call("GET", "/api/v1/conversations", { token }),
      200,
    );
    await call("POST", "/api/v1/conversations/delete", { token, json: { ids: data.map(({ id }) => id) } });
    expect(await search(token, "zebra")).toEqual([]);
    await Promise.all(data.map(({ id }) => objectOf(id).erase(id)));
    await env.DB.exec("INSERT INTO message_search (message_search, rank) VALUES ('integrity-check', 1)");
  });

  it("shows nobody anything of anybody else", async () => {
    const ada = await signUp("Ada");
    const clone = await makeClone(ada.token, { visibility: "public" });
    const elsewhere = await makeClone(ada.token, { name: "Elsewhere", visibility: "public" });
    const visitor = async (slug: string) =>
      (await jsonOf<{ visitor_token: string }>(await call("POST", "/api/v1/visitors", { json: { clone: slug } }), 201))
        .visitor_token;
    const [first, second, other] = [
      await visitor(clone.slug),
      await visitor(clone.slug),
      await visitor(elsewhere.slug),
    ];
    const own = await openConversation(ada.token);
    await say(ada.token, own, "A secret of mine", "Kept.");
    const theirs = await openConversation(first);
    await (await ask(first, theirs, { content: "A secret of theirs" })).text();
    expect((await search(ada.token, "secret")).map(({ conversation_id }) => conversation_id)).toEqual([own]);
    expect(new Set((await search(first, "secret")).map(({ conversation_id }) => conversation_id))).toEqual(
      new Set([theirs]),
    );
    for (const token of [second, other, (await signUp("Eve")).token]) expect(await search(token, "secret")).toEqual([]);
    for (const query of ['secret" OR workspace_id : "ws', "mine OR theirs", "workspace_id:ws"]) {
      expect(await search(second, query)).toEqual([]);
    }
  });

  it.each([
    "",
    "   ",
    "\u0000",
    '"',
    "'; DROP TABLE messages; --",
    "NEAR(a b",
    "AND OR NOT",
    "a* b^ {x} : -y",
    "(((",
    "😀🎉",
    "\ud800 lone",
    "𞤀𞤣𞤤𞤢𞤥",
    "ﷺ ½ ² ٣",
    "a ".repeat(240),
    "x".repeat(500),
    "天".repeat(500),
    "\u0301\u0301",
    "%_%",
  ])("takes %j without complaint", async (query) => {
    const { token } = await signUp();
    const id = await openConversation(token);
    await say(token, id, "Hello lone ½ world", "Hi.");
    expect(Array.isArray(await search(token, query))).toBe(true);
  });

  it("refuses what is no query", async () => {
    const { token } = await signUp();
    for (const json of [{}, { query: 5 }, { query: "x".repeat(501) }, { query: "x", limit: 1000 }]) {
      expect((await call("POST", "/api/v1/conversations/search", { token, json })).status).toBe(422);
    }
  });
});
