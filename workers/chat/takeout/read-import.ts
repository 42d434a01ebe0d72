import { Problem } from "../../platform/errors.ts";
import { readBytes } from "../../platform/http/body.ts";
import { readForm } from "../../platform/http/form.ts";
import { requireBoundedJson } from "../../platform/http/json-bounds.ts";
import { invalid } from "../../platform/http/problem.ts";
import { chatGptConversation } from "./import-chatgpt.ts";
import { ownConversation } from "./import-own.ts";
import type { Imported } from "./imported.ts";

/** How much of a file is read. ChatGPT's has one value to some thirty bytes. */
const importLimit = { bytes: 20_000_000, values: 2_000_000 };
const maxConversations = 2_000;

const tooLarge = () =>
  new Problem(
    "payload_too_large",
    "This file is larger than 20 MB. Split it, and bring in the parts one after another.",
  );
const notOurs = (cause?: unknown) =>
  new Problem(
    "validation_failed",
    "This is neither an export of Understudy nor ChatGPT’s conversations.json. Send one of them as it is.",
    { cause },
  );

/** The text of the file in a request: the body itself, or the field `file` of a form. */
async function fileIn(request: Request): Promise<string> {
  if (!request.body) throw notOurs();
  const type = request.headers.get("Content-Type") ?? "";
  const bytes = await readBytes(request, importLimit.bytes, tooLarge);
  if (!/^multipart\/form-data/i.test(type)) return new TextDecoder().decode(bytes);
  const file = (await readForm(bytes, type)).get("file");
  if (file instanceof File) return file.text();
  throw new Problem("validation_failed", "Send the file in the field “file”.", {
    errors: [{ path: "file", message: "There is no file in this field." }],
  });
}

function parse(text: string): unknown {
  if (text.startsWith("PK")) {
    throw new Problem("unsupported_media_type", "Unpack the ZIP file first, and send its conversations.json.");
  }
  requireBoundedJson(text, importLimit.values);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Problem("malformed_request", "The file is not valid JSON. It may have been cut off.", { cause });
  }
}

type Parser = typeof ownConversation | typeof chatGptConversation;
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

/** The conversations in a parsed file as they stand, and what reads them. */
function listIn(file: unknown): { list: unknown[]; parser: Parser; path: string } {
  if (Array.isArray(file) && file.every((each) => isObject(each) && "mapping" in each)) {
    return { list: file, parser: chatGptConversation, path: "" };
  }
  if (!isObject(file)) throw notOurs();
  if ("mapping" in file) return { list: [file], parser: chatGptConversation, path: "" };
  if (file.version !== 1 && "version" in file && String(file.format).startsWith("understudy.")) {
    throw new Problem("validation_failed", "This export was made by a newer Understudy. Update this one first.");
  }
  if (file.format === "understudy.conversation") return { list: [file], parser: ownConversation, path: "" };
  if (file.format === "understudy.conversations" && Array.isArray(file.conversations)) {
    return { list: file.conversations, parser: ownConversation, path: "conversations" };
  }
  throw notOurs();
}

/** The conversations in a request's file. Throws a problem that says what and where for all that is not one. */
export async function readImport(request: Request): Promise<Imported[]> {
  const { list, parser, path } = listIn(parse((await fileIn(request)).replace(/^\ufeff/, "")));
  if (list.length > maxConversations) {
    throw new Problem("validation_failed", `Bring in at most ${maxConversations} conversations at once.`);
  }
  return list.map((each, i) => {
    const read = parser.safeParse(each);
    // Each is let go once it is read: the file may be as large as memory bears.
    list[i] = undefined;
    if (read.success) return read.data;
    const at = [...(path ? [path] : []), ...(list.length > 1 || path ? [i] : [])];
    throw invalid(read.error.issues.map((issue) => ({ ...issue, path: [...at, ...issue.path] })));
  });
}
