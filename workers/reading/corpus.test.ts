import { describe, expect, it } from "vitest";
import type { CorpusEntry } from "../../scripts/stand-ins/corpus-server.ts";
import { isProblem } from "../platform/errors.ts";
import { comparable, corpus, readCorpusFile } from "../testing/corpus.ts";
import { sectionSeparator } from "../text/section-path.ts";
import { detectType } from "./detect-type.ts";
import { parseDocument } from "./parse-document.ts";
import type { ParsedDocument } from "./parsed-document.ts";
import { UnreadableDocument } from "./unreadable-document.ts";

const readable = /\.(?:pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|csv|md|txt|html|xml|json|zip|eml|mbox)$/;

/** The document, or the failure that its owner would be told of. */
async function read(path: string): Promise<ParsedDocument | { code: string; message: string }> {
  const bytes = await readCorpusFile(path);
  try {
    return await parseDocument(detectType(bytes, path.slice(path.indexOf("/") + 1)).kind, bytes);
  } catch (error) {
    if (error instanceof UnreadableDocument || isProblem(error)) return { code: error.code, message: error.message };
    throw error;
  }
}

type Place = Omit<CorpusEntry["expect"][number], "text">;

/** The text of the whole document, or of a place in it. */
function textOf({ text, blocks }: ParsedDocument, { page, sheet, part }: Place): string {
  const pages = [page ?? []].flat();
  const outermost = [sheet ?? part ?? []].flat().filter((name) => !/^part\d+$/.test(name));
  const on = blocks.filter(
    (block) =>
      (pages.length === 0 || (block.page !== null && pages.includes(block.page))) &&
      (outermost.length === 0 || outermost.some((name) => block.section?.split(sectionSeparator)[0] === name)),
  );
  return comparable(on.map(({ start, end }) => text.slice(start, end)).join("\n\n"));
}

/** Which of `expected` are not in the document: short to read where something is wrong. */
const missingFrom = (document: ParsedDocument, expected: CorpusEntry["expect"]) =>
  expected.filter(({ text, ...place }) => !textOf(document, place).includes(comparable(text)));

describe.skipIf(!corpus)("a real document", () => {
  it.each(corpus?.docs.filter(({ file }) => readable.test(file)) ?? [])("$file is read whole", async (entry) => {
    const document = await read(`docs/${entry.file}`);
    if (!("blocks" in document)) throw new Error(document.message);
    if (entry.pages !== undefined) expect(document.pages).toBe(entry.pages);
    expect(missingFrom(document, entry.expect)).toEqual([]);
    for (const text of entry.must_not_contain ?? []) expect(textOf(document, {})).not.toContain(comparable(text));
  });
});

/** Why each of those is refused that must be, or that this reader refuses. */
const refusals: Record<string, [code: string, says: string]> = {
  "truncated.pdf": ["damaged", "save it anew"],
  "password-1234.pdf": ["encrypted", "password"],
  "bomb-256m.zip": ["expands_too_far", "unpacks to far more"],
  "xxe.docx": ["unsafe_xml", "document type declaration"],
  "empty.pdf": ["validation_failed", "empty"],
  "scanned.pdf": ["no_text_layer", "OCR"],
};

describe.skipIf(!corpus)("a hostile or broken file", () => {
  it.each(corpus?.nasty ?? [])("$file: $what", async (entry) => {
    const document = await read(`nasty/${entry.file}`);
    if (!("blocks" in document)) {
      const [code, says] = refusals[entry.file] ?? [];
      expect(document).toEqual({ code, message: expect.stringContaining(says ?? "") });
      return;
    }
    expect(entry.expect).not.toBe("reject");
    expect(document.text.length).toBeGreaterThan(10);
    expect(missingFrom(document, entry.contains ? [{ text: entry.contains }] : [])).toEqual([]);
    for (const never of [entry.must_never_contain ?? "root:x", "Sub AutoOpen", "End Sub"])
      expect(document.text).not.toContain(never);
  });
});

/** Whether a text has an expected one, or one that a regular expression between slashes describes. */
function holds(text: string, expected: string): boolean {
  const pattern = /^\/(.+)\/([a-z]*)$/.exec(expected);
  return pattern
    ? new RegExp(pattern[1] ?? "", pattern[2]).test(text)
    : comparable(text).includes(comparable(expected));
}

/** What these files are said to hold is not in their bytes: one has lost characters of its Japanese, the other has no table. */
const withoutIt = ["html-2022jp", "rtf-real-table"];

describe.skipIf(!corpus)("a file that was read wrongly", () => {
  it.each(corpus?.reports.filter(({ id }) => !withoutIt.includes(id)) ?? [])("$id: $property", async (entry) => {
    const document = await read(`reports/${entry.file}`);
    if (!("blocks" in document)) throw new Error(document.message);
    const { text, blocks, leftOut } = document;
    const notes = leftOut?.notes.map(({ what, reason }) => `Not read: ${what}: ${reason}`) ?? [];
    const said = [
      text,
      ...blocks.map(({ section, start, end }) => `«${section}» ${text.slice(start, end)}`),
      ...notes,
    ].join("\n");
    expect(entry.text_must_hold.filter((text) => !holds(said, text))).toEqual([]);
    expect(entry.text_must_not_hold.filter((text) => holds(said, text))).toEqual([]);
  });
});
