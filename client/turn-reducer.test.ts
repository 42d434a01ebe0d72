import { describe, expect, it } from "vitest";
import type { Citation } from "../workers/chat/contract.ts";
import { branchOf } from "./message-tree.ts";
import { draftMessage, type TurnEvent } from "./turn-events.ts";
import { nothingSaid, type TurnAction, type TurnState, turnReducer } from "./turn-reducer.ts";
import type { Waiting } from "./waiting.ts";

const question = draftMessage("user", { id: "msg_q", content: "Why?" });

const citation: Citation = {
  index: 1,
  document_id: "doc_1",
  source: "notes.pdf",
  page: 3,
  section: null,
  quote: "Because.",
  relevance: 0.9,
  start: 10,
  end: 18,
};

const start: TurnEvent = {
  id: "1",
  event: "start",
  data: { turn_id: "turn_1", message_id: "msg_a", user_message_id: "msg_q", model: "offline/extractive", offset: 0 },
};
const cite: TurnEvent = { id: "2", event: "citation", data: citation };
const token = (id: number, content: string): TurnEvent => ({
  id: String(id),
  event: "token",
  data: { content, finish_reason: null },
});
const done: TurnEvent = {
  id: "9",
  event: "done",
  data: {
    finish_reason: "stop",
    dropped_citations: 0,
    usage: { prompt_tokens: 5, completion_tokens: 2, cached_tokens: null, reasoning_tokens: null },
    cost: { micro_credits: 0 },
    message_id: "msg_a",
  },
};

const run = (actions: TurnAction[], from: TurnState = nothingSaid) => actions.reduce(turnReducer, from);
const asked: TurnAction = { kind: "asked", message: question };
const receive = (...events: TurnEvent[]): TurnAction => ({ kind: "received", events });
const answer = (state: TurnState) => state.messages.find(({ id }) => id === "msg_a");

describe("a turn from its question to its end", () => {
  const state = run([asked, receive(start, cite, token(3, "Be"), token(4, "cause [1]")), receive(done)]);

  it("holds the answer once, with its citation", () => {
    expect(answer(state)).toMatchObject({ content: "Because [1]", status: "complete", model: "offline/extractive" });
    expect(answer(state)?.citations).toEqual([citation]);
  });

  it("shows the branch that it made", () => {
    expect(branchOf(state.messages, state.head).map(({ id }) => id)).toEqual(["msg_q", "msg_a"]);
    expect(state.live).toBeNull();
  });
});

describe("a stream that was lost and resumed", () => {
  it("skips what was already seen", () => {
    const state = run([
      asked,
      receive(start, token(3, "Be")),
      { kind: "lost" },
      { kind: "attached", turnId: null },
      receive(token(3, "Be"), token(4, "cause"), done),
    ]);
    expect(answer(state)?.content).toBe("Because");
  });

  it("compares event ids as numbers", () => {
    const state = run([asked, receive(start, token(9, "nine "), token(10, "ten"))]);
    expect(answer(state)?.content).toBe("nine ten");
  });

  it("tells the answer again from its start after a reload in the middle of it", () => {
    const stored = draftMessage("assistant", { id: "msg_a", parent_id: "msg_q", content: "Be", citations: [citation] });
    const reloaded = run([{ kind: "loaded", messages: [question, stored], head: null, waiting: [] }]);
    expect(reloaded.live).toEqual({
      phase: "reconnecting",
      turnId: null,
      messageId: "msg_a",
      awaited: 1,
      place: null,
      lastEventId: null,
    });
    const state = run([receive(start, cite, token(3, "Be"), token(4, "cause"), done)], reloaded);
    expect(answer(state)?.content).toBe("Because");
    expect(answer(state)?.citations).toHaveLength(1);
  });

  it("says that it is reconnecting only while it is", () => {
    const lost = run([asked, receive(start), { kind: "lost" }]);
    expect(lost.live?.phase).toBe("reconnecting");
    expect(run([receive(token(3, "x"))], lost).live?.phase).toBe("streaming");
  });
});

