import { createRequestHandler, RouterContextProvider } from "react-router";
import { apiFetch } from "../web/api-context.ts";
import { sweepAccounts } from "./accounts/sweep.ts";
import { api } from "./api.ts";
import { sealAllLogs } from "./audit/seal.ts";
import { consumeEvaluations, isEvaluation, sweepEvaluations } from "./evaluation/evaluation-queue.ts";
import { consumeIngestion, sweepStalledDocuments } from "./knowledge/ingestion/ingest-queue.ts";
import { purgeDeletedClones } from "./knowledge/purge.ts";
import { consumePages, isWebPage, sweepPages } from "./knowledge/web-import/page-queue.ts";
import { applyRetention } from "./personal-data/apply-retention.ts";
import { continueErasures } from "./personal-data/continue-erasures.ts";
import { ConfigError } from "./platform/config/config.ts";
import { isProblem } from "./platform/errors.ts";
import { drain } from "./platform/http/body.ts";
import { withForm } from "./platform/http/form.ts";
import { requireOwnHost } from "./platform/http/hosts.ts";
import { problemResponse } from "./platform/http/problem.ts";
import { isApiAddress } from "./platform/http/request-path.ts";
import { withSecurityHeaders } from "./platform/http/security-headers.ts";
import { newId } from "./platform/ids.ts";
import { createLog } from "./platform/log.ts";
import { createRuntime } from "./platform/runtime.ts";
import { runEach } from "./platform/sweeps.ts";
import { rotateAllSecrets } from "./rotate-secrets.ts";
import { sweepLinks } from "./workspaces/sso/links.ts";

export { ConversationObject } from "./chat/conversation-object.ts";
export { CloneIndexObject } from "./passages/clone-index-object.ts";
export { RateLimitObject } from "./platform/limits/rate-limit-object.ts";

const pages = createRequestHandler(() => import("virtual:react-router/server-build"), import.meta.env.MODE);

async function answer(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
  requireOwnHost(request, createRuntime(env).config);
  if (isApiAddress(request.url)) return api.fetch(request, env, ctx);
  const context = new RouterContextProvider();
  context.set(apiFetch, async (inner) => api.fetch(inner, env, ctx));
  return pages(await withForm(request), context);
}

/** What is refused before anything that answers by itself was reached. */
function refuse(error: unknown): Response {
  const requestId = newId("request");
  const event = error instanceof ConfigError ? "configuration_refused" : "request_failed";
  if (!isProblem(error)) createLog({ request_id: requestId }).error(event, error);
  return problemResponse(error, requestId);
}

export default {
  async fetch(request, env, ctx) {
    const response = await answer(request, env, ctx).catch(refuse);
    await drain(request);
    return withSecurityHeaders(response, env);
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
    await runEach(runtime, {
      accounts: () => sweepAccounts(runtime),
      documents: () => sweepStalledDocuments(runtime, { atStart }),
      pages: () => sweepPages(runtime, { atStart }),
      evaluations: () => sweepEvaluations(runtime, { atStart }),
      // Before the other removals: what it removes, it lists.
      erasures: () => continueErasures(runtime),
      retention: () => applyRetention(runtime),
      clones: () => purgeDeletedClones(runtime),
      logs: () => sealAllLogs(runtime),
      secrets: () => rotateAllSecrets(runtime),
      links: () => sweepLinks(runtime),
    });
  },
} satisfies ExportedHandler<Env>;
