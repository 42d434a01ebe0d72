import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connect } from "../../db/client.ts";
import { inRuns } from "../../db/in-runs.ts";
import { citations, conversations, messages } from "../../db/schema/chat.ts";
import { signUp } from "../../testing/client.ts";
import type { ConversationRow } from "../queries.ts";
import { cited, leaveEmptyConversation, oldMessage } from "../testing/old-conversations.ts";
import { ask, type Event, eventsIn, openConversation, projected, usage } from "../testing/turns.ts";
import { type Watch, watchProjection } from "../testing/watched-database.ts";
import { projectionObject } from "./caught-up.ts";
import type { Projection } from "./projection.ts";

const db = () => connect(env.DB);
const writer = () => projectionObject({ env });
let watch: Watch;
let open = () => {};

beforeEach(async () => {
  watch = await watchProjection();
});

afterEach(() => {
  open();
  watch.end();
});

/** Has D1 take nothing more of what is handed over, until it is opened. */
function close(): void {
  const gate = Promise.withResolvers<void>();
  watch.gate = gate.promise;
  open = () => {
    watch.gate = null;
    gate.resolve();
  };
}

/** A conversation that has got a message, as its object says it. */
function projectionOf(conversation: ConversationRow, title: string, fields: Partial<Projection> = {}): Projection {
  const { id: conversationId, workspaceId, createdAt } = conversation;
  return {
    ...{ conversationId, since: Date.now(), conversation: { ...conversation, title } },
    messages: [oldMessage({ conversationId, workspaceId, parentId: null, role: "user", content: title, createdAt })],
    ...{ citations: [], removed: [], usage: [], events: [] },
    ...fields,
  };
}

/** Asks until there is room for the question, as clients do, and reads the answer. */
async function answerIn(token: string, id: string): Promise<Event[]> {
  for (;;) {
    const response = await ask(token, id, { content: `I am ${id}` });
    if (response.status !== 503) return eventsIn(await response.text());
    await response.body?.cancel();
  }
}

const titleOf = async ({ id }: ConversationRow) =>
  (await db().select().from(conversations).where(eq(conversations.id, id)))[0]?.title;

describe("what writes D1", () => {
  it("writes fifty conversations’ answers in ten batches at most, and no answer waits for it", async () => {
    const { token } = await signUp();
    const ids = await Promise.all(Array.from({ length: 50 }, () => openConversation(token)));
    await projected();
    const before = watch.batches;
    close();
    const answers: Event[][] = [];
    for (const some of inRuns(ids, 10)) answers.push(...(await Promise.all(some.map((id) => answerIn(token, id)))));
    expect(answers.map((events) => events.at(-1)?.event)).toEqual(ids.map(() => "done"));
    open();
    expect(await usage()).toHaveLength(50);
    expect((watch.batches - before) / ids.length).toBeLessThanOrEqual(0.2);
    const said = await db().select().from(messages).where(eq(messages.role, "user"));
    expect(said.map(({ content }) => content).toSorted()).toEqual(ids.map((id) => `I am ${id}`).toSorted());
    const answered = await db().select().from(messages).where(eq(messages.role, "assistant"));
    expect(answered.map(({ status }) => status)).toEqual(ids.map(() => "complete"));
  });

  it("writes what one conversation hands over in its order, however much there is, and twice without harm", async () => {
    const like = await openConversation((await signUp()).token);
    const rows = await Promise.all(Array.from({ length: 8 }, () => leaveEmptyConversation(like)));
    close();
    const stub = writer();
    const all = Array.from({ length: 40 }, (_, version) =>
      rows.map((row) => projectionOf(row, `${row.id}, ${version}`)),
    );
    // One message, whose text changes.
    const same = all.map((versions) =>
      versions.map((each, i) => ({
        ...each,
        messages: each.messages.map((message) => ({ ...message, id: `msg_of_${i}` })),
        citations: [{ ...cited(1), messageId: `msg_of_${i}` }],
      })),
    );
    const done = same.flat().flatMap((each) => [stub.project(each), stub.project(each)]);
    open();
    await Promise.all(done);
    for (const [i, row] of rows.entries()) {
      expect(await titleOf(row)).toBe(`${row.id}, 39`);
      expect(await db().select().from(messages).where(eq(messages.conversationId, row.id))).toMatchObject([
        { id: `msg_of_${i}`, content: `${row.id}, 39` },
      ]);
    }
    expect(await db().select().from(citations)).toHaveLength(rows.length);
  });

  it("writes all but what cannot be written, which alone fails", async () => {
    const like = await openConversation((await signUp()).token);
    const [first, good, poisoned, better] = await Promise.all(
      Array.from({ length: 4 }, () => leaveEmptyConversation(like)),
    );
    if (!first || !good || !poisoned || !better) throw new Error("There are four.");
    close();
    const stub = writer();
    // While this is written, the others come together.
    const ahead = stub.project(projectionOf(first, "First"));
    const broken = projectionOf(poisoned, "Broken");
    const rows = [good, poisoned, better].map((row) =>
      stub.project(
        row === poisoned
          ? {
              ...broken,
              messages: broken.messages.map((message) => ({ ...message, content: null as unknown as string })),
            }
          : projectionOf(row, "Good"),
      ),
    );
    const all = Promise.allSettled(rows);
    open();
    await ahead;
    expect((await all).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await Promise.all([good, better].map(titleOf))).toEqual(["Good", "Good"]);
    expect(await titleOf(poisoned)).not.toBe("Broken");
    // And goes on.
    await stub.project(projectionOf(poisoned, "Healed"));
    expect(await titleOf(poisoned)).toBe("Healed");
  });

  it("says when D1 has what was handed over, without waiting for what comes later", async () => {
    const like = await openConversation((await signUp()).token);
    const [one, two] = [await leaveEmptyConversation(like), await leaveEmptyConversation(like)];
    const stub = writer();
    const first = stub.project(projectionOf(one, "One"));
    await first;
    close();
    const held = stub.project(projectionOf(one, "One again"));
    const caughtUp = stub.caughtUp();
    const release = open;
    const later = stub.project(projectionOf(two, "Two"));
    await expect.poll(() => stub.lag()).toMatchObject({ waiting: 1 });
    release();
    close();
    await caughtUp;
    expect(await titleOf(one)).toBe("One again");
    expect(await titleOf(two)).not.toBe("Two");
    open();
    await Promise.all([held, later]);
    expect(await titleOf(two)).toBe("Two");
  });

  it("tells by how much D1 lies behind", async () => {
    const like = await openConversation((await signUp()).token);
    const row = await leaveEmptyConversation(like);
    const stub = writer();
    expect(await stub.lag()).toEqual({ waiting: 0, p50: 0, p99: 0 });
    await stub.project(projectionOf(row, "Late", { since: Date.now() - 60_000 }));
    const lag = await stub.lag();
    expect(lag.waiting).toBe(0);
    expect(lag.p99).toBeGreaterThanOrEqual(60_000);
  });
});
