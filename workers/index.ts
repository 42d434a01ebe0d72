import { createRequestHandler, RouterContextProvider } from "react-router";
import { apiFetch } from "../web/api-context.ts";
import { api } from "./api.ts";
import { personalData } from "./personal-data/room.ts";
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
import { consumeBatch } from "./platform/rooms/queue.ts";
import type { Room } from "./platform/rooms/room.ts";
import { createRuntime } from "./platform/runtime.ts";
import { rotateAllSecrets } from "./platform/secrets/rotate-all.ts";
import { runEach } from "./platform/sweeps.ts";
import { rooms } from "./rooms.ts";

export { ConversationObject } from "./chat/conversation-object.ts";
export { ProjectionObject } from "./chat/projection-object.ts";
export { BoxObject } from "./model-access/box-object.ts";
export { CloneIndexObject } from "./passages/clone-index-object.ts";
export { ChangesObject } from "./platform/changes/changes-object.ts";
export { RateLimitObject } from "./platform/limits/rate-limit-object.ts";
export { WalletObject } from "./wallet/wallet-object.ts";

/** All rooms, in the order in which their jobs run: what personal data remove comes before what others do. */
const allRooms: Record<string, Room> = { "personal-data": personalData, ...rooms };
const queueHandlers = Object.values(allRooms).flatMap(({ queue = [] }) => queue);
const secretColumns = Object.values(allRooms).flatMap(({ secrets = [] }) => secrets);

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
    await consumeBatch(createRuntime(env, { queue: batch.queue }), queueHandlers, batch);
  },

  async scheduled(controller, env) {
    const runtime = createRuntime(env, { job: "sweep" });
    // A local start says so: its queue, which lives in memory, is empty, and nothing else is at work.
    const atStart = controller.cron === "@start";
    const jobs = Object.entries(allRooms).flatMap(([room, { cron = {} }]) =>
      Object.entries(cron).map(([name, sweep]) => [`${room}.${name}`, () => sweep(runtime, { atStart })] as const),
    );
    const secrets = () => rotateAllSecrets(runtime, secretColumns);
    await runEach(runtime, { ...Object.fromEntries(jobs), "platform.secrets": secrets });
  },
} satisfies ExportedHandler<Env>;
