import { problemOfStatus } from "../../failures.ts";
import type { Take } from "../sdk-model.ts";

/** What of the `AI` binding is used: it answers `unknown`, as models come and go faster than its types. */
export interface AiBinding {
  run(model: string, input: object, options?: { signal?: AbortSignal }): Promise<unknown>;
  models(params?: { per_page?: number }): Promise<unknown>;
}

/** The statuses of Cloudflare's own codes; any other is a failure of its server. */
const statuses: Record<string, number> = {
  3003: 400,
  3006: 413,
  3007: 408,
  3008: 408,
  3023: 403,
  3036: 402,
  3039: 400,
  3040: 503,
  3041: 403,
  3042: 404,
  5004: 400,
  5007: 404,
  5016: 403,
  5018: 403,
};

/** What a call of the binding failed of. */
function problemOfBinding(cause: unknown) {
  const message = cause instanceof Error ? cause.message : String(cause);
  const [, code = ""] = /^(?:\w+: )?(\d{4})\b/.exec(message) ?? [];
  return problemOfStatus(statuses[code] ?? 500, message);
}

/** Asks a model. Throws a `Problem`, or the signal's reason. */
async function run(ai: AiBinding, ...[model, input, options]: Parameters<AiBinding["run"]>): Promise<unknown> {
  try {
    return await ai.run(model, input, options);
  } catch (cause) {
    throw options?.signal?.aborted ? options.signal.reason : problemOfBinding(cause);
  }
}

/** The bytes of an answer, which some models give whole though a stream was asked for; what was asked for as JSON comes parsed. */
function bodyOf(said: unknown): ReadableStream<Uint8Array> {
  if (said instanceof ReadableStream) return said;
  const { response } = said as { response?: unknown };
  const isParsed = typeof response === "object" && response !== null;
  const { body } = Response.json(isParsed ? { ...(said as object), response: JSON.stringify(response) } : said);
  return body as ReadableStream<Uint8Array>;
}

/** The binding as an SDK has it: what it fails of is told as what it is, and with `take` the SDK gets an empty stream in an answer's place. */
export const bindingFor = (ai: AiBinding, take?: Take) => ({
  async run(...asked: Parameters<AiBinding["run"]>): Promise<unknown> {
    const said = await run(ai, ...asked);
    if (!take) return said;
    take(bodyOf(said));
    return new Response("").body;
  },
});
