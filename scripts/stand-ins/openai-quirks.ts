/** What servers of OpenAI's wire do that OpenAI's does not: what they send as it stands, what they refuse, and how they give vectors. */
import type { ServerResponse } from "node:http";
import { type ChatRequest, embeddingOf } from "./openai-answers.ts";
import { sendJson } from "./paced-response.ts";

/** Sends what the model's name says, byte by byte as it stands; true where it said so. */
export function sentRaw(options: URLSearchParams, response: ServerResponse): boolean {
  const raw = options.get("raw_body");
  if (raw === null) return false;
  response.writeHead(Number(options.get("status") ?? 200), {
    "Content-Type": options.get("type") ?? "text/event-stream",
  });
  if (options.has("hold")) response.write(raw);
  else response.end(raw);
  return true;
}

/** What of a request a server may refuse: a field of its body, or a role. */
const has = (request: ChatRequest, name: string) =>
  name === "stream" ? request.stream === true : name in request || request.messages?.some(({ role }) => role === name);

/** Refuses a request that has what the model's name says is refused, in the server's own words where it says some; true where it did. */
export function refused(request: ChatRequest, options: URLSearchParams, response: ServerResponse): boolean {
  const name = (options.get("refuses")?.split(",") ?? []).find((each) => has(request, each));
  if (name === undefined) return false;
  const message = options.get("says") ?? `Unsupported value: '${name}' is not supported with this model.`;
  sendJson(response, Number(options.get("status") ?? 400), { error: { message, type: "invalid_request_error" } });
  return true;
}

/** Answers with vectors: `most=N` refuses more texts, `vectors=` gives them shuffled, too few of them, bare, in base64, or the last of another size. */
export function sendVectors(request: ChatRequest, options: URLSearchParams, response: ServerResponse): void {
  const inputs = typeof request.input === "string" ? [request.input] : (request.input ?? []);
  const most = Number(options.get("most") ?? Number.POSITIVE_INFINITY);
  const error = options.get("says") ?? `batch size ${inputs.length} > maximum allowed batch size ${most}`;
  if (inputs.length > most)
    sendJson(response, Number(options.get("status") ?? 422), { error, error_type: "Validation" });
  else sendJson(response, 200, listOf(inputs, request.model, options.get("vectors")));
}

function listOf(inputs: string[], model: string | undefined, how: string | null) {
  const vectors = inputs.map(embeddingOf);
  if (how === "short") vectors.pop();
  if (how === "uneven") vectors.at(-1)?.pop();
  if (how === "bare") return { embeddings: vectors };
  const inBase64 = (vector: number[]) => Buffer.from(Float32Array.from(vector).buffer).toString("base64");
  const data = vectors.map((vector, index) => ({
    object: "embedding",
    index,
    embedding: how === "base64" ? inBase64(vector) : vector,
  }));
  if (how === "shuffled") data.reverse();
  return { object: "list", model, data, usage: { prompt_tokens: inputs.length, total_tokens: inputs.length } };
}
