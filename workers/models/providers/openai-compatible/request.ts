import { isProblem } from "../../../platform/errors.ts";
import { providerErrorIn } from "../../failures.ts";

type Body = Record<string, unknown>;
interface Message extends Body {
  role: string;
  content: unknown;
}

/** What a request may have to do without, as its server or its model refuses it. */
const changes = {
  "no stream_options": ({ stream_options: _, ...rest }: Body): Body => rest,
  "no stream": ({ stream: _, stream_options: __, ...rest }: Body): Body => rest,
  max_completion_tokens: ({ max_tokens, ...rest }: Body): Body =>
    max_tokens === undefined ? rest : { ...rest, max_completion_tokens: max_tokens },
  "no limit": ({ max_tokens: _, max_completion_tokens: __, ...rest }: Body): Body => rest,
  "no temperature": ({ temperature: _, ...rest }: Body): Body => rest,
  "no top_p": ({ top_p: _, ...rest }: Body): Body => rest,
  "no reasoning": ({ reasoning_effort: _, ...rest }: Body): Body => rest,
  "no stop": ({ stop: _, ...rest }: Body): Body => rest,
  "no schema": (body: Body): Body => ({ ...body, response_format: { type: "json_object" } }),
  "no format": ({ response_format: _, ...rest }: Body): Body => rest,
  "no parallel_tool_calls": ({ parallel_tool_calls: _, ...rest }: Body): Body => rest,
  "no system": (body: Body): Body => ({ ...body, messages: withoutSystem(body.messages as Message[]) }),
  "in turns": (body: Body): Body => ({ ...body, messages: inTurns(withoutSystem(body.messages as Message[])) }),
} as const;
type Change = keyof typeof changes;

/** Two contents as one: texts as a text, others as parts. */
function together(first: unknown, second: unknown): unknown {
  if (typeof first === "string" && typeof second === "string") return `${first}\n\n${second}`;
  const parts = (content: unknown) => (typeof content === "string" ? [{ type: "text", text: content }] : content);
  return [parts(first), parts(second)].flat();
}

const isInstruction = ({ role }: Message) => role === "system" || role === "developer";

/** The messages with their instructions told by the person who asks first. */
function withoutSystem(messages: Message[]): Message[] {
  const instructions = messages.filter(isInstruction).map(({ content }) => content);
  const spoken = messages.filter((message) => !isInstruction(message));
  if (instructions.length === 0) return spoken;
  const told = instructions.reduce(together);
  const first = spoken.findIndex(({ role }) => role === "user");
  if (first < 0) return [{ role: "user", content: told }, ...spoken];
  return spoken.map((message, i) => (i === first ? { ...message, content: together(told, message.content) } : message));
}

/** The messages as one by a person and one by the model in turns, the person's first. */
function inTurns(messages: Message[]): Message[] {
  const turns: Message[] = [];
  for (const message of messages) {
    const last = turns.at(-1);
    if (last?.role === message.role)
      turns[turns.length - 1] = { ...last, content: together(last.content, message.content) };
    else turns.push(message);
  }
  return turns[0]?.role === "assistant" ? [{ role: "user", content: "…" }, ...turns] : turns;
}

