import { isProblem, Problem } from "../../platform/errors.ts";
import { problemOfGarbledAnswer, problemOfNetwork, problemOfStatus, retryAfterSeconds } from "../failures.ts";
import type { Connection } from "../ports/connection.ts";

/** A whole JSON answer: 64 embeddings of 3,072 numbers are about 3 MB. */
const maxJsonBytes = 32_000_000;
const maxErrorBytes = 4_000;
/** How long a provider may take to list its models. */
export const listWithinMs = 2_000;
/** The heads by which providers take a key. */
const keyHeads = ["Authorization", "x-api-key", "x-goog-api-key"];

/** An address as it is set up, so that a path can be put behind it. */
export const withoutSlash = (address: string) => address.replace(/\/+$/, "");

/** The head by which most servers take a key; none where there is none. */
export const bearer = ({ apiKey }: Connection): Record<string, string> =>
  apiKey ? { Authorization: `Bearer ${apiKey}` } : {};

/** A server's words without the key that it was asked with: some repeat it. */
export const withoutKey = (text: string, { apiKey }: Pick<Connection, "apiKey">) =>
  apiKey ? text.replaceAll(apiKey, "…") : text;

/** The body of a JSON answer with its size watched and its breaking off told as a problem. */
function guarded(body: ReadableStream<Uint8Array>, signal: AbortSignal | null | undefined): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let bytes = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        bytes += value.length;
        if (bytes > maxJsonBytes) throw problemOfGarbledAnswer(new Error("More than 32 MB in one answer."));
        controller.enqueue(value);
      } catch (cause) {
        controller.error(signal?.aborted ? signal.reason : isProblem(cause) ? cause : problemOfNetwork(cause));
        // The connection must not go on filling a buffer that nobody reads.
        await reader.cancel(cause).catch(() => undefined);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** For how many seconds a refusal asks to wait. */
function askedToWait({ headers }: Response): number | undefined {
  const milliseconds = retryAfterSeconds(headers.get("Retry-After-Ms"), Date.now());
  if (milliseconds !== undefined) return milliseconds / 1_000;
  return retryAfterSeconds(headers.get("Retry-After"), Date.now());
}

async function startOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return "";
  const decoder = new TextDecoder();
  let text = "";
  try {
    while (text.length < maxErrorBytes) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
    await reader.cancel();
  } catch (cause) {
    // The status alone says enough; the body only helps the log.
    return `${text} (broke off: ${String(cause)})`;
  }
  return text.slice(0, maxErrorBytes);
}

/**
 * `fetch` for a model provider: a refusal or a connection that cannot be made comes out as a `Problem` with its cause kept.
 * An abort by the caller is passed on as it is. The body is the provider's own: its reader has to bound it. `send`: a binding's, where there is one.
 */
export async function providerFetch(
  url: string | URL | Request,
  init?: RequestInit,
  send: typeof fetch = fetch,
): Promise<Response> {
  let response: Response;
  try {
    response = await send(url, init);
  } catch (cause) {
    if (init?.signal?.aborted) throw cause;
    throw problemOfNetwork(cause);
  }
  if (!response.ok) {
    const sent = new Headers(init?.headers);
    const [apiKey] = keyHeads.flatMap((head) => sent.get(head)?.replace(/^Bearer /, "") ?? []);
    throw problemOfStatus(response.status, withoutKey(await startOf(response), { apiKey }), askedToWait(response));
  }
  return response;
}

/** `providerFetch` for answers in one piece of JSON, which may have 32 MB. */
export async function providerFetchJson(
  url: string | URL | Request,
  init?: RequestInit,
  send?: typeof fetch,
): Promise<Response> {
  return boundedJson(await providerFetch(url, init, send), init?.signal);
}

/** An answer in one piece of JSON, which may have 32 MB. Throws where there is none. */
export function boundedJson({ body, status, headers }: Response, signal: AbortSignal | null | undefined): Response {
  if (!body) throw problemOfGarbledAnswer(new Error("The answer has no body."));
  return new Response(guarded(body, signal), { status, headers });
}

/** A GET of JSON from a provider within `milliseconds`. Throws problems only. */
export async function fetchProviderJson(
  url: string,
  headers: Record<string, string>,
  milliseconds: number,
): Promise<unknown> {
  const signal = AbortSignal.timeout(milliseconds);
  try {
    const response = await providerFetchJson(url, { headers, signal });
    return await response.json();
  } catch (cause) {
    if (isProblem(cause)) throw cause;
    if (signal.aborted) {
      throw new Problem("model_unavailable", "The model provider did not answer in time.", { cause });
    }
    throw problemOfGarbledAnswer(cause);
  }
}