describe("ends that are not the usual one", () => {
  it("keeps what was said when it is stopped", () => {
    const stopped: TurnEvent = { ...done, data: { ...done.data, finish_reason: "stopped" } } as TurnEvent;
    const state = run([asked, receive(start, token(3, "Be")), { kind: "stopping" }, receive(token(4, "c"), stopped)]);
    expect(answer(state)).toMatchObject({ content: "Bec", status: "stopped" });
  });

  it("stays “stopping” while the last words still come in", () => {
    const state = run([asked, receive(start), { kind: "stopping" }, receive(token(3, "x"))]);
    expect(state.live?.phase).toBe("stopping");
  });

  it("keeps what was said when the model fails, and says why", () => {
    const error: TurnEvent = {
      id: "5",
      event: "error",
      data: { error: "The model cannot be reached.", code: "MODEL_UNAVAILABLE", message_id: "msg_a" },
    };
    const state = run([asked, receive(start, token(3, "Be"), error)]);
    expect(answer(state)).toMatchObject({ content: "Be", status: "failed" });
    expect(state.failure?.detail).toBe("The model cannot be reached.");
    expect(state.live).toBeNull();
  });

  it("can take back a question that was never sent", () => {
    const problem = { status: 0, code: "offline", detail: "Off line.", errors: [], retryAfterSeconds: null };
    const failed = run([asked, { kind: "failed", problem }]);
    const state = run([{ kind: "withdrawn", messageId: "msg_q" }], failed);
    expect(state).toEqual(nothingSaid);
  });
});

describe("an answer that is continued", () => {
  const cut = draftMessage("assistant", {
    id: "msg_a",
    parent_id: "msg_q",
    content: "Half ",
    status: "interrupted",
    citations: [citation],
  });
  const further = { ...start, data: { ...start.data, turn_id: "turn_2", offset: 5 } } as TurnEvent;

  it("keeps what stood before", () => {
    const state = run([
      { kind: "loaded", messages: [question, cut], head: null, waiting: [] },
      { kind: "answering", messageId: "msg_a" },
      receive(further, token(3, "and half"), done),
    ]);
    expect(answer(state)).toMatchObject({ content: "Half and half", status: "complete" });
    expect(answer(state)?.citations).toHaveLength(1);
  });

  it("is whole after a reload in the middle of that, too", () => {
    const stored = { ...cut, content: "Half and", status: "running" as const };
    const state = run([
      { kind: "loaded", messages: [question, stored], head: null, waiting: [] },
      receive(further, token(3, "and"), token(4, " half"), done),
    ]);
    expect(answer(state)?.content).toBe("Half and half");
  });
});

describe("events that this client does not know", () => {
  it("are skipped, and the stream goes on behind them", () => {
    const unknown = { id: "3", event: "applause", data: {} } as unknown as TurnEvent;
    const state = run([asked, receive(start, unknown, token(4, "ok"))]);
    expect(answer(state)?.content).toBe("ok");
    expect(state.live?.lastEventId).toBe("4");
  });

  it("change nothing but where the stream goes on", () => {
    const unknown = { id: "3", event: "applause", data: { content: "x", message_id: "msg_a" } } as unknown as TurnEvent;
    const before = run([asked, receive(start, cite)]);
    const { live, ...rest } = run([receive(unknown)], before);
    expect({ ...rest, live: { ...live, lastEventId: "2" } }).toEqual(before);
  });
});

describe("another answer to the same question", () => {
  it("takes the place of the first, which stays as a sibling", () => {
    const first = run([asked, receive(start, token(3, "Old"), done)]);
    const again: TurnEvent = {
      id: "10",
      event: "start",
      data: { turn_id: "turn_2", message_id: "msg_b", user_message_id: "msg_q", model: "m", offset: 0 },
    };
    const state = run(
      [{ kind: "answering", messageId: null, parentId: "msg_q" }, receive(again, token(11, "New"))],
      first,
    );
    expect(branchOf(state.messages, state.head).map(({ content }) => content)).toEqual(["Why?", "New"]);
    const back = run([{ kind: "chosen", messageId: "msg_a" }], state);
    expect(branchOf(back.messages, back.head).map(({ content }) => content)).toEqual(["Why?", "Old"]);
  });

  it("leaves the first in its place where it is refused", () => {
    const first = run([asked, receive(start, token(3, "Old"), done)]);
    const problem = { status: 503, code: "model_unavailable", detail: "Away.", errors: [], retryAfterSeconds: 5 };
    const state = run(
      [
        { kind: "answering", messageId: null, parentId: "msg_q" },
        { kind: "failed", problem },
      ],
      first,
    );
    expect(state.head).toBe("msg_a");
    expect(state.failure?.detail).toBe("Away.");
  });
});

