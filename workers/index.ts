import { createRequestHandler, RouterContextProvider } from "react-router";
import { apiFetch } from "../web/api-context.ts";
import { sweepAccounts } from "./accounts/sweep.ts";
import { api } from "./api.ts";
import { sealAllLogs } from "./audit/seal.ts";
import { connect } from "./db/client.ts";
import { consumeEvaluations, isEvaluation, sweepEvaluations } from "./evaluation/evaluation-queue.ts";
import { consumeIngestion, sweepStalledDocuments } from "./knowledge/pipeline/ingest-queue.ts";
import { purgeDeletedClones } from "./knowledge/purge.ts";
import { consumePages, isWebPage, sweepPages } from "./knowledge/web-import/page-queue.ts";
import { applyRetention } from "./personal-data/apply-retention.ts";
import { continueErasures } from "./personal-data/continue-erasures.ts";
import { isApiAddress } from "./platform/request-path.ts";
import { createRuntime } from "./platform/runtime.ts";
import { withSecurityHeaders } from "./platform/security-headers.ts";
import { rotateAllSecrets } from "./rotate-secrets.ts";
import { sweepLinks } from "./workspaces/sso/links.ts";

export { ConversationObject } from "./chat/conversation-object.ts";
export { CloneIndexObject } from "./knowledge/clone-index-object.ts";
export { RateLimitObject } from "./platform/rate-limit-object.ts";

const pages = createRequestHandler(() => import("virtual:react-router/server-build"), import.meta.env.MODE);

async function answer(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
  if (isApiAddress(request.url)) return api.fetch(request, env, ctx);
  const context = new RouterContextProvider();
  context.set(apiFetch, async (inner) => api.fetch(inner, env, ctx));
  return pages(request, context);
}

export default {
  async fetch(request, env, ctx) {
    return withSecurityHeaders(await answer(request, env, ctx), env);
  },

  async queue(batch, env) {
    const runtime = createRuntime(env, { queue: batch.queue });
    const isDead = batch.queue.endsWith("-dead");
    const evaluations = batch.messages.filter(isEvaluation);
    const pages = batch.messages.filter(isWebPage);
    const documents = batch.messages.filter((message) => !isEvaluation(message) && !isWebPage(message));
    await Promise.all([
      consumeIngestion(runtime, documents, isDead),
      consumeEvaluations(runtime, evaluations, isDead),
      consumePages(runtime, pages, isDead),
    ]);
  },

  async scheduled(controller, env) {
    const runtime = createRuntime(env, { job: "sweep" });
    // A local start says so: its queue, which lives in memory, is empty, and nothing else is at work.
    const atStart = controller.cron === "@start";
    await sweepAccounts(runtime);
    await sweepStalledDocuments(runtime, { atStart });
    await sweepPages(runtime, { atStart });
    await sweepEvaluations(runtime, { atStart });
    // Before the other removals: what it removes, it lists.
    await continueErasures(runtime);
    await applyRetention(runtime);
    await purgeDeletedClones(runtime);
    await sealAllLogs({ ...runtime, db: connect(env.DB) });
    await rotateAllSecrets(runtime);
    await sweepLinks(runtime);
  },
} satisfies ExportedHandler<Env>;
