import { APICallError } from "@ai-sdk/provider";
import { type ErrorCode, isProblem, Problem } from "../platform/errors.ts";
import { type ProviderWords, wordsOf } from "./provider-words.ts";

/** What a provider refuses or fails of. */
export type Fault =
  | "blocked"
  | "busy"
  | "context"
  | "credit"
  | "cut"
  | "key"
  | "loading"
  | "model"
  | "page"
  | "queue"
  | "rate"
  | "refused"
  | "unreachable";

/** What a provider's server answered instead of a result; kept as the `cause` of the problem that people see. */
export class ProviderError extends Error {
  override name = "ProviderError";
  readonly status: number;
  readonly fault: Fault;
  readonly words: ProviderWords;

  constructor(status: number, body: string, fault: Fault, words: ProviderWords) {
    super(`The model provider answered ${status}: ${body.slice(0, 300)}`);
    this.status = status;
    this.fault = fault;
    this.words = words;
  }
}

/** Why another model may be asked instead. */
export type FailureKind = "down" | "busy" | "refused" | "context" | "cut_prompt" | "queue" | "over_budget";

const kinds: Record<Fault, FailureKind> = {
  blocked: "refused",
  queue: "queue",
  context: "context",
  cut: "cut_prompt",
  credit: "refused",
  key: "refused",
  rate: "busy",
  loading: "busy",
  busy: "busy",
  model: "refused",
  page: "down",
  refused: "refused",
  unreachable: "down",
};

/** What the turn needs to know of a model's failure, whatever form it came in. */
export interface ModelFailure {
  code: Extract<ErrorCode, "rate_limited" | "model_unavailable" | "insufficient_credits" | "internal">;
  /** Null of a fault of our own: another model would change nothing. */
  kind: FailureKind | null;
  /** A sentence for a person. */
  message: string;
  /** The provider's own sentence, for those whose model it is: short, and without what looks like a key. */
  own?: string | undefined;
  /** Whether the same call may succeed a little later. */
  retryable: boolean;
  /** What the provider asked for, where it did. */
  retryAfterSeconds?: number | undefined;
  /** Whether the model is being loaded: asking again is then all that there is to do. */
  isLoading?: boolean;
}

const garbled = "The model's answer could not be read. Try again, or choose another model.";

const sentences: Record<Fault, string> = {
  blocked: "The model’s provider does not answer this by its own rules. Ask in other words, or choose another model.",
  context:
    "This is too long for the model. Ask something shorter, begin a new conversation, or choose a model that reads more.",
  cut: "The model would have read only a part of this, as its window is smaller than the prompt. Ask something shorter, begin a new conversation, or choose a model that reads more.",
  credit: "The model provider's account has nothing left to spend. Whoever pays for it has to look after that.",
  key: "The model provider refused the key. Whoever gave it has to check it.",
  queue: "There is a long line at the machine that the model runs on. Try again in a little while.",
  rate: "The model provider asks to slow down. Try again in a little while.",
  loading: "The model is still being loaded. Try again in a little while.",
  busy: "The model has too much to do at the moment. Try again in a little while.",
  model: "The model provider does not have this model. Choose another one.",
  page: "A web page answered, and no model. Whoever set up the provider has to check its address.",
  refused: "The model provider did not accept the request. Choose another model.",
  unreachable: "The model provider cannot be reached at the moment. Try again in a little while.",
};

const passing: ReadonlySet<Fault> = new Set(["rate", "loading", "busy", "unreachable"]);
/** How long a model that is being loaded is left alone, in seconds. */
const loadingSeconds = 3;

