import type { Context as HonoContext } from "hono";
import { Problem } from "../../platform/errors.ts";
import { sseHeaders } from "../../platform/http/sse.ts";
import { serve, serveAs } from "../../workspaces/operation.ts";
import { type ContextEnv, createRouter } from "../../workspaces/router.ts";
import { isStillAllowed } from "../../workspaces/while-allowed.ts";
import { compareResult, turnResult } from "../contract.ts";
import type { Answering } from "./await-turn.ts";
import { compareModels } from "./compare-models.ts";
import { continueAnswer } from "./continue-answer.ts";
import { fallBack } from "./control/fall-back.ts";
import { stopAnswer } from "./control/stop-answer.ts";
import { takeBackQuestion } from "./control/take-back-question.ts";
import { followTurn } from "./follow-turn.ts";
import { readQueue } from "./read-queue.ts";
import { readTree } from "./read-tree.ts";
import { regenerate } from "./regenerate.ts";
import { sendMessage } from "./send-message.ts";

const endedSentence = "Your access to this conversation has ended.";

/** The turn as a stream, or as JSON when it is over. A client that leaves only stops listening. */
async function answer(c: HonoContext<ContextEnv>, turn: Answering): Promise<Response> {
  const accept = c.req.header("Accept") ?? "";
  if (accept.includes("application/json") && !accept.includes("text/event-stream")) {
    const result = await turn.whole(turn.stream);
    if (!(await isStillAllowed(c, "conversation.write"))) throw new Problem("forbidden", endedSentence);
    return Response.json(result);
  }
  return new Response(turn.stream, { headers: { ...sseHeaders, "X-Turn-Id": turn.turnId } });
}

/** The last event that a client saw, as browsers say it when they connect again; where it is no id, none. */
function lastSeen(c: HonoContext<ContextEnv>) {
  const header = c.req.header("Last-Event-ID");
  if (header === undefined) return {};
  const seen = Number(header);
  return { after: Number.isSafeInteger(seen) && seen > 0 ? seen : 0 };
}

const stream = { "text/event-stream": "The events of the turn." };
const asTurn = { responses: { 200: { "application/json": turnResult, ...stream } }, respond: answer };

export const turnRoutes = createRouter()
  .get("/conversations/:id/messages", serve(readTree))
  .post("/conversations/:id/messages", serveAs(sendMessage, asTurn))
  .post(
    "/conversations/:id/compare",
    serveAs(compareModels, {
      responses: { 200: { "application/json": compareResult, ...stream } },
      respond: answer,
    }),
  )
  .post("/conversations/:id/regenerate", serveAs(regenerate, asTurn))
  .post("/conversations/:id/continue", serveAs(continueAnswer, asTurn))
  .get(
    "/conversations/:id/stream",
    serveAs(followTurn, {
      query: lastSeen,
      responses: { 200: stream, 204: "Nothing runs, and nothing is kept." },
      respond: (c, stream) => (stream ? new Response(stream, { headers: sseHeaders }) : c.body(null, 204)),
    }),
  )
  .post("/conversations/:id/stop", serve(stopAnswer))
  .post("/conversations/:id/fall-back", serve(fallBack))
  .get("/conversations/:id/queue", serve(readQueue))
  .delete("/conversations/:id/queue/:turn_id", serve(takeBackQuestion));
