import { decodeText } from "../../text/decode-text.ts";
import type { ReadingBudget } from "../budget.ts";
import { blocksOfHtml } from "../markup/parse-html.ts";
import type { LeftOut } from "../office/left-out.ts";
import type { Block, ParsedDocument } from "../parsed-document.ts";
import { isOfOneFile } from "../reading.ts";
import { parseRtf } from "../rtf/parse-rtf.ts";
import type { SectionPath } from "../section-path.ts";
import { blocksOfText } from "../text/parse-text.ts";
import { parseDocx } from "./parse-docx.ts";

const isHtml = /<(?:!doctype html|html|head|body|p|div|h[1-6]|table|ul|ol|span|br)\b/i;

const blocksIn = ({ text, blocks }: ParsedDocument): Block[] =>
  blocks.map(({ start, end, ...place }) => ({ ...place, text: text.slice(start, end) }));

/** Quoted-printable as the bytes that it stands for. */
function unquoted(text: string): Uint8Array {
  const plain = text
    .replace(/=[ \t]*\r?\n/g, "")
    .replace(/=([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

/** The page in a page that is stored as a message (MHTML). */
function pageIn(message: string): string | null {
  const [head = ""] = /content-type:\s*text\/html[\s\S]*?\r?\n\r?\n/i.exec(message) ?? [];
  if (!head) return null;
  const from = message.indexOf(head) + head.length;
  const boundary = /\r?\n--\S+/.exec(message.slice(from))?.index;
  const body = message.slice(from, boundary === undefined ? undefined : from + boundary);
  const before = message.slice(Math.max(0, from - head.length - 500), from);
  if (/content-transfer-encoding:\s*base64/i.test(before)) {
    const plain = atob(body.replace(/[^a-z0-9+/]/gi, ""));
    return decodeText(Uint8Array.from(plain, (character) => character.charCodeAt(0)));
  }
  if (/content-transfer-encoding:\s*quoted-printable/i.test(before)) return decodeText(unquoted(body));
  return decodeText(Uint8Array.from(body, (character) => character.charCodeAt(0)));
}

function blocksOf(bytes: Uint8Array, budget: ReadingBudget): Block[] {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 1_024)).trimStart();
  if (head.startsWith("PK")) return blocksIn(parseDocx(bytes, budget));
  if (head.startsWith("{\\rtf")) return blocksIn(parseRtf(bytes, budget));
  const isMessage = /^[\w-]+:/.test(head) && /mime-version|content-type/i.test(head);
  budget.spend(bytes.length);
  const text = isMessage ? pageIn(new TextDecoder("latin1").decode(bytes)) : decodeText(bytes);
  if (text === null) return [];
  return isHtml.test(text.slice(0, 20_000)) ? blocksOfHtml(text, budget) : [...blocksOfText(text, budget)];
}

/** The blocks of a document that is put into a Word document as it is: a page, rich text, plain text, or another Word document. */
export function blocksOfChunk(bytes: Uint8Array, budget: ReadingBudget, leftOut: LeftOut, path: SectionPath): Block[] {
  try {
    return blocksOf(bytes, budget).map((block) => {
      const section = block.section ?? path.current;
      return { ...block, section };
    });
  } catch (error) {
    if (!isOfOneFile(error)) throw error;
    leftOut.count("part");
    return [];
  }
}
