import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { isProblem, Problem } from "../platform/errors.ts";
import { readJson } from "../platform/http/body.ts";
import { nobody } from "../platform/http/credential.ts";
import { createDoor } from "../platform/http/serve.ts";
import { sseFrame, sseHeaders } from "../platform/http/sse.ts";
import { admit } from "../workspaces/admit.ts";
import { identify } from "../workspaces/identify.ts";
import { type ContextEnv, createRouter } from "../workspaces/router.ts";
import { isStillAllowed, whileAllowed } from "../workspaces/while-allowed.ts";
import { embeddings, embedTexts } from "./openai/embeddings.ts";
import type { ReadyAnswer } from "./openai/openai-answer.ts";
import { askCompletion } from "./openai/openai-completion.ts";
import { completion, openaiError } from "./openai/openai-contract.ts";
import { openaiErrorBody, openaiErrorResponse } from "./openai/openai-errors.ts";
import { listOpenaiModels, readOpenaiModel } from "./openai/openai-models.ts";
import { askResponse } from "./openai/responses.ts";
import { response } from "./openai/responses-contract.ts";

/** Programs sign in by a bearer; a cookie, which a browser adds by itself, is not asked for and not taken. */
const withoutCookies = createMiddleware<ContextEnv>(async (c, next) => {
  if (c.var.credential.kind === "cookies") c.set("credential", nobody);
  await next();
});

const requireBearer = createMiddleware<ContextEnv>(async (c, next) => {
  if (c.var.credential.kind !== "bearer") {
    throw new Problem(
      "unauthenticated",
      "Send an API key as “Authorization: Bearer …”. POST /api/v1/api-keys makes one.",
    );
  }
  await next();
});

/** Ends the stream of somebody who may not read on. */
const accessEnded = sseFrame({ data: openaiErrorBody(new Problem("forbidden", "Your access has ended.")) });

/** The answer whole, or in the pieces of its wire. A client that leaves ends it. */
async function answer(
  c: Context<ContextEnv>,
  { stream, whole, pieces: piecesOf }: ReadyAnswer<object>,
): Promise<Response> {
  const { signal } = c.req.raw;
  if (stream) {
    const pieces = await piecesOf(signal);
    return c.body(whileAllowed(c, "conversation.write", pieces, accessEnded), 200, sseHeaders);
  }
  const answered = await whole(signal);
  if (!(await isStillAllowed(c, "conversation.write"))) throw new Problem("forbidden", "Your access has ended.");
  return c.json(answered, 200);
}

const { serve, serveAs } = createDoor((c: Context<ContextEnv>) => c.var.caller, { "application/json": openaiError });

const router = createRouter();

router.onError((error, c) => {
  if (!isProblem(error) || error.code === "internal")
    c.var.runtime.log.error("request_failed", error, { path: c.req.path });
  return openaiErrorResponse(error);
});

/** What OpenAI’s own clients call, for those who change nothing but the base URL. */
export const openaiRoutes = router
  .use(withoutCookies, admit({ takes: "bearers" }), requireBearer, identify)
  // Bodies are read as JSON whatever they say that they are: it is the only thing that comes here.
  .post(
    "/chat/completions",
    serveAs(askCompletion, {
      read: readJson,
      responses: { 200: { "application/json": completion, "text/event-stream": "The answer in OpenAI’s chunks." } },
      respond: answer,
    }),
  )
  .post(
    "/responses",
    serveAs(askResponse, {
      read: readJson,
      responses: {
        200: { "application/json": response, "text/event-stream": "The answer in the events of a response." },
      },
      respond: answer,
    }),
  )
  .post(
    "/embeddings",
    serveAs(embedTexts, {
      read: readJson,
      responses: { 200: embeddings },
      respond: (c, result) => c.json(result, 200),
    }),
  )
  .get("/models", serve(listOpenaiModels))
  // Ids hold slashes and colons: plain and percent-encoded both work.
  .get("/models/:id{.+}", serve(readOpenaiModel));
