import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { fileOf, settled, upload } from "../../knowledge/testing/documents.ts";
import { viewerOf } from "../../knowledge/viewer.ts";
import { createRuntime } from "../../platform/runtime.ts";
import { addMember, call, jsonOf, makeClone, signUp, workspaceOf } from "../../testing/client.ts";
import { eventually } from "../../testing/eventually.ts";
import { type Actor, type Context, jobContext } from "../../workspaces/context.ts";
import { ask, crash, messagesOf, openConversation, readUntil, standIn } from "../testing/turns.ts";
import { readBefore, readPlace } from "./history-queries.ts";
import type { TurnInput } from "./turn-input.ts";

function contextOf(actor: Actor): Context {
  return { ...jobContext(createRuntime(env), "test"), actor };
}

const userActor = (userId: string, workspaceId: string): Actor => ({
  kind: "user",
  userId,
  workspaceId,
  role: "owner",
  keyId: null,
  isSuperAdmin: false,
});

const nowhere = { id: undefined, parentId: undefined };

describe("what is read ahead of a question", () => {
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

  /** The place of a next question by what is read ahead, and what the object would find out later. */
  async function bothWays(actor: Actor, conversationId: string) {
    const ctx = contextOf(actor);
    const place = await readPlace(ctx, conversationId, nowhere);
    const head = place.talk?.conversation.headMessageId ?? null;
    const later = await readBefore(ctx.db, { conversationId, question: { parentId: head } } as TurnInput, {
      workspaceId,
      cloneId,
      viewer: viewerOf(actor, { workspaceId }),
    });
    return { place, head, later };
  }

  it("is what the turn would read itself, for whoever asks", async () => {
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
      const row = await env.DB.prepare("SELECT user_id, visitor_id FROM conversations WHERE id = ?")
        .bind(id)
        .first<{ user_id: string | null; visitor_id: string | null }>();
      const actor: Actor = row?.user_id
        ? userActor(row.user_id, workspace)
        : { kind: "visitor", visitorId: row?.visitor_id ?? "", workspaceId, cloneId };
      const { place, head, later } = await bothWays(actor, id);
      expect([...place.before.names.values()].toSorted()).toEqual(names);
      expect(place.before).toEqual(later);
      expect(place.before.history.map(({ content }) => content)).toContain("Second?");
      expect(place.under).toBe(head);
      expect(place.talk?.clone?.id).toBe(cloneId);
    }
  });

  it("is nothing of somebody else’s conversation, nor of a clone that is gone", async () => {
    const id = await openConversation(owner.token, { clone_id: cloneId });
    await (await ask(owner.token, id, { content: "A secret?" })).text();
    const stranger = await signUp("Stranger");
    const foreign = contextOf(userActor(stranger.userId, await workspaceOf(stranger.token)));
    expect(await readPlace(foreign, id, nowhere)).toEqual({
      talk: undefined,
      before: { history: [], summary: null, names: new Map() },
      under: null,
      known: undefined,
    });
    const [question] = await messagesOf(owner.token, id);
    const named = await readPlace(foreign, id, { id: undefined, parentId: question?.id });
    expect(named.before.history).toEqual([]);
    await call("DELETE", `/api/v1/clones/${cloneId}`, { token: owner.token });
    const { talk } = await readPlace(contextOf(userActor(owner.userId, workspaceId)), id, nowhere);
    expect(talk).toMatchObject({ clone: null, conversation: { id } });
  });

  it("is not taken for whole while the answer above it is being written", async () => {
    const id = await openConversation(owner.token);
    const actor = userActor(owner.userId, workspaceId);
    const stopped = standIn("fault=stall&after=3");
    const open = await ask(owner.token, id, { content: "Go on?", model: stopped });
    const { reader } = await readUntil(open, (events) => events.some(({ event }) => event === "token"));
    await call("POST", `/api/v1/conversations/${id}/stop`, { token: owner.token });
    while (!(await reader.read()).done);
    const [, answer] = await messagesOf(owner.token, id);
    expect((await readPlace(contextOf(actor), id, nowhere)).under).toBe(answer?.id);
    // Gone on with: its old words stand in D1 while the new ones are written.
    const going = await call("POST", `/api/v1/conversations/${id}/continue`, {
      token: owner.token,
      headers: { Accept: "text/event-stream" },
      json: { message_id: answer?.id },
    });
    const begun = await readUntil(going, (events) => events.some(({ event }) => event === "start"));
    await eventually(async () => expect((await messagesOf(owner.token, id))[1]?.status).toBe("running"));
    expect((await readPlace(contextOf(actor), id, nowhere)).under).toBeNull();
    await begun.reader.cancel();
    await crash(id);
  });
});
