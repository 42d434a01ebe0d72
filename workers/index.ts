import { createRequestHandler, RouterContextProvider } from "react-router";
import { apiFetch } from "../web/api-context.ts";
import { api } from "./api.ts";
import { consumeIngestion, sweepStalledDocuments } from "./knowledge/pipeline/ingest-queue.ts";
import { purgeDeletedClones } from "./knowledge/purge.ts";
import { createRuntime } from "./platform/runtime.ts";

export { ConversationObject } from "./chat/conversation-object.ts";
export { CloneIndexObject } from "./knowledge/clone-index-object.ts";

const pages = createRequestHandler(() => import("virtual:react-router/server-build"), import.meta.env.MODE);
const apiPath = /^\/(api|v1|mcp|health|ready)(\/|$)/;

export default {
  async fetch(request, env, ctx) {
    if (apiPath.test(new URL(request.url).pathname)) return api.fetch(request, env, ctx);
    const context = new RouterContextProvider();
    context.set(apiFetch, async (inner) => api.fetch(inner, env, ctx));
    return pages(request, context);
  },

  async queue(batch, env) {
    await consumeIngestion(createRuntime(env, { queue: batch.queue }), batch);
  },

  async scheduled(controller, env) {
    const runtime = createRuntime(env, { job: "sweep" });
    // A local start says so: its queue, which lives in memory, is empty, and nothing else is at work.
    await sweepStalledDocuments(runtime, { atStart: controller.cron === "@start" });
    await purgeDeletedClones(runtime);
  },
} satisfies ExportedHandler<Env>;
