import { WorkerEntrypoint } from "cloudflare:workers";
import { isApiPath, respond } from "./respond.ts";

/**
 * Stands at the port of a server of one's own, where no edge is in front of the Worker: gives out the files that Cloudflare would,
 * and says whom a request comes from. Three Workers of miniflare's would do the same between the port and this one, and cost a
 * question a millisecond.
 */
export class LocalServer extends WorkerEntrypoint<Env> {
  override async fetch(incoming: Request): Promise<Response> {
    const request = asEdgeWould(incoming);
    const { pathname } = new URL(request.url);
    if ((request.method === "GET" || request.method === "HEAD") && !isApiPath(pathname)) {
      const file = await this.env.ASSETS.fetch(request);
      if (file.status !== 404) return file;
      await file.body?.cancel();
    }
    return respond(request, this.env, this.ctx);
  }
}

/** The request with the address it comes from, whatever it says of that itself, and the scheme that a proxy in front was asked with. */
function asEdgeWould(incoming: Request): Request {
  const url = new URL(incoming.url);
  const scheme = incoming.headers.get("X-Forwarded-Proto")?.split(",")[0]?.trim().toLowerCase();
  if (scheme === "http" || scheme === "https") url.protocol = `${scheme}:`;
  const request = new Request(url, incoming);
  const address = addressOf(incoming.cf);
  if (address) request.headers.set("CF-Connecting-IP", address);
  else request.headers.delete("CF-Connecting-IP");
  return request;
}

/** `127.0.0.1:1234` and `[::1]:1234` without their ports: workerd gives what the connection has, and Cloudflare nothing of this name. */
function addressOf(cf: object | undefined): string | undefined {
  const { clientIp } = (cf ?? {}) as { clientIp?: unknown };
  if (typeof clientIp !== "string") return undefined;
  return (
    /^\[(?<address>.+)\]:\d+$/.exec(clientIp)?.groups?.address ??
    /^(?<address>[^:]+):\d+$/.exec(clientIp)?.groups?.address
  );
}
