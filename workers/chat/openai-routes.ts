import type { Context } from "hono";
import { createMiddleware } from "hono/factory";
import { isProblem, Problem } from "../platform/errors.ts";
import { readJson } from "../platform/http/body.ts";
import { nobody } from "../platform/http/credential.ts";
import { describe } from "../platform/http/http.ts";
import { invalid } from "../platform/http/problem.ts";
import { sseFrame, sseHeaders } from "../platform/http/sse.ts";
import { load } from "../platform/limits/overload.ts";
import { admit } from "../workspaces/admit.ts";
import { type ContextEnv, createRouter } from "../workspaces/http.ts";
import { identify } from "../workspaces/identify.ts";
import { requires } from "../workspaces/permissions.ts";
import { isStillAllowed, whileAllowed } from "../workspaces/while-allowed.ts";
import { askCompletion } from "./openai/openai-completion.ts";
import {
  type CompletionInput,
  completion,
  completionInput,
  openaiModel,
  openaiModelList,
} from "./openai/openai-contract.ts";
import { openaiErrorBody, openaiErrorResponse } from "./openai/openai-errors.ts";
import { getOpenaiModel, listOpenaiModels } from "./openai/openai-models.ts";
import { completeStreaming, completeWhole } from "./openai/openai-stream.ts";

const tags = ["OpenAI-compatible"];

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

async function readInput(c: Context<ContextEnv>): Promise<CompletionInput> {
  const input = completionInput.safeParse(await readJson(c));
  if (!input.success) throw invalid(input.error.issues);
  return input.data;
}

/** Ends the stream of somebody who may not read on. */
const accessEnded = sseFrame({ data: openaiErrorBody(new Problem("forbidden", "Your access has ended.")) });

const router = createRouter();

router.onError((error, c) => {
  if (!isProblem(error) || error.code === "internal")
    c.var.runtime.log.error("request_failed", error, { path: c.req.path });
  return openaiErrorResponse(error);
});

/** What OpenAI’s own clients call, for those who change nothing but the base URL. */
export const openaiRoutes = router
  .use(withoutCookies, admit({ takes: "bearers" }), requireBearer, identify)
  .post(
    "/chat/completions",
    requires("conversation.write"),
    describe({
      scope: "chat",
      limit: "chat",
      summary: "Ask a clone or a model, in OpenAI’s wire",
      description:
        "`model` is `clone:` and a clone’s slug, or a model’s id. Nothing is stored: the messages are the history. With `stream`, chunks as `text/event-stream`; the last one with a `finish_reason` carries `citations`.",
      tags,
      responses: { 200: completion },
      requestBody: { content: { "application/json": {} } },
      // The most that messages may hold, in a script of three bytes a character, and what stands around it.
      bodyLimit: { bytes: 2_000_000 },
    }),
    async (c) => {
      const { ctx } = c.var;
      const { stream, stream_options, ...input } = await readInput(c);
      const asked = await load.enter(() => askCompletion(ctx, input));
      const { signal } = c.req.raw;
      if (!stream) {
        const whole = await completeWhole(ctx, asked, signal);
        if (!(await isStillAllowed(c, "conversation.write"))) throw new Problem("forbidden", "Your access has ended.");
        return c.json(whole, 200);
      }
      const includeUsage = stream_options?.include_usage ?? false;
      const chunks = await completeStreaming(ctx, asked, { signal, includeUsage });
      return c.body(whileAllowed(c, "conversation.write", chunks, accessEnded), 200, sseHeaders);
    },
  )
  .get(
    "/models",
    requires("conversation.read"),
    describe({ summary: "Clones and models, in OpenAI’s wire", tags, responses: { 200: openaiModelList } }),
    async (c) => c.json({ object: "list" as const, data: await listOpenaiModels(c.var.ctx) }, 200),
  )
  .get(
    // Ids hold slashes and colons: plain and percent-encoded both work.
    "/models/:id{.+}",
    requires("conversation.read"),
    describe({ summary: "One of them", tags, responses: { 200: openaiModel } }),
    async (c) => c.json(await getOpenaiModel(c.var.ctx, c.req.param("id")), 200),
  );
