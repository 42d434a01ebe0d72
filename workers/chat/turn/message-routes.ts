import type { Context as HonoContext } from "hono";
import { Problem } from "../../platform/errors.ts";
import { describe, validate } from "../../platform/http/http.ts";
import { sseFrame, sseHeaders } from "../../platform/http/sse.ts";
import { load } from "../../platform/limits/overload.ts";
import { recordAudit } from "../../workspaces/audited.ts";
import { type ContextEnv, createRouter } from "../../workspaces/http.ts";
import { requires } from "../../workspaces/permissions.ts";
import { isStillAllowed, whileAllowed } from "../../workspaces/while-allowed.ts";
import {
  compareInput,
  compareResult,
  continueInput,
  messageTree,
  regenerateInput,
  resumeQuery,
  sendMessageInput,
  turnResult,
} from "../contract.ts";
import { conversationObject, getConversation } from "../conversations/get-conversation.ts";
import { awaitComparison, awaitTurn } from "./await-turn.ts";
import { compareModels } from "./compare-models.ts";
import { listTree } from "./list-tree.ts";
import { continueAnswer, regenerate, sendMessage } from "./send-message.ts";
import type { Turn } from "./start-turn.ts";

const tags = ["Messages"];
const streamed =
  "Answers as `text/event-stream`, or as JSON once it is whole where only `application/json` is accepted.";
const responses = { 200: turnResult };
const endedSentence = "Your access to this conversation has ended.";
/** Ends the stream of somebody who may not read on. */
const accessEnded = sseFrame({ event: "error", data: { error: endedSentence, code: "INTERRUPTED" } });

/** The turn as a stream, or as JSON when it is over. A client that leaves only stops listening. */
async function answer(c: HonoContext<ContextEnv>, conversationId: string, turn: Turn): Promise<Response> {
  const accept = c.req.header("Accept") ?? "";
  const stream = whileAllowed(c, "conversation.write", turn.stream, accessEnded);
  if (accept.includes("application/json") && !accept.includes("text/event-stream")) {
    const whole = turn.compareGroup === null ? awaitTurn : awaitComparison;
    const result = await whole(c.var.ctx, conversationId, { ...turn, stream });
    if (!(await isStillAllowed(c, "conversation.write"))) throw new Problem("forbidden", endedSentence);
    return Response.json(result);
  }
  return new Response(stream, { headers: { ...sseHeaders, "X-Turn-Id": turn.turnId } });
}

export const messageRoutes = createRouter()
  .get(
    "/conversations/:id/messages",
    requires("conversation.read"),
    describe({
      scope: "chat",
      summary: "The conversation’s tree of messages, oldest first",
      tags,
      responses: { 200: messageTree },
    }),
    async (c) => {
      const conversation = await getConversation(c.var.ctx, c.req.param("id"));
      return c.json({ data: await listTree(c.var.ctx, conversation), next_cursor: null }, 200);
    },
  )
  .post(
    "/conversations/:id/messages",
    requires("conversation.write"),
    describe({ scope: "chat", limit: "chat", summary: "Ask a question", description: streamed, tags, responses }),
    validate("json", sendMessageInput),
    async (c) => {
      const id = c.req.param("id");
      return answer(c, id, await load.enter(() => sendMessage(c.var.ctx, id, c.req.valid("json"))));
    },
  )
  .post(
    "/conversations/:id/compare",
    requires("conversation.write"),
    describe({
      scope: "chat",
      limit: "chat",
      summary: "Ask two to four models the same question, side by side",
      description: `${streamed} The stream has the events of all, told apart by the message_id in their data, and ends with the last of them. Choose one to go on with by its id as the conversation’s head_message_id.`,
      tags,
      responses: { 200: compareResult },
    }),
    validate("json", compareInput),
    async (c) => {
      const id = c.req.param("id");
      return answer(c, id, await load.enter(() => compareModels(c.var.ctx, id, c.req.valid("json"))));
    },
  )
  .post(
    "/conversations/:id/regenerate",
    requires("conversation.write"),
    describe({
      scope: "chat",
      limit: "chat",
      summary: "Answer a question once more, also with another model",
      description: streamed,
      tags,
      responses,
    }),
    validate("json", regenerateInput),
    async (c) => {
      const id = c.req.param("id");
      return answer(c, id, await load.enter(() => regenerate(c.var.ctx, id, c.req.valid("json"))));
    },
  )
  .post(
    "/conversations/:id/continue",
    requires("conversation.write"),
    describe({
      scope: "chat",
      limit: "chat",
      summary: "Go on with an answer that was cut off",
      description: streamed,
      tags,
      responses,
    }),
    validate("json", continueInput),
    async (c) => {
      const id = c.req.param("id");
      return answer(c, id, await load.enter(() => continueAnswer(c.var.ctx, id, c.req.valid("json"))));
    },
  )
  .get(
    "/conversations/:id/stream",
    requires("conversation.read"),
    describe({
      scope: "chat",
      summary: "Attach to the running turn, or resume it",
      description:
        "Gives every event behind `Last-Event-ID` (or `?after=`), byte for byte, during the turn and for an hour after.",
      tags,
      responses: { 200: "The events.", 204: "Nothing runs, and nothing is kept." },
    }),
    validate("query", resumeQuery),
    async (c) => {
      const { ctx } = c.var;
      const { id } = await getConversation(ctx, c.req.param("id"));
      const { after, turn_id } = c.req.valid("query");
      const seen = Number(c.req.header("Last-Event-ID") ?? after ?? 0);
      const stream = await conversationObject(ctx, id).listen(
        turn_id ?? null,
        Number.isSafeInteger(seen) && seen > 0 ? seen : 0,
      );
      if (!stream) return c.body(null, 204);
      const bytes = stream as ReadableStream<Uint8Array>;
      return new Response(whileAllowed(c, "conversation.read", bytes, accessEnded), { headers: sseHeaders });
    },
  )
  .post(
    "/conversations/:id/stop",
    requires("conversation.write"),
    describe({
      scope: "chat",
      summary: "Stop the answer that is being written; what was said is kept",
      tags,
      responses: { 204: "It has stopped." },
    }),
    async (c) => {
      const { id } = await getConversation(c.var.ctx, c.req.param("id"));
      if (await conversationObject(c.var.ctx, id).stop())
        await recordAudit(c.var.ctx, { action: "answer.stopped", resource: { kind: "conversation", id } });
      return c.body(null, 204);
    },
  );
