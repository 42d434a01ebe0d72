/** How a stand-in’s responses come: whole, late, no faster than they are read, or broken off. */
import type { ServerResponse } from "node:http";

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "Content-Type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

/** Resolves after `milliseconds`, or at once when the connection closes. */
export function wait(milliseconds: number, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      response.off("close", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    response.once("close", done);
  });
}

/** Resolves when more may be written, or the connection closes. */
export function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off("drain", done).off("close", done);
      resolve();
    };
    response.once("drain", done).once("close", done);
  });
}

/** Shows a fault between two tokens, of which `error` is one in the server's words; true where nothing follows it. */
export function showMidStream(fault: string, response: ServerResponse, error: string): boolean {
  // What was written before still arrives; the end of the body never does.
  if (fault === "die") response.socket?.end();
  if (fault === "end") response.end();
  if (fault === "broken") response.write('data: {"choices": [{"delta"\n\n');
  if (fault === "error") response.write(error);
  if (fault === "long-line") response.write(`data: ${"x".repeat(10_000_000)}`);
  return fault === "die" || fault === "end" || fault === "stall" || fault === "long-line";
}
