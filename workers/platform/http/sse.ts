/** One server-sent event. `id` is left out for events that a listener need not resume from. */
export interface ServerSentEvent {
  id?: number | string;
  event: string;
  data: unknown;
}

const encoder = new TextEncoder();

/** The bytes of one event. JSON never holds a bare line break, so one `data:` line is enough. */
export function sseFrame({ id, event, data }: ServerSentEvent): Uint8Array {
  const head = id === undefined ? "" : `id: ${id}\n`;
  return encoder.encode(`${head}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

/** A comment line, which keeps proxies from closing an idle stream. */
export const sseKeepAlive = encoder.encode(": keep-alive\n\n");

export const sseHeaders = {
  "Content-Type": "text/event-stream; charset=utf-8",
  "Cache-Control": "no-cache, no-transform",
  "X-Accel-Buffering": "no",
} as const;
