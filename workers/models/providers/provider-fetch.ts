import { isProblem, Problem } from "../../platform/errors.ts";
import { fetchPolicy, guardedStream } from "../../platform/fetch/guarded-fetch.ts";
import { createRuntime } from "../../platform/runtime.ts";
import {
  problemOfFault,
  problemOfGarbledAnswer,
  problemOfNetwork,
  problemOfStatus,
  retryAfterSeconds,
} from "../failures.ts";
import type { Connection } from "../ports/connection.ts";
import { maxEventLength } from "./event-lines.ts";

/** By what a call goes, and in which Worker. */
export interface Reach {
  connection: Connection;
  env: Env;
  /** A binding's own `fetch`, where there is one. */
  send?: typeof fetch | undefined;
}

/** A whole JSON answer: 64 embeddings of 3,072 numbers are about 3 MB. */
const maxJsonBytes = 32_000_000;
const maxErrorBytes = 4_000;
const newline = 0x0a;
/** How long a provider may take to list its models. */
export const listWithinMs = 2_000;
/** An address as it is set up, so that a path can be put behind it. */
export const withoutSlash = (address: string) => address.replace(/\/+$/, "");

/** The head by which most servers take a key; none where there is none. */
export const bearer = ({ apiKey }: Connection): Record<string, string> =>
  apiKey ? { Authorization: `Bearer ${apiKey}` } : {};

/** A server's words without the secrets that it was asked with: some repeat them. */
export const withoutKey = (text: string, { apiKey, headers }: Pick<Connection, "apiKey" | "headers">) =>
  [apiKey, ...Object.values(headers ?? {})].reduce((words: string, secret) => {
    return secret ? words.replaceAll(secret, "…") : words;
  }, text);

/** The body of an answer with its size watched, and that of each line where it comes as events, and its breaking off told as a problem. */
function guarded(
  body: ReadableStream<Uint8Array>,
  hasLines: boolean,
  signal: AbortSignal | null | undefined,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let [bytes, line] = [0, 0];
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (done) return controller.close();
        bytes += value.length;
        if (bytes > maxJsonBytes) throw problemOfGarbledAnswer(new Error("More than 32 MB in one answer."));
        const lineEnd = hasLines ? value.lastIndexOf(newline) : value.length;
        line = lineEnd < 0 ? line + value.length : value.length - lineEnd;
        if (line > maxEventLength) throw problemOfGarbledAnswer(new Error("More than 1 MB in one event."));
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

/** What is called where somebody other than the operator gave the address: never the network that the Worker runs in, unless the operator allowed the host. */
function guardedSend({ env }: Reach): typeof fetch {
  const { config } = createRuntime(env);
  const policy = {
    ...fetchPolicy(env, config),
    highPorts: true,
    allowedHosts: config.MODEL_HOSTS,
    inside: "The address leads into a private network. Whoever runs this server can allow its host: MODEL_HOSTS.",
  };
  return (url, init = {}) => guardedStream(policy, url instanceof Request ? url.url : String(url), init);
}

const sendOf = (reach: Reach): typeof fetch => reach.send ?? (reach.connection.isGuarded ? guardedSend(reach) : fetch);

/** The problem for a call that came to no answer. */
function problemOfCall(cause: unknown): Problem {
  if (!isProblem(cause)) return problemOfNetwork(cause);
  return problemOfFault(cause.code === "fetch_refused" ? "refused" : "unreachable", cause.message);
}

const redirected =
  "The address leads on to another one, and what is sent is meant for it alone. Give the last address of those.";

/**
 * `fetch` for a model provider: a refusal or a connection that cannot be made comes out as a `Problem` with its cause kept.
 * An abort by the caller is passed on as it is. The body is the provider's own: its reader has to bound it.
 */
export async function providerFetch(reach: Reach, url: string | URL | Request, init?: RequestInit): Promise<Response> {
  let response: Response;
  try {
    // What is sent is meant for this address: another one may be a cloud's, or in the network that the Worker runs in.
    response = await sendOf(reach)(url, { ...init, redirect: "manual" });
  } catch (cause) {
    if (init?.signal?.aborted) throw cause;
    throw problemOfCall(cause);
  }
  const { connection } = reach;
  if (response.status >= 300 && response.status < 400) {
    await response.body?.cancel();
    throw problemOfFault("refused", redirected, response.status);
  }
  if (!response.ok)
    throw problemOfStatus(response.status, withoutKey(await startOf(response), connection), askedToWait(response));
  return response;
}

/** `providerFetch` for answers in one piece of JSON, which may have 32 MB. */
export async function providerFetchJson(
  reach: Reach,
  url: string | URL | Request,
  init?: RequestInit,
): Promise<Response> {
  return boundedJson(await providerFetch(reach, url, init), init?.signal);
}

/** An answer in one piece of JSON, which may have 32 MB. Throws where there is none. */
export function boundedJson({ body, status, headers }: Response, signal: AbortSignal | null | undefined): Response {
  if (!body) throw problemOfGarbledAnswer(new Error("The answer has no body."));
  const hasLines = headers.get("Content-Type")?.startsWith("text/event-stream") === true;
  return new Response(guarded(body, hasLines, signal), { status, headers });
}

/** A GET of JSON from a provider within `milliseconds`. Throws problems only. */
export async function fetchProviderJson(
  reach: Reach,
  url: string,
  headers: Record<string, string>,
  milliseconds: number,
): Promise<unknown> {
  const signal = AbortSignal.timeout(milliseconds);
  try {
    const response = await providerFetchJson(reach, url, { headers, signal });
    return await response.json();
  } catch (cause) {
    if (isProblem(cause)) throw cause;
    if (signal.aborted) {
      throw new Problem("model_unavailable", "The model provider did not answer in time.", { cause });
    }
    throw problemOfGarbledAnswer(cause);
  }
}
