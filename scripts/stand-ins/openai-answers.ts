/** What the stand-in for models says: words, vectors, and how much of both. */

const embeddingDimensions = 96;

export interface ChatRequest {
  model?: string;
  stream?: boolean;
  stream_options?: { include_usage?: boolean };
  max_tokens?: number;
  messages?: { role: string; content: string | { type: string; text?: string }[] }[];
  response_format?: unknown;
  tools?: unknown[];
  input?: string | string[];
  /** Of a rerank request. */
  query?: string;
  documents?: string[];
}

function textOf(content: string | { type: string; text?: string }[] | undefined): string {
  if (typeof content === "string") return content;
  return (content ?? []).map((part) => part.text ?? "").join(" ");
}

/** The calls of tools that were ordered, as `calls=name:{"a":1}|name:{}`; none once a tool has answered, and none without tools. */
export function callsOf({ messages = [], tools }: ChatRequest, options: URLSearchParams) {
  const ordered = options.get("calls");
  if (ordered === null || !tools || messages.at(-1)?.role === "tool") return [];
  return ordered.split("|").map((call, index) => {
    const [name = "", ...input] = call.split(":");
    return { index, id: `call_${index + 1}`, type: "function", function: { name, arguments: input.join(":") } };
  });
}

/** The answer's tokens: the reply that was ordered, or the question again and then counted words. */
export function* wordsOf(request: ChatRequest, options: URLSearchParams, tokens: number): Generator<string> {
  const reply = options.get("reply");
  if (reply !== null) {
    yield* reply.match(/\s*\S+/g) ?? [];
    return;
  }
  const question = textOf(request.messages?.findLast(({ role }) => role === "user")?.content);
  const cites = request.messages?.some(({ content }) => textOf(content).includes("[1]"));
  const opening = `You asked: ${question.slice(-120).trim()}${cites ? " [1]" : ""}.`.match(/\s*\S+/g) ?? [];
  for (let i = 0; i < tokens; i++) yield opening[i] ?? ` word${i + 1}`;
}

/** A vector that depends on the text's words alone. Not of unit length: callers have to see to that themselves. */
export function embeddingOf(text: string): number[] {
  const vector = new Array<number>(embeddingDimensions).fill(0);
  for (const word of text.toLowerCase().match(/\p{L}+|\p{N}+/gu) ?? []) {
    let hash = 2166136261;
    for (const character of word) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619) >>> 0;
    const at = hash % embeddingDimensions;
    vector[at] = (vector[at] ?? 0) + (hash & 0x10000 ? 3 : -3);
  }
  return vector;
}

/** What was read and written, at four characters a token. */
export function usageOf(request: ChatRequest, completion: number) {
  const prompt = (request.messages ?? []).reduce((sum, { content }) => sum + Math.ceil(textOf(content).length / 4), 0);
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
}

/** What is told of those tokens: how many it had read before, and how many it thought. */
export function detailsOf(options: URLSearchParams) {
  const [cached, thought] = [options.get("cached"), options.get("thought")];
  return {
    ...(cached ? { prompt_tokens_details: { cached_tokens: Number(cached) } } : {}),
    ...(thought ? { completion_tokens_details: { reasoning_tokens: Math.ceil(thought.length / 4) } } : {}),
  };
}