/** What a refusal names, and what is done about it: the first whose words fit, and which the request still has. */
const refusals: [words: RegExp, change: Change, applies: (body: Body) => boolean][] = [
  [/stream.?options|include.?usage/i, "no stream_options", ({ stream_options }) => stream_options !== undefined],
  [/\bstream(?:ing|ed)?\b/i, "no stream", ({ stream }) => stream === true],
  [/max_(?:completion_|output_|new_)?tokens/i, "max_completion_tokens", ({ max_tokens }) => max_tokens !== undefined],
  [/max_(?:completion_|output_|new_)?tokens/i, "no limit", (body) => body.max_completion_tokens !== undefined],
  [
    /temperature[^\n]+top_?p[^\n]+both|both[^\n]+temperature[^\n]+top_?p/i,
    "no top_p",
    ({ top_p }) => top_p !== undefined,
  ],
  [/temperature/i, "no temperature", ({ temperature }) => temperature !== undefined],
  [/top_?p\b/i, "no top_p", ({ top_p }) => top_p !== undefined],
  [
    /json.?schema|response.?format|structured.?output/i,
    "no schema",
    ({ response_format }) => (response_format as Body | undefined)?.type === "json_schema",
  ],
  [/json|response.?format/i, "no format", ({ response_format }) => response_format !== undefined],
  [/parallel/i, "no parallel_tool_calls", (body) => body.parallel_tool_calls !== undefined],
  [/reasoning/i, "no reasoning", ({ reasoning_effort }) => reasoning_effort !== undefined],
  [/\bstop\b/i, "no stop", ({ stop }) => stop !== undefined],
  [/alternat|must (?:start|begin) with (?:a )?.?user|consecutive/i, "in turns", () => true],
  [
    /\b(?:system|developer)\b[^\n]{0,60}(?:role|message|prompt|instruction)|role[^\n]{0,80}\b(?:system|developer)\b|developer instruction|["'`](?:system|developer)["'`]|only user(?:,| and)|role[^\n]{0,40}should be .?user/i,
    "no system",
    ({ messages }) => (messages as Message[]).some(isInstruction),
  ],
];

/** A value that is refused, where others of the field may not be: the next request says it anew. */
const isAboutValue =
  /too (?:large|big|high|small|low)|must be (?:<|>|less|greater|between|at (?:most|least)|in)|out of range|maximum (?:value|allowed)|less than or equal|at most|exceeds?\b|greater than/i;
const isOutright =
  /unsupported|not supported|(?:does|do)(?: not|n['’]t) support|not permitted|not allowed|unrecogni[sz]ed|unknown|unexpected|extra[_ ]/i;

/** The statuses of refusals of what a request says; templates that fail on a role come as a fault of the server. */
const isRefusal = (status: number) => [400, 404, 405, 406, 415, 422, 500, 501].includes(status);

/** A request that learns from what its server refuses: asked again once without that, and without it from the start the next time. */
export class LearnedRequest {
  /** What all later requests to this model of this server do without. */
  readonly #learned = new Set<Change>();

  /**
   * Sends a body, again without whatever is refused by name, each once; what is refused without a word of why is asked once more without what not every server
   * knows. Throws what `send` throws where nothing is left to do about it.
   */
  async send<T>(body: Body, send: (body: Body) => Promise<T>): Promise<T> {
    const tried = new Set<Change>(this.#learned);
    for (;;) {
      const changed = [...tried].reduce((changing, change) => changes[change](changing), body);
      try {
        return await send(changed);
      } catch (error) {
        const change = changeFor(error, changed, tried);
        if (!change) throw error;
        tried.add(change.made);
        if (change.isLasting) this.#learned.add(change.made);
      }
    }
  }
}

/** What is to be done about a refusal; null where it is none, or there is nothing. */
function changeFor(error: unknown, body: Body, tried: Set<Change>): { made: Change; isLasting: boolean } | null {
  const said = isProblem(error) ? providerErrorIn(error) : undefined;
  if (!said || !isRefusal(said.status)) return null;
  const { text } = said.words;
  const isLimit = /max_(?:completion_|output_|new_)?tokens/i.test(text);
  if (["credit", "key", "rate", "page"].includes(said.fault) || (said.fault === "context" && !isLimit)) return null;
  const isOfValue = isAboutValue.test(text) && !isOutright.test(text);
  if (isLimit && (isOfValue || said.fault === "context"))
    return tried.has("no limit") ? null : { made: "no limit", isLasting: false };
  const named = refusals.find(([words, change, applies]) => !tried.has(change) && words.test(text) && applies(body));
  if (named) return { made: named[1], isLasting: !isOfValue };
  const isUnsaid = said.status === 400 || said.status === 422;
  if (!isUnsaid || body.stream_options === undefined || said.fault === "model") return null;
  return { made: "no stream_options", isLasting: false };
}
