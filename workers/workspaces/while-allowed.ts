import type { Context as HonoContext } from "hono";
import { isAllowed } from "./permissions.ts";
import type { Action } from "./roles.ts";
import type { ContextEnv } from "./router.ts";

/** How often an open stream asks again, in ms. With what is believed of a person (3 s) it stays below five seconds. */
const askEvery = 1_500;

/** Whether whoever made this call may still do `action` where they did it: signed in, not suspended, in the same workspace. */
export async function isStillAllowed(c: HonoContext<ContextEnv>, action: Action): Promise<boolean> {
  const before = c.var.caller.actor;
  const now = await c.var.askAgain();
  if (!now || now.kind === "job" || before.kind === "job") return false;
  return now.workspaceId === before.workspaceId && isAllowed(now, action);
}

/**
 * A stream for as long as whoever reads it may do `action`; after that `farewell` and nothing more. The bytes pass without
 * this process touching them. A reader who leaves cancels `source`; one who is not reading loses the connection instead of hearing
 * `farewell`.
 */
export function whileAllowed(
  c: HonoContext<ContextEnv>,
  action: Action,
  source: ReadableStream<Uint8Array>,
  farewell: Uint8Array,
): ReadableStream<Uint8Array> {
  const { readable, writable } = new IdentityTransformStream();
  const refused = new AbortController();
  const { log } = c.var.runtime;
  let isAsking = false;
  const ask = async () => {
    if (isAsking) return;
    isAsking = true;
    // Where the database does not answer, the stream goes on: it was allowed, and the next question may be answered.
    const isAllowed = await isStillAllowed(c, action).catch((error) => {
      log.error("standing_not_asked", error);
      return true;
    });
    isAsking = false;
    if (!isAllowed) refused.abort();
  };
  const timer = setInterval(ask, askEvery);
  const piped = source
    .pipeTo(writable, { preventClose: true, preventAbort: true, signal: refused.signal })
    .catch((error) => {
      if (!refused.signal.aborted) throw error;
    })
    .then(
      async () => {
        const writer = writable.getWriter();
        if (refused.signal.aborted) await writer.write(farewell);
        await writer.close();
      },
      (error) => writable.abort(error),
    )
    // A reader who has left is no failure, and there is nobody to tell.
    .catch(() => {})
    .finally(() => clearInterval(timer));
  c.executionCtx.waitUntil(piped);
  return readable;
}
