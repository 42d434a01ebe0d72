import { isProblem, Problem } from "../platform/errors.ts";
import { problemOfGarbledAnswer, problemOfNetwork, problemOfStatus, retryAfterSeconds } from "./failures.ts";

/** One event of a stream is a few hundred bytes; a line beyond this is a fault or an attack, and would fill the isolate. */
const maxLineBytes = 1_000_000;
/** A whole JSON answer: 64 embeddings of 3,072 numbers are about 3 MB. */
const maxJsonBytes = 32_000_000;
const maxErrorBytes = 4_000;
const lineFeed = 10;

/** Counts bytes as they pass; throws when there are more than the kind of answer may have. */
function createMeter(isEventStream: boolean): (chunk: Uint8Array) => void {
  let bytes = 0;
  return (chunk) => {
    const lastBreak = isEventStream ? chunk.lastIndexOf(lineFeed) : -1;
    const firstBreak = lastBreak < 0 ? -1 : chunk.indexOf(lineFeed);
    bytes += firstBreak < 0 ? chunk.length : firstBreak;
    if (bytes > (isEventStream ? maxLineBytes : maxJsonBytes)) {
      throw problemOfGarbledAnswer(
        new Error(`More than ${isEventStream ? "1 MB in one line" : "32 MB in one answer"}.`),
      );
    }
    if (lastBreak >= 0) bytes = chunk.length - lastBreak - 1;
  };
}

/** The body with its size watched and its breaking off told as a problem; the caller's own abort stays what it is. */
function guarded(body: ReadableStream<Uint8Array>, isEventStream: boolean, signal: AbortSignal | null | undefined) {
  const reader = body.getReader();
  const check = createMeter(isEventStream);
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) {
          controller.close();
          return;
        }
        check(value);
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
 * `fetch` for a model provider: whatever goes wrong on the wire comes out as a `Problem` with its cause kept, and no answer
 * can be larger than it may be. An abort by the caller is passed on as it is.
 */
export async function providerFetch(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(input, init);
  } catch (cause) {
    if (init?.signal?.aborted) throw cause;
    throw problemOfNetwork(cause);
  }
  if (!response.ok) {
    const retryAfter = retryAfterSeconds(response.headers.get("Retry-After"), Date.now());
    throw problemOfStatus(response.status, await startOf(response), retryAfter);
  }
  if (!response.body) throw problemOfGarbledAnswer(new Error("The answer has no body."));
  const isEventStream = response.headers.get("Content-Type")?.includes("text/event-stream") ?? false;
  const body = guarded(response.body, isEventStream, init?.signal);
  return new Response(body, { status: response.status, headers: response.headers });
}

/** A GET of JSON from a provider within `milliseconds`. Throws problems as `providerFetch` does. */
export async function fetchProviderJson(
  url: string,
  headers: Record<string, string>,
  milliseconds: number,
): Promise<unknown> {
  const signal = AbortSignal.timeout(milliseconds);
  try {
    const response = await providerFetch(url, { headers, signal });
    return await response.json();
  } catch (cause) {
    if (isProblem(cause)) throw cause;
    if (signal.aborted) {
      throw new Problem("model_unavailable", "The model provider did not answer in time.", { cause });
    }
    throw problemOfGarbledAnswer(cause);
  }
}
