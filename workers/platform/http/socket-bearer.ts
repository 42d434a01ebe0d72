/** Whether the request opens a WebSocket. */
export function isSocketUpgrade(headers: Headers): boolean {
  return headers.get("Upgrade")?.toLowerCase() === "websocket";
}

const prefix = "bearer.";

/**
 * The tokens that a page hands to a WebSocket, where it can set no header but `Sec-WebSocket-Protocol`: it offers the protocols
 * `understudy` and `bearer.<token>`. None where the request opens no socket; null for one that is empty.
 */
export function socketBearers(headers: Headers): (string | null)[] {
  if (!isSocketUpgrade(headers)) return [];
  const offered = headers.get("Sec-WebSocket-Protocol")?.split(",") ?? [];
  return offered
    .map((protocol) => protocol.trim())
    .filter((protocol) => protocol.startsWith(prefix))
    .map((protocol) => protocol.slice(prefix.length) || null);
}