/** What the words say, whatever status they came with: the first that fits. */
const byWords: [Fault, RegExp][] = [
  [
    "context",
    /context.?(?:length|size|window|limit)|(?:prompt|input|message|request|conversation|text)s?[^.]{0,40}(?:is|are) too (?:long|large)|(?:input|prompt)[_ ]too[_ ]long|token (?:count|limit)[^.]{0,60}exceed|exceed[^.]{0,60}(?:max(?:imum)?[^.]{0,30}tokens|token limit|n_ctx)|too many (?:input |prompt )?tokens|reduce the length|tokens? \+ `?max_new_tokens|must have less than \d+ tokens|string_above_max_length|上下文|超过.{0,12}(?:长度|token)/i,
  ],
  [
    "blocked",
    /(?:input|prompt|content|message)[^.]{0,30}\b(?:flagged|blocked)\b|content.?(?:policy|filter|management)|\bmoderation\b|prohibited.?content|guardrail/i,
  ],
  [
    "credit",
    /insufficient.?(?:quota|balance|credits?|funds)|(?:credit|balance)[^.]{0,30}(?:too low|exhausted|insufficient)|billing_(?:hard_limit|not_active)|payment.?required|余额不足|欠费/i,
  ],
  [
    "loading",
    /loading (?:the )?model|model[^\n]{0,60}(?:is|being) (?:currently |still )?load(?:ing|ed)\b|model_loading|warming up|cold start/i,
  ],
  ["refused", /requires more (?:system |gpu )?memory|not enough memory/i],
  ["rate", /rate.?limit|too many requests|slow.?down|throttl|resource.?exhausted|quota|tokens per min|请求过于频繁/i],
  [
    "busy",
    /overload|too busy|server.?busy|at capacity|over capacity|no (?:available|healthy) (?:workers?|upstream|endpoints?)|queue is full|capacity (?:temporarily )?exceeded/i,
  ],
  [
    "key",
    /(?:invalid|incorrect|missing|wrong|expired|no)[^.]{0,20}(?:api.?key|credential|token provided|authentication)|unauthori[sz]ed|authentication.?(?:error|failed|required)|permission.?denied|api.?key[^.]{0,30}(?:not valid|invalid|expired|missing)/i,
  ],
  [
    "model",
    /model.?not.?(?:found|available|exist|loaded|supported)|(?:no such|unknown|invalid) model|model[^\n]{0,120}(?:not found|(?:does|do) not exist|is not (?:available|supported|found|loaded)|no longer available|has been (?:deprecated|removed))|deployment.?not.?found|no models? (?:loaded|available)|not a valid model/i,
  ],
];

/** What a provider’s answer means: its status tells the plain cases, its words all others. */
function faultOf(status: number, { text, isPage }: ProviderWords): Fault {
  if (isPage && status < 500) return status === 401 || status === 403 ? "key" : "page";
  const spoken = byWords.find(([, words]) => words.test(text))?.[0];
  if (status === 429) return spoken === "credit" || spoken === "context" ? spoken : "rate";
  if (status === 401 || status === 403)
    return spoken && ["blocked", "credit", "model"].includes(spoken) ? spoken : "key";
  if (spoken) return spoken;
  if (status === 402) return "credit";
  if (status === 404) return "model";
  if (status === 413) return "context";
  if (status === 529) return "busy";
  return status >= 500 || status === 408 ? "unreachable" : "refused";
}

/** Seconds from a `Retry-After` header (seconds or an HTTP date), or undefined. */
export function retryAfterSeconds(header: string | null, now: number): number | undefined {
  if (header === null || header.trim() === "") return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, (at - now) / 1000);
}

function problemOfWords(status: number, body: string, words: ProviderWords, retryAfter?: number): Problem {
  const fault = faultOf(status, words);
  return new Problem(fault === "rate" ? "rate_limited" : "model_unavailable", sentences[fault], {
    cause: new ProviderError(status, body, fault, words),
    ...(passing.has(fault) ? { retryAfterSeconds: retryAfter ?? words.retryAfterSeconds } : {}),
  });
}

/** The problem for an HTTP answer that is not a result. */
export function problemOfStatus(status: number, body: string, retryAfter?: number): Problem {
  return problemOfWords(status, body, wordsOf(body), retryAfter);
}

/** The problem for an error that came in the place of a result, behind a status that told of none. */
export function problemOfSaid(said: unknown): Problem {
  const words = wordsOf(said);
  const body = typeof said === "string" ? said : JSON.stringify(said);
  // Without a status of its own it counts as the server's failure, which may pass.
  return problemOfWords(words.status ?? (words.isPage ? 200 : 500), body, words);
}

/** The problem for what a provider's caller found out of its answer. */
export const problemOfFault = (fault: Fault, sentence: string, status = 200): Problem =>
  new Problem("model_unavailable", sentence, {
    cause: new ProviderError(status, sentence, fault, wordsOf("")),
  });

/** The problem for a connection that could not be made or broke. */
export function problemOfNetwork(cause: unknown): Problem {
  return new Problem("model_unavailable", sentences.unreachable, { cause });
}

/** The problem for an answer that breaks its own format. */
export function problemOfGarbledAnswer(cause: unknown): Problem {
  return new Problem("model_unavailable", garbled, { cause });
}

/** An answer that came to its end without a word of text: the same call would most likely come to the same. */
export class EmptyAnswer extends Error {
  override name = "EmptyAnswer";
}

/** The problem for an answer that has nothing in it. */
export const problemOfEmptyAnswer = (sentence: string) =>
  new Problem("model_unavailable", sentence, { cause: new EmptyAnswer(sentence) });

function* chainOf(error: unknown): Generator<unknown> {
  let current = error;
  for (let depth = 0; current !== undefined && current !== null && depth < 6; depth++) {
    yield current;
    current = (current as { cause?: unknown }).cause;
  }
}

/** What the provider itself answered, under whatever it was wrapped in; undefined where it answered nothing. */
export function providerErrorIn(error: unknown): ProviderError | undefined {
  for (const link of chainOf(error)) if (link instanceof ProviderError) return link;
  return undefined;
}

function ofProblem(problem: Problem): ModelFailure {
  if (problem.code === "insufficient_credits")
    return { code: problem.code, kind: "over_budget", message: problem.message, retryable: false };
  const said = providerErrorIn(problem);
  const code = problem.code === "rate_limited" || problem.code === "model_unavailable" ? problem.code : "internal";
  const isFinal = said ? !passing.has(said.fault) : problem.cause instanceof EmptyAnswer;
  const isLoading = said?.fault === "loading";
  const unsaid = problem.cause instanceof EmptyAnswer ? "refused" : code === "rate_limited" ? "busy" : "down";
  const kind = said ? kinds[said.fault] : unsaid;
  return {
    code,
    kind: code === "internal" ? null : kind,
    message: problem.message,
    ...(said?.words.sentence ? { own: said.words.sentence } : {}),
    retryable: code !== "internal" && !isFinal,
    retryAfterSeconds: problem.retryAfterSeconds ?? (isLoading ? loadingSeconds : undefined),
    ...(isLoading ? { isLoading } : {}),
  };
}

const garbledNames = /JSONParseError|TypeValidationError|InvalidResponseData|EmptyResponseBody|NoContentGenerated/;

/**
 * Sorts anything that a model call threw, or that came as an `error` part of its stream. What is not known to be the
 * provider's fault is `internal`: it is then our own bug, and trying again would hide it.
 */
export function classifyModelFailure(error: unknown): ModelFailure {
  for (const link of chainOf(error)) {
    if (isProblem(link)) return ofProblem(link);
  }
  for (const link of chainOf(error)) {
    if (APICallError.isInstance(link)) {
      return ofProblem(
        link.statusCode && link.statusCode >= 400
          ? problemOfStatus(link.statusCode, link.responseBody ?? "")
          : problemOfGarbledAnswer(link),
      );
    }
  }
  if (error instanceof Error || error instanceof DOMException) {
    if (error.name === "TimeoutError") return ofProblem(problemOfNetwork(error));
    if (garbledNames.test(error.name)) return ofProblem(problemOfGarbledAnswer(error));
  } else if (typeof error === "object" && error !== null && ("message" in error || "code" in error)) {
    return ofProblem(problemOfSaid(error));
  }
  return {
    code: "internal",
    kind: null,
    message: "Something went wrong while the answer was written.",
    retryable: false,
  };
}

/** A failure in a sentence, with what the provider says: for those whose model it is. */
export const withOwnWords = ({ message, own }: Pick<ModelFailure, "message" | "own">) =>
  own ? `${message} The provider says: “${own}”` : message;

/** What a failed call of a model comes out as where trying again is the caller's own affair: always `model_unavailable`. */
export function modelUnavailable(cause: unknown): Problem {
  const { message, retryAfterSeconds } = classifyModelFailure(cause);
  return new Problem("model_unavailable", message, { cause, retryAfterSeconds });
}
