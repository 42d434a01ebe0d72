const encoder = new TextEncoder();

/**
 * One server-sent event as text. `json` is its data, as JSON already, which never holds a bare line break: one `data:` line is enough.
 * `id` is left out for events that a listener need not resume from.
 */
export function sseText({ id, event, json }: { id?: number; event?: string; json: string }): string {
  const head = id === undefined ? "" : `id: ${id}\n`;
  const name = event === undefined ? "" : `event: ${event}\n`;
  return `${head}${name}data: ${json}\n\n`;
}

/** The bytes of one server-sent event. */
export function sseFrame({ data, ...head }: { id?: number; event?: string; data: unknown }): Uint8Array {
  return encoder.encode(sseText({ ...head, json: JSON.stringify(data) }));
}

/** A comment line, which keeps proxies from closing an idle stream. */
export const sseKeepAlive = encoder.encode(": keep-alive\n\n");

export const sseHeaders = {
  "Content-Type": "text/event-stream; charset=utf-8",
  "Cache-Control": "no-cache, no-transform",
  "X-Accel-Buffering": "no",
} as const;
