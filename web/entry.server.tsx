import hydration from "virtual:hydration";
import { isbot } from "isbot";
import { preloadModule } from "react-dom";
import { renderToReadableStream } from "react-dom/server";
import { type EntryContext, ServerRouter } from "react-router";
import { waits } from "./waiting.ts";

/** Milliseconds a page may wait for its slow parts. */
export const streamTimeout = 5_000;

function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'self'",
    "img-src 'self' data: blob:",
    // What a script of ours loads is trusted as it is; no address is, so that nothing that is served here runs by itself.
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    "script-src-attr 'none'",
    // Bars and delays are set by the element; styles load nothing from elsewhere, as images and fonts may not.
    "style-src 'self' 'unsafe-inline'",
    "connect-src 'self'",
    "frame-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "object-src 'none'",
  ].join("; ");
}

/** The page. What gives it its handlers is fetched along with it, but for pages that wait. */
function Page({ context, url, nonce }: { context: EntryContext; url: string; nonce: string }) {
  const isWaiting = context.staticHandlerContext.matches.some(({ route }) => waits(route));
  if (!isWaiting) for (const file of hydration) preloadModule(file, { as: "script", nonce });
  return <ServerRouter context={context} url={url} nonce={nonce} />;
}

/** Answers every page as a stream of HTML under a policy that runs no script but ours. */
export default async function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  routerContext: EntryContext,
) {
  const nonce = crypto.randomUUID().replaceAll("-", "");
  headers.set("Content-Type", "text/html; charset=utf-8");
  headers.set("Content-Security-Policy", contentSecurityPolicy(nonce));
  // A page holds its reader's own data and this answer's nonce: no cache may keep it.
  headers.set("Cache-Control", "private, no-store");
  if (request.method === "HEAD") return new Response(null, { status, headers });

  let statusCode = status;
  let shellSent = false;
  const body = await renderToReadableStream(<Page context={routerContext} url={request.url} nonce={nonce} />, {
    nonce,
    signal: AbortSignal.timeout(streamTimeout + 1_000),
    onError(error: unknown) {
      statusCode = 500;
      if (shellSent) console.error(error);
    },
  });
  shellSent = true;
  if (isbot(request.headers.get("user-agent"))) await body.allReady;
  return new Response(body, { status: statusCode, headers });
}
