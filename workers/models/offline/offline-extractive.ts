import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
} from "@ai-sdk/provider";
import { z } from "zod";
import { nearestHeading } from "../../text/section-path.ts";
import { estimateTokens } from "../../text/tokens.ts";
import { askedPart, fold } from "../../text/words.ts";
import { offlineExtractiveId } from "../offline-ids.ts";
import type { ChatModel, OfferedKnowledge } from "../ports/chat-model.ts";
import { builtInPrice } from "../price-row.ts";
import { extractAnswer, type Quote } from "./extract-answer.ts";

const offered: z.ZodType<OfferedKnowledge> = z.object({
  question: z.string(),
  passages: z.array(
    z.object({
      index: z.number().int().positive(),
      source: z.string(),
      page: z.number().nullable(),
      section: z.string().nullable(),
      text: z.string(),
      score: z.number(),
    }),
  ),
});

const greeting =
  /^(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening|day)|greetings|hallo|hola|bonjour|salut|ciao|guten (?:tag|morgen|abend))(?: (?:there|all|everyone|again))?[\s!.,?]*$/;
const thanks =
  /^(?:(?:ok(?:ay)?|great|perfect|cool)[\s,!.]*)?(?:thanks?|thank you|thx|cheers|merci|danke|gracias|grazie)(?: (?:you|a lot|so much|very much|again|schon|beaucoup))*[\s!.,]*$/;
const farewell = /^(?:bye|goodbye|good bye|see you|ciao|tschuss|adios|au revoir)[\s!.,]*$/;

const sentences = {
  greeting: "Hello! Ask me something, and I will answer with sentences from the documents.",
  thanks: "You are welcome. Ask on whenever you like.",
  farewell: "Goodbye!",
  empty:
    "I am the offline reader: I answer only by quoting documents, and there are none here that I could read yet. Once a document has been added and read, ask me about it.",
  notFound: "The documents do not contain an answer to this.",
};

/** The sources that came nearest, so that a person sees what could be asked about instead. */
function nearest({ passages }: OfferedKnowledge): string {
  const sources = [
    ...new Set(passages.map(({ section, source }) => (section ? nearestHeading(section) : source))),
  ].slice(0, 3);
  const named = sources.map((source) => `“${source.replace(/[[\]]/g, "")}”`);
  if (named.length === 0) return "";
  const last = named.pop();
  return ` The nearest parts are ${named.length > 0 ? `${named.join(", ")} and ` : ""}${last}.`;
}

function write(quotes: Quote[]): string {
  let text = "";
  let afterItem = false;
  for (const { text: quote, index, isItem } of quotes) {
    const lead = text === "" ? "" : isItem || afterItem ? "\n" : " ";
    text += `${afterItem && !isItem ? "\n\n" : lead}${isItem && quotes.length > 1 ? "- " : ""}${quote} [${index}]`;
    afterItem = isItem && quotes.length > 1;
  }
  return text;
}

/** The whole answer of the offline reader; `previous` is the question asked before. */
export function readOffline(given: OfferedKnowledge, previous?: string): string {
  const knowledge = { ...given, question: askedPart(given.question) };
  const message = fold(knowledge.question).trim();
  if (greeting.test(message)) return sentences.greeting;
  if (thanks.test(message)) return sentences.thanks;
  if (farewell.test(message)) return sentences.farewell;
  if (knowledge.passages.length === 0) return sentences.empty;
  const quotes = extractAnswer(knowledge, previous && askedPart(previous));
  return quotes.length > 0 ? write(quotes) : `${sentences.notFound}${nearest(knowledge)}`;
}

/** What the person said, oldest first. */
function userTexts({ prompt }: LanguageModelV4CallOptions): string[] {
  return prompt.flatMap((message) =>
    message.role === "user" ? message.content.map((part) => (part.type === "text" ? part.text : "")).join(" ") : [],
  );
}

function promptTokens({ prompt }: LanguageModelV4CallOptions): number {
  return prompt.reduce((sum, { content }) => {
    if (typeof content === "string") return sum + estimateTokens(content);
    return content.reduce((inner, part) => inner + (part.type === "text" ? estimateTokens(part.text) : 0), sum);
  }, 0);
}

interface Answer {
  deltas: string[];
  finishReason: LanguageModelV4FinishReason;
  usage: LanguageModelV4Usage;
}

function answer(options: LanguageModelV4CallOptions): Answer {
  const given = options.providerOptions?.understudy;
  const said = userTexts(options);
  const knowledge = given ? offered.parse(given) : { question: said.at(-1) ?? "", passages: [] };
  const words = readOffline(knowledge, said.at(-2)).match(/\s*\S+/g) ?? [];
  const limit = options.maxOutputTokens ?? Number.POSITIVE_INFINITY;
  const deltas: string[] = [];
  let text = "";
  for (const word of words) {
    if (estimateTokens(text + word) > limit) break;
    text += word;
    deltas.push(word);
  }
  const input = promptTokens(options);
  const output = estimateTokens(text);
  return {
    deltas,
    finishReason: { unified: deltas.length === words.length ? "stop" : "length", raw: undefined },
    usage: {
      inputTokens: { total: input, noCache: input, cacheRead: undefined, cacheWrite: undefined },
      outputTokens: { total: output, text: output, reasoning: undefined },
    },
  };
}

function* partsOf({ deltas, finishReason, usage }: Answer): Generator<LanguageModelV4StreamPart> {
  yield { type: "stream-start", warnings: [] };
  yield { type: "text-start", id: "0" };
  for (const delta of deltas) yield { type: "text-delta", id: "0", delta };
  yield { type: "text-end", id: "0" };
  yield { type: "finish", finishReason, usage };
}

/**
 * The built-in reader: quotes sentences of the passages in `providerOptions.understudy` with their markers, or says that they
 * hold no answer. No weights, no network, the same answer every time; sampling settings mean nothing to it.
 */
const model: LanguageModelV4 = {
  specificationVersion: "v4",
  provider: "offline",
  modelId: "extractive",
  supportedUrls: {},
  async doGenerate(options) {
    options.abortSignal?.throwIfAborted();
    const { deltas, finishReason, usage } = answer(options);
    return { content: [{ type: "text", text: deltas.join("") }], finishReason, usage, warnings: [] };
  },
  async doStream(options) {
    const { abortSignal } = options;
    abortSignal?.throwIfAborted();
    const parts = partsOf(answer(options));
    const stream = new ReadableStream<LanguageModelV4StreamPart>(
      {
        // One part a pull: whoever reads decides the pace, and an abort is seen between any two words.
        pull(controller) {
          if (abortSignal?.aborted) return controller.error(abortSignal.reason);
          const { done, value } = parts.next();
          if (done) controller.close();
          else controller.enqueue(value);
        },
      },
      { highWaterMark: 0 },
    );
    return { stream };
  },
};

export const offlineExtractive: ChatModel = {
  info: {
    id: offlineExtractiveId,
    provider: "offline",
    name: "extractive",
    lane: "offline",
    contextWindow: 128_000,
    isWindowKnown: true,
    outputLimit: null,
    vision: false,
    tools: false,
    reasoning: false,
    lacks: ["vision", "tools", "json"],
    price: builtInPrice,
    offline: true,
  },
  model,
  connection: null,
};
