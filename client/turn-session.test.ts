import { afterEach, expect, it, vi } from "vitest";
import { createTurnSession, type TurnSession } from "./turn-session.ts";

const id = "conv_1";
const createdAt = new Date(0).toISOString();
const waits = {
  turn_id: "turn_1",
  user_message_id: "msg_q",
  message_id: "msg_a",
  content: "Why?",
  created_at: createdAt,
};
const queued = 'id: 1\nevent: queue\ndata: {"position":3,"expected_wait_ms":4200}\n\n';
const stopped = 'id: 2\nevent: done\ndata: {"finish_reason":"stopped","message_id":"msg_a","usage":null}\n\n';

/** A server on which one question stands in line; `sent` is what it was asked, and what is written to `events` is its stream. */
function server() {
  const sent: string[] = [];
  let events: ReadableStreamDefaultController<Uint8Array> | undefined;
  let turns = [waits];
  const write = (text: string) => events?.enqueue(new TextEncoder().encode(text));
  const answers: Record<string, (path: string, json: { id: string }) => Response> = {
    POST: (path, json) => {
      if (path.endsWith("/stop")) return new Response(null, { status: 204 });
      turns = [{ ...waits, user_message_id: json.id }];
      return stream();
    },
    DELETE: () => {
      const isThere = turns.length > 0;
      turns = [];
      if (isThere) write(stopped);
      return isThere
        ? new Response(null, { status: 204 })
        : Response.json(
            { code: "not_found" },
            { status: 404, headers: { "Content-Type": "application/problem+json" } },
          );
    },
    GET: (path) => {
      if (path.includes("/stream")) return stream();
      if (path.endsWith("/queue")) return Response.json({ data: turns });
      return Response.json(path.endsWith("/messages") ? { data: [] } : { id, head_message_id: null });
    },
  };
  function stream(): Response {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        events = controller;
      },
    });
    write(queued);
    return new Response(body, { headers: { "X-Turn-Id": "turn_1" } });
  }
  vi.stubGlobal("fetch", async (path: string, { method = "GET", body }: RequestInit = {}) => {
    sent.push(`${method} ${path.replace(`/api/v1/conversations/${id}`, "")}`);
    return answers[method]?.(path, JSON.parse(String(body ?? "{}")));
  });
  return { sent, started: () => turns.splice(0) };
}

function open(fields: Partial<Parameters<typeof createTurnSession>[0]> = {}) {
  const ended = Promise.withResolvers<void>();
  const session = createTurnSession({
    cloneId: null,
    visitorOf: null,
    conversationId: id,
    messages: [],
    head: null,
    waiting: [],
    onConversation: () => {},
    onTurnEnd: ended.resolve,
    ...fields,
  });
  return { session, ended: ended.promise };
}

/** Resolves when the session knows where its question stands. */
function inLine({ state, subscribe }: TurnSession): Promise<void> {
  return new Promise((resolve) => {
    const leave = subscribe(() => {
      if (state().live?.place?.position !== 3) return;
      leave();
      resolve();
    });
  });
}

afterEach(() => {
  vi.unstubAllGlobals();
});

it("follows a question that stands in line when the page comes, by its turn", async () => {
  const { sent } = server();
  const { turn_id, user_message_id: questionId, message_id: messageId, content } = waits;
  const { session } = open({ waiting: [{ turnIds: [turn_id], questionId, messageId, content, createdAt }] });
  session.resume();
  await inLine(session);
  expect(sent).toEqual(["GET /stream?turn_id=turn_1"]);
  expect(session.state().messages).toMatchObject([{ id: "msg_q", content: "Why?" }]);
  session.leave();
});

it("takes a question back that is stopped in line, and gives it back to whoever asked it", async () => {
  const { sent } = server();
  const { session, ended } = open();
  session.send("Why?");
  await inLine(session);
  expect(await session.stop()).toBe("Why?");
  await ended;
  // Its end is followed by a look at what is stored.
  expect(sent).toEqual(["POST /messages", "GET /queue", "DELETE /queue/turn_1", "GET ", "GET /messages", "GET /queue"]);
  expect(session.state()).toMatchObject({ messages: [], head: null, live: null, failure: null });
});

it("stops the answer of a question whose turn came before it could be taken back", async () => {
  const { sent, started } = server();
  const { session } = open();
  session.send("Why?");
  await inLine(session);
  started();
  expect(await session.stop()).toBeNull();
  expect(sent).toEqual(["POST /messages", "GET /queue", "POST /stop"]);
  session.leave();
});
