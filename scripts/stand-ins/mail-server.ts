import { createServer } from "node:http";
import { type OnLoopback, onLoopback } from "./loopback.ts";

/** A request as an e-mail service would see it. */
export interface ReceivedMail {
  authorization: string | null;
  idempotencyKey: string | null;
  body: { from: string; to: string[]; subject: string; text: string; html: string };
  /** What it was answered. */
  status: number;
}

/**
 * Plays an e-mail service that speaks Resend's API. Addresses order how it answers: `fail-2@…` is refused twice with 503 before it is
 * taken, `refuse@…` always with 422. `GET /_log?to=` answers `{data: ReceivedMail[]}`.
 */
export async function startMailStandIn(): Promise<OnLoopback> {
  const received: ReceivedMail[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", "http://mail");
    const answer = (status: number, body: object) =>
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    const of = (to: string | null) => received.filter(({ body }) => to === null || body.to.includes(to));
    if (url.pathname === "/_log") return answer(200, { data: of(url.searchParams.get("to")) });
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const body = JSON.parse(text) as ReceivedMail["body"];
    const to = body.to[0] ?? "";
    const refusals = Number(to.match(/^fail-(\d+)/)?.[1] ?? 0);
    const status = to.startsWith("refuse") ? 422 : of(to).length < refusals ? 503 : 200;
    const [authorization, key] = [request.headers.authorization ?? null, request.headers["idempotency-key"]];
    received.push({ authorization, idempotencyKey: typeof key === "string" ? key : null, body, status });
    answer(
      status,
      status === 200 ? { id: `mail-${received.length}` } : { message: "The stand-in was asked to refuse." },
    );
  });
  return onLoopback(server);
}
