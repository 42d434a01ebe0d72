/** Whether the request opens a WebSocket. */
export function isSocketUpgrade(headers: Headers): boolean {
  return headers.get("Upgrade")?.toLowerCase() === "websocket";
}

/**
 * The token that a page hands to a WebSocket, where it can set no header but `Sec-WebSocket-Protocol`: it offers the protocols
 * `understudy` and `bearer.<token>`. Null where there is none, or the request opens no socket.
 */
export function socketBearer(headers: Headers): string | null {
  if (!isSocketUpgrade(headers)) return null;
  const offered = headers.get("Sec-WebSocket-Protocol")?.split(",") ?? [];
  return offered.map((protocol) => protocol.trim().match(/^bearer\.(\S+)$/)?.[1]).find(Boolean) ?? null;
}

/** The request as if its socket's token had come as the usual header. */
export function withSocketBearer(request: Request): Request {
  const bearer = socketBearer(request.headers);
  if (bearer === null) return request;
  const headers = new Headers(request.headers);
  headers.set("Authorization", `Bearer ${bearer}`);
  return new Request(request.url, { method: request.method, headers });
}
