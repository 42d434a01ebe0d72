import type { ServerResponse } from "node:http";

/** Answers for the small websites under `/sites/`; 404 for all else. */
export function answerSite(_url: URL, response: ServerResponse): void {
  response.writeHead(404, { "Content-Type": "text/html" }).end("<h1>Not found</h1>");
}
