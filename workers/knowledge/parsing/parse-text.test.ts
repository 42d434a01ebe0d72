import { describe, expect, it } from "vitest";
import { detectType } from "./detect-type.ts";
import { parseDocument } from "./parse-document.ts";
import { parseMarkdown } from "./parse-markdown.ts";
import { latin1, makeDocx, makePdf, paragraph, utf16 } from "./testing-files.ts";

const shiftJis = new Uint8Array([0x93, 0x8c, 0x8b, 0x9e, 0x82, 0xcc, 0x93, 0x56, 0x8b, 0x43]);
const utf8 = (text: string) => new TextEncoder().encode(text);

describe("plain text", () => {
  it.each([
    ["UTF-8", utf8("Résumé, 東京\n\nΩmega"), "Résumé, 東京\n\nΩmega"],
    ["UTF-8 with a mark", utf8("\ufeffRésumé"), "Résumé"],
    ["UTF-16, little end first", utf16("Résumé 東京", "little"), "Résumé 東京"],
    ["UTF-16, big end first", utf16("Résumé 東京", "big"), "Résumé 東京"],
    ["Windows-1252", latin1("Caf\xe9 \x96 \x80 5"), "Café – € 5"],
    ["Shift-JIS", shiftJis, "東京の天気"],
  ])("in %s is read", async (_name, bytes, text) => {
    expect(detectType(bytes, "notes.txt").kind).toBe("text");
    expect((await parseDocument("text", bytes)).text).toBe(text);
  });

  it("is parted at empty lines and form feeds, and keeps its own line ends", async () => {
    const { text, blocks } = await parseDocument("text", utf8("one\r\ntwo\r\n \t\r\nthree\ffour"));
    expect(blocks.map(({ start, end }) => text.slice(start, end))).toEqual(["one\ntwo", "three", "four"]);
  });

  it("never holds what cannot be stored or would shift offsets", async () => {
    expect((await parseDocument("text", utf16("a\ud800b\0c", "little"))).text).toBe("a\ufffdbc");
  });

  it.each([
    ["nothing but space", " \n\n ", "empty"],
    ["more than a book holds", "word ".repeat(2_500_000), "too_much_text"],
  ])("with %s is refused", async (_name, text, code) => {
    await expect(parseDocument("text", utf8(text))).rejects.toMatchObject({ code });
  });
});

describe("Markdown", () => {
  it("is read without its markup, by sections", () => {
    const { text, blocks } = parseMarkdown(
      "---\ntitle: x\n---\n# Care\n\nWater *twice* a [day](https://a.example/?q).\n\n- one\n- two `code`\n\n1. first\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nif\n```\n\n<script>alert(1)</script>\n",
    );
    expect(blocks.map(({ start, end, section }) => [section, text.slice(start, end)])).toEqual([
      ["Care", "Care"],
      ["Care", "Water twice a day."],
      ["Care", "- one\n- two code"],
      ["Care", "1. first"],
      ["Care", "a | b\n1 | 2"],
      ["Care", "if"],
    ]);
  });
});

describe("a file", () => {
  it.each([
    ["a PDF by its bytes, whatever its name", makePdf([[{ text: "x" }]]), "letter.docx", "pdf"],
    ["a Word document", makeDocx(paragraph("x")), "letter.pdf", "docx"],
    ["a page that begins as one", utf8("\n<!DOCTYPE html><p>x"), "page.txt", "html"],
    ["a page by its name and tags", utf8("<h1>x</h1>"), "page.htm", "html"],
    ["text about HTML", utf8("<p> opens a paragraph"), "about.txt", "text"],
    ["Markdown by its name", utf8("# x"), "x.md", "markdown"],
  ])("is taken for %s", (_name, bytes, filename, kind) => {
    expect(detectType(bytes, filename).kind).toBe(kind);
  });
});