describe("answers side by side", () => {
  const startOf = (id: number, message: string, turn: string): TurnEvent => ({
    id: String(id),
    event: "start",
    data: { turn_id: turn, message_id: message, user_message_id: "msg_q", model: `openai/${message}`, offset: 0 },
  });
  const word = (id: number, message: string, content: string): TurnEvent => ({
    id: String(id),
    event: "token",
    data: { content, finish_reason: null, message_id: message },
  });
  const doneOf = (id: number, message: string): TurnEvent =>
    done.event === "done" ? { ...done, id: String(id), data: { ...done.data, message_id: message } } : done;
  const comparing: TurnAction = { kind: "asked", message: question, answers: 2 };
  const begun = [
    startOf(1, "msg_a", "turn_1"),
    startOf(2, "msg_b", "turn_2"),
    word(3, "msg_b", "Two"),
    word(4, "msg_a", "One"),
  ];

  it("are told apart, are one group, and the first is shown until another is chosen", () => {
    const state = run([comparing, receive(...begun, doneOf(5, "msg_b"))]);
    expect(state.messages.map(({ content }) => content)).toEqual(["Why?", "One", "Two"]);
    expect(state.messages.slice(1).map(({ compare_group }) => compare_group)).toEqual(["turn_1", "turn_1"]);
    expect(state.head).toBe("msg_a");
    expect(state.live).toMatchObject({ messageId: "msg_a", awaited: 1 });
    expect(run([receive(doneOf(6, "msg_a"))], state).live).toBeNull();
  });

  it("go on where one of them fails, which says so in its place", () => {
    const broken: TurnEvent = {
      id: "5",
      event: "error",
      data: { error: "It broke.", code: "MODEL_UNAVAILABLE", message_id: "msg_a" },
    };
    const state = run([comparing, receive(...begun, broken)]);
    expect(answer(state)?.status).toBe("failed");
    expect(state.failure).toBeNull();
    expect(state.live?.awaited).toBe(1);
  });

  it("are all awaited after a reload, whose stream tells them from the beginning", () => {
    const parts = { parent_id: "msg_q", compare_group: "turn_1" };
    const messages = [
      question,
      draftMessage("assistant", { id: "msg_a", ...parts, turn_id: "turn_1", status: "complete", content: "One" }),
      draftMessage("assistant", { id: "msg_b", ...parts, turn_id: "turn_2" }),
    ];
    const state = run([{ kind: "loaded", messages, head: "msg_a", waiting: [] }]);
    expect(state.live).toMatchObject({ phase: "reconnecting", messageId: "msg_a", awaited: 2 });
    const told = run([receive(...begun, doneOf(5, "msg_b"), doneOf(6, "msg_a"))], state);
    expect(told.live).toBeNull();
    expect(told.messages.map(({ content }) => content)).toEqual(["Why?", "One", "Two"]);
  });
});

