import { describe, expect, it } from "vitest";
import { isProblem } from "../../platform/errors.ts";
import { comparable, corpus, readCorpusFile } from "../../testing/corpus.ts";
import { detectType } from "./detect-type.ts";
import { parseDocument } from "./parse-document.ts";
import type { ParsedDocument } from "./parsed-document.ts";
import { UnreadableDocument } from "./unreadable-document.ts";

const readable = /\.(?:pdf|docx|csv|md|txt|html)$/;

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

/** The text of the whole document, or of some of its pages. */
function textOf({ text, blocks }: ParsedDocument, page: number | number[] | undefined): string {
  if (page === undefined) return comparable(text);
  const pages = [page].flat();
  const on = blocks.filter((block) => block.page !== null && pages.includes(block.page));
  return comparable(on.map(({ start, end }) => text.slice(start, end)).join("\n"));
}

/** Which of `expected` are not in the document: short to read where something is wrong. */
const missingFrom = (document: ParsedDocument, expected: { text: string; page?: number | number[] }[]) =>
  expected.filter(({ text, page }) => !textOf(document, page).includes(comparable(text)));

describe.skipIf(!corpus)("a real document", () => {
  it.each(corpus?.docs.filter(({ file }) => readable.test(file)) ?? [])("$file is read whole", async (entry) => {
    const document = await read(`docs/${entry.file}`);
    if (!("blocks" in document)) throw new Error(document.message);
    if (entry.pages !== undefined) expect(document.pages).toBe(entry.pages);
    for (const { text, page } of entry.expect) expect(textOf(document, page)).toContain(comparable(text));
    for (const text of entry.must_not_contain ?? [])
      expect(textOf(document, undefined)).not.toContain(comparable(text));
  });
});

/** Why each of those is refused that must be, or that this reader refuses. */
const refusals: Record<string, [code: string, says: string]> = {
  "truncated.pdf": ["damaged", "save it anew"],
  "password-1234.pdf": ["encrypted", "password"],
  "bomb-256m.zip": ["unsupported_media_type", "ZIP"],
  "xxe.docx": ["unsafe_xml", "document type declaration"],
  "empty.pdf": ["validation_failed", "empty"],
  "list.mbox": ["unsupported_media_type", "mailbox"],
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
