import { cleanLine } from "../platform/single-line.ts";

/** How much of a provider's sentence is told. */
const longestSentence = 300;
/** How deep servers wrap the errors of servers behind them. */
const mostWrapped = 5;

/** What providers answer with instead of a result, whatever shape they give it. */
export interface ProviderWords {
  /** The provider's own sentence for a person, short and without secrets; null where it said nothing. */
  sentence: string | null;
  /** All words by which it can be sorted: codes, types and sentences. */
  text: string;
  /** The HTTP status that the error itself names. */
  status: number | undefined;
  retryAfterSeconds: number | undefined;
  /** Whether it is a web page, as proxies and captive portals send. */
  isPage: boolean;
}

const keys =
  /\b(?:sk|pk|rk|gsk|xai|hf|nvapi|pplx|key|org|proj|req|user|acct)[-_][\w*.-]{6,}|\bAIza[\w-]{16,}|\beyJ[\w-]{8,}\.[\w.-]+|\b(?=\w*\d)[\w+=*]{32,}/gi;

/** A text of somebody else's server as one line for a person: bounded, and without what looks like a key. */
export function ownSentence(text: string): string | null {
  const line = cleanLine(text, 4 * longestSentence)
    .replace(/\bbearer\s+\S+/gi, "…")
    .replace(/([?&](?:api[-_]?key|key|token|sig)=)[^&\s"']+/gi, "$1…")
    .replace(/(:\/\/)[^/\s@]+@/g, "$1")
    .replace(keys, "…");
  return cleanLine(line, longestSentence) || null;
}

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The value in a text that is JSON; also in one that was cut off, as far as that goes. */
function valueIn(text: string): unknown {
  const trimmed = text.trim();
  if (!/^[[{]/.test(trimmed)) return undefined;
  const whole = parsed(trimmed);
  if (whole !== undefined) return whole;
  const [, message] = /"(?:message|error|detail|msg)"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(trimmed) ?? [];
  return message === undefined ? undefined : { message: parsed(message) };
}

/** The fields in which servers say what is wrong, the most telling first. */
const telling = [
  ...["error", "errors", "message", "detail", "details", "msg", "reason", "status_msg", "error_message"],
  ...["error_description", "title", "base_resp"],
];

/** FastAPI names the field beside what is wrong with it. */
const ofField = ({ loc, msg }: Fields) =>
  typeof msg === "string" && Array.isArray(loc) ? `${loc.filter((part) => part !== "body").join(".")}: ${msg}` : null;

/** The innermost sentence of an error; undefined where there is none. */
function sentenceIn(value: unknown, depth = 0): string | undefined {
  if (depth > mostWrapped) return undefined;
  if (typeof value === "string") return sentenceIn(valueIn(value), depth + 1) ?? (value.trim() || undefined);
  if (Array.isArray(value))
    return value
      .slice(0, 3)
      .map((each) => sentenceIn(each, depth + 1))
      .find(Boolean);
  if (!isFields(value)) return undefined;
  const field = ofField(value);
  if (field) return field;
  // A metadata field tells more than the sentence around it only where it passes on another server's words.
  if (isFields(value.metadata) && typeof value.metadata.raw === "string")
    return sentenceIn(value.metadata.raw, depth + 1) ?? sentenceIn(value.message, depth + 1);
  for (const name of telling) {
    const found = sentenceIn(value[name], depth + 1);
    if (found) return found;
  }
  return undefined;
}

/** Codes and types, at any depth. */
function* codesIn(value: unknown, depth = 0): Generator<[name: string, code: string | number]> {
  if (depth > mostWrapped || typeof value !== "object" || value === null) return;
  for (const [name, each] of Object.entries(value).slice(0, 30)) {
    if (typeof each === "string" || typeof each === "number") yield [name, each];
    else yield* codesIn(each, depth + 1);
  }
}

const units: Record<string, number> = { ms: 0.001, s: 1, sec: 1, second: 1, m: 60, min: 60, minute: 60, h: 3_600 };

/** Seconds in “try again in 1m30.5s”; undefined where it says nothing of the kind. */
function secondsIn(text: string): number | undefined {
  const [, asked] =
    /(?:try again|retry|wait)[^.\d]{0,30}((?:\d+(?:\.\d+)?\s*(?:ms|sec|seconds?|minutes?|min|s|m|h)\s*)+)/i.exec(
      text,
    ) ?? [];
  if (!asked) return undefined;
  let seconds = 0;
  for (const [, number = "", unit = ""] of asked.matchAll(/(\d+(?:\.\d+)?)\s*(ms|seconds?|sec|s|minutes?|min|m|h)/gi))
    seconds += Number(number) * (units[unit.toLowerCase().replace(/(?<=second|minute)s$/, "")] ?? 1);
  return seconds;
}

function retryAfterIn(codes: [string, string | number][], sentence: string): number | undefined {
  for (const [name, code] of codes) {
    if (!/^retry_?(?:after|delay)(?:_seconds)?$/i.test(name)) continue;
    const seconds = Number(String(code).replace(/s$/, ""));
    if (Number.isFinite(seconds) && seconds >= 0) return seconds;
  }
  return secondsIn(sentence);
}

const statusNames = /^(?:code|status|status_?code|http_?status|statusCode)$/i;

/** What a web page says of itself. */
const titleOf = (page: string) =>
  (/<title[^>]*>([^<]+)/i.exec(page) ?? /<h1[^>]*>([^<]+)/i.exec(page))?.[1] ?? page.replace(/<[^>]*>/g, " ");

/** What a provider says in the body of a refusal, or in an error inside its stream. */
export function wordsOf(said: unknown): ProviderWords {
  const value = typeof said === "string" ? valueIn(said) : said;
  const isPage = typeof said === "string" && /^\s*(?:<!doctype|<html|<head|<body|<\?xml|<h1|<title)/i.test(said);
  const own = value === undefined ? (isPage ? titleOf(String(said)) : String(said)) : (sentenceIn(value) ?? "");
  const codes = [...codesIn(value)];
  const status = codes
    .filter(([name]) => statusNames.test(name))
    .map(([, code]) => Number(code))
    .find((code) => Number.isInteger(code) && code >= 400 && code < 600);
  return {
    sentence: ownSentence(own),
    text: [own, ...codes.map(([, code]) => String(code))].join("\n").slice(0, 4_000),
    status,
    retryAfterSeconds: retryAfterIn(codes, own),
    isPage,
  };
}
