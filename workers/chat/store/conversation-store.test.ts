import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { readCard } from "../../knowledge/clone-card.ts";
import { fileOf, settled, upload } from "../../knowledge/testing/documents.ts";
import { createRuntime } from "../../platform/runtime.ts";
import { addMember, call, jsonOf, makeClone, signUp, workspaceOf } from "../../testing/client.ts";
import { goOn, hasTwenty } from "../../testing/held-model.ts";
import { ask, messagesOf, objectOf, openConversation, readUntil, standIn, upstreamCalls } from "../testing/turns.ts";
import { ConversationStore } from "./conversation-store.ts";

/** What a conversation's object holds. */
function heldIn<T>(id: string, look: (store: ConversationStore) => T): Promise<T> {
  return runInDurableObject(objectOf(id), (_, { storage }) => {
    const store = ConversationStore.heldIn(storage);
    if (!store) throw new Error(`Nothing is held of ${id}.`);
    return look(store);
  });
}

describe("what stands before a question", () => {
  let owner: Awaited<ReturnType<typeof signUp>>;
  let cloneId: string;
  let slug: string;
  let workspaceId: string;

  beforeEach(async () => {
    owner = await signUp("Olga");
    workspaceId = await workspaceOf(owner.token);
    ({ id: cloneId, slug } = await makeClone(owner.token, { visibility: "public" }));
    for (const access of ["public", "members", "me"]) {
      const [file] = await upload(owner.token, cloneId, fileOf(`${access}.md`, `# ${access}\n\nOf ${access}.`));
      await settled(owner.token, file?.id ?? "");
      await jsonOf(await call("PATCH", `/api/v1/documents/${file?.id}`, { token: owner.token, json: { access } }), 200);
    }
  });

  it("is the branch above it, and the names of the documents that whoever asks may see", async () => {
    const member = await addMember({ workspaceId }, "member");
    const stranger = await signUp("Stranger");
    const theirs = await workspaceOf(stranger.token);
    const visit = await jsonOf<{ visitor_token: string }>(
      await call("POST", "/api/v1/visitors", { json: { clone: slug } }),
      201,
    );
    const expected = [
      { who: owner.token, names: ["me.md", "members.md", "public.md"], in: workspaceId },
      { who: member.token, names: ["members.md", "public.md"], in: workspaceId },
      { who: stranger.token, names: ["public.md"], in: theirs },
      { who: visit.visitor_token, names: ["public.md"], in: workspaceId },
    ];
    for (const { who, names, in: workspace } of expected) {
      const headers: Record<string, string> = who === visit.visitor_token ? {} : { "X-Workspace-Id": workspace };
      const { id } = await jsonOf<{ id: string }>(
        await call("POST", "/api/v1/conversations", { token: who, headers, json: { clone_id: cloneId } }),
        201,
      );
      for (const content of ["First?", "Second?"]) {
        const sent = { token: who, headers: { ...headers, Accept: "text/event-stream" }, json: { content } };
        await (await call("POST", `/api/v1/conversations/${id}/messages`, sent)).text();
      }
      const { data } = await jsonOf<{ data: { id: string; role: string; content: string }[] }>(
        await call("GET", `/api/v1/conversations/${id}/messages`, { token: who, headers }),
        200,
      );
      const { conversation, history, summary } = await heldIn(id, (store) => ({
        conversation: store.conversation,
        history: store.history(store.conversation.headMessageId),
        summary: store.summary,
      }));
      expect(history).toEqual(data.map(({ id, role, content }) => ({ id, role, content })));
      expect(history.map(({ content }) => content)).toContain("Second?");
      expect(summary).toBeNull();
      expect(conversation).toMatchObject({ cloneId, headMessageId: data.at(-1)?.id });
      const asker = conversation.userId
        ? { kind: "user" as const, userId: conversation.userId, workspaceId: workspace }
        : { kind: "visitor" as const };
      const { value } = await readCard(createRuntime(env), cloneId, asker);
      expect([...value.names.values()].toSorted()).toEqual(names);
      expect(value.clone?.id).toBe(cloneId);
    }
  });

  it("is nothing of somebody else’s conversation, nor of a clone that is gone", async () => {
    const id = await openConversation(owner.token, { clone_id: cloneId });
    await (await ask(owner.token, id, { content: "A secret?" })).text();
    const stranger = await signUp("Stranger");
    const foreign = { workspaceId: await workspaceOf(stranger.token), userId: stranger.userId };
    const [question] = await messagesOf(owner.token, id);
    expect(await objectOf(id).messages(id, foreign)).toBeUndefined();
    expect(await objectOf(id).branch(id, foreign, question?.id ?? "")).toBeUndefined();
    expect((await ask(stranger.token, id, { content: "What did she ask?" })).status).toBe(404);
    const own = await openConversation(stranger.token);
    const model = standIn("reply=Nothing.");
    expect((await ask(stranger.token, own, { content: "And this?", parent_id: question?.id, model })).status).toBe(404);
    expect(await upstreamCalls(model)).toEqual([]);
    await call("DELETE", `/api/v1/clones/${cloneId}`, { token: owner.token });
    expect((await ask(owner.token, id, { content: "Still there?" })).status).toBe(404);
    expect(await messagesOf(owner.token, id)).toHaveLength(2);
  });

  it("waits for the answer above it, and has that whole, however often it was gone on with", async () => {
    const id = await openConversation(owner.token);
    const slow = standIn("tokens=40&pause=20");
    const open = await ask(owner.token, id, { content: "Go on?", model: slow });
    const { reader } = await readUntil(open, hasTwenty);
    await call("POST", `/api/v1/conversations/${id}/stop`, { token: owner.token });
    while (!(await reader.read()).done);
    const [, stopped] = await messagesOf(owner.token, id);
    const going = await call("POST", `/api/v1/conversations/${id}/continue`, {
      token: owner.token,
      headers: { Accept: "text/event-stream" },
      json: { message_id: stopped?.id },
    });
    // Its old words stand there while the new ones are written.
    const begun = await readUntil(going, (events) => events.some(({ event }) => event === "token"));
    const next = standIn("reply=Yes.");
    const asked = { content: "And then?", model: next };
    expect((await ask(owner.token, id, asked)).status).toBe(409);
    const waiting = await ask(owner.token, id, { ...asked, queue: true });
    expect(await upstreamCalls(next)).toEqual([]);
    await goOn(slow);
    while (!(await begun.reader.read()).done);
    await waiting.text();
    const [, answer] = await messagesOf(owner.token, id);
    expect(answer?.status).toBe("complete");
    expect(answer?.content.startsWith(stopped?.content ?? "")).toBe(true);
    expect(answer?.content.length).toBeGreaterThan(stopped?.content.length ?? 0);
    const [told] = await upstreamCalls(next);
    expect(told?.body.messages.map(({ content }) => content)).toContain(answer?.content);
  });
});
