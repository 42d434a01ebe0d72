import { Problem } from "../../platform/errors.ts";
import { requireBoundedJson } from "../../platform/http/json-bounds.ts";
import { invalid } from "../../platform/http/problem.ts";
import { chatGptConversation } from "./import-chatgpt.ts";
import { claudeConversation } from "./import-claude.ts";
import { ownConversation } from "./import-own.ts";
import type { Imported } from "./imported.ts";

/** How many values of a file are read. ChatGPT's has one to some thirty bytes. */
const mostValues = 2_000_000;
const maxConversations = 2_000;

/** What is said of a file that is none of these. */
export const notOurs = (cause?: unknown) =>
  new Problem(
    "validation_failed",
    "This is neither an export of Understudy nor the conversations.json of ChatGPT or Claude. Send one of them as it is.",
    { cause },
  );

function parse(text: string): unknown {
  if (text.startsWith("PK")) {
    throw new Problem("unsupported_media_type", "Unpack the ZIP file first, and send its conversations.json.");
  }
  requireBoundedJson(text, mostValues);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem("malformed_request", "The file is not valid JSON. It may have been cut off.", { cause });
  }
}

type Parser = typeof ownConversation | typeof chatGptConversation | typeof claudeConversation;
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** Other products' exports: lists of conversations, or one, each known by a field. */
const others: [field: string, parser: Parser][] = [
  ["mapping", chatGptConversation],
  ["chat_messages", claudeConversation],
];

/** The conversations in a parsed file as they stand, and what reads them. */
function listIn(file: unknown): { list: unknown[]; parser: Parser; path: string } {
  const list = Array.isArray(file) ? file : [file];
  for (const [field, parser] of others)
    if (list.every((each) => isObject(each) && field in each)) return { list, parser, path: "" };
  if (!isObject(file)) throw notOurs();
  if (file.version !== 1 && "version" in file && String(file.format).startsWith("understudy.")) {
    throw new Problem("validation_failed", "This export was made by a newer Understudy. Update this one first.");
  }
  if (file.format === "understudy.conversation") return { list: [file], parser: ownConversation, path: "" };
  if (file.format === "understudy.conversations" && Array.isArray(file.conversations)) {
    return { list: file.conversations, parser: ownConversation, path: "conversations" };
  }
  throw notOurs();
}

/** The conversations in a file, one after another. Throws a problem that says what and where for all that is not one. */
export function* conversationsIn(bytes: Uint8Array): Generator<Imported> {
  const { list, parser, path } = listIn(parse(new TextDecoder().decode(bytes)));
  if (list.length > maxConversations) {
    throw new Problem("validation_failed", `Bring in at most ${maxConversations} conversations at once.`);
  }
  for (const [i, each] of list.entries()) {
    const read = parser.safeParse(each);
    // Each is let go once it is read: the file may be as large as memory bears.
    list[i] = undefined;
    if (!read.success) {
      const at = [...(path ? [path] : []), ...(list.length > 1 || path ? [i] : [])];
      throw invalid(read.error.issues.map((issue) => ({ ...issue, path: [...at, ...issue.path] })));
    }
    yield read.data;
  }
}