describe("a question that stands in line", () => {
  const queue = (id: number, position: number): TurnEvent => ({
    id: String(id),
    event: "queue",
    data: { position, expected_wait_ms: position * 100 },
  });
  const later = (event: TurnEvent, by: number) => ({ ...event, id: String(Number(event.id) + by) }) as TurnEvent;
  const began = [later(start, 2), token(4, "Because"), done];
  const stopped = { ...done, data: { ...done.data, finish_reason: "stopped" } } as TurnEvent;
  const waits: Waiting = {
    turnIds: ["turn_1"],
    questionId: "msg_q",
    messageId: "msg_a",
    content: "Why?",
    createdAt: question.created_at,
  };
  const old = draftMessage("assistant", { id: "msg_o", parent_id: "msg_q", content: "Half", status: "interrupted" });

  it("knows its place until the answer starts", () => {
    const second = run([asked, receive(queue(1, 7))]);
    expect(second.live?.place).toEqual({ position: 7, expectedWaitMs: 700, instead: null });
    expect(second.messages).toEqual([question]);
    const first = run([receive(queue(2, 1))], second);
    expect(first.live?.place?.position).toBe(1);
    const begun = run([receive(began[0] as TurnEvent)], first);
    expect(begun.live).toMatchObject({ phase: "streaming", place: null, messageId: "msg_a" });
    expect(answer(run([receive(...began)], first))).toMatchObject({ content: "Because", status: "complete" });
  });

  it("is told what would answer at once, and what it costs that answers in another's place", () => {
    const rates = { input: 15_000_000, output: 60_000_000, cache_read: 1_500_000, cache_write: 15_000_000 };
    const price = { id: "openai/b@2026-12-01", date: "2026-12-01", ...rates, tiers: [] };
    const busy: TurnEvent = {
      id: "1",
      event: "queue",
      data: { position: 2, expected_wait_ms: 900, fallback: { model: "openai/b", price } },
    };
    const state = run([asked, receive(busy)]);
    expect(state.live?.place?.instead).toEqual({ model: "openai/b", price });
    const data = { from: "ollama/a", to: "openai/b", reason: "queue" as const, price };
    const fell = run([receive(later(start, 2), { id: "4", event: "fallback", data })], state);
    expect(answer(fell)).toMatchObject({ model: "openai/b", asked_model: "ollama/a", fallback_reason: "queue" });
    expect(fell.prices).toEqual({ msg_a: price });
  });

  it("learns where its answer was written from what is stored, and keeps what is being written", () => {
    const running = run([asked, receive(later(start, 2), token(4, "Because"))]);
    const stored = [draftMessage("assistant", { id: "msg_a", lane: "own", privacy: "own", content: "" })];
    expect(run([{ kind: "told", messages: stored }], running)).toBe(running);
    const ended = run([receive(later(done, 2)), { kind: "told", messages: stored }], running);
    expect(answer(ended)).toMatchObject({ lane: "own", privacy: "own", content: "Because" });
  });

  it("keeps its place while the connection is lost, and while it is being stopped", () => {
    const state = run([asked, receive(queue(1, 7)), { kind: "lost" }, { kind: "stopping" }]);
    expect(state.live).toMatchObject({ phase: "stopping", place: { position: 7 } });
  });

  it("is followed from the beginning after a reload, by its turn", () => {
    const opened = run([{ kind: "loaded", messages: [], head: null, waiting: [waits] }]);
    expect(opened).toMatchObject({ messages: [{ id: "msg_q", content: "Why?" }], head: "msg_q", waiting: [] });
    expect(opened.live).toMatchObject({ turnId: "turn_1", awaited: 1, place: null });
    const state = run([receive(queue(1, 7), queue(2, 2))], opened);
    expect(state.live?.place?.position).toBe(2);
    expect(answer(run([receive(...began)], state))?.content).toBe("Because");
  });

  it("is one question where several models will answer it", () => {
    const compared = { ...waits, turnIds: ["turn_1", "turn_2"] };
    const opened = run([{ kind: "loaded", messages: [], head: null, waiting: [compared] }]);
    expect(opened.live).toMatchObject({ turnId: "turn_1", awaited: 2 });
  });

  it("lets what was asked behind it wait", () => {
    const behind = { ...waits, turnIds: ["turn_2"], questionId: "msg_r", messageId: "msg_b" };
    const opened = run([{ kind: "loaded", messages: [], head: null, waiting: [waits, behind] }]);
    expect(opened).toMatchObject({ head: "msg_q", waiting: [behind] });
  });

  it("waits for the end of the answer that is being written", () => {
    const running = draftMessage("assistant", { id: "msg_o", parent_id: "msg_p" });
    const opened = run([{ kind: "loaded", messages: [running], head: null, waiting: [waits] }]);
    expect(opened).toMatchObject({ live: { messageId: "msg_o" }, waiting: [waits] });
    const ended = run([{ kind: "settled" }, { kind: "next" }], opened);
    expect(ended).toMatchObject({ head: "msg_q", live: { turnId: "turn_1" }, waiting: [] });
  });

  it("is not asked twice where it is there already, to be answered again", () => {
    const messages = [question, { ...old, status: "complete" as const }];
    const opened = run([{ kind: "loaded", messages, head: "msg_o", waiting: [waits] }]);
    expect(opened).toMatchObject({ messages, head: "msg_q", live: { messageId: null } });
  });

  it("leaves an answer that it was to continue as it was, where it is taken back", () => {
    const ended = { ...stopped, data: { ...stopped.data, message_id: "msg_o" } } as TurnEvent;
    const again = { ...waits, messageId: "msg_o" };
    const opened = run([{ kind: "loaded", messages: [question, old], head: "msg_o", waiting: [again] }]);
    expect(opened).toMatchObject({ head: "msg_o", live: { messageId: "msg_o", turnId: "turn_1" } });
    const state = run([receive(queue(1, 7), ended)], opened);
    expect(state).toMatchObject({ messages: [question, old], head: "msg_o", live: null, failure: null });
  });
});
