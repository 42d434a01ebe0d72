import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { detectType } from "../detect-type.ts";
import { parseDocument } from "../parse-document.ts";
import { makeCompound } from "../testing/compound.ts";
import { latin1, makeDocx, makePdf, paragraph, utf16 } from "../testing/files.ts";
import { parseMarkdown } from "./parse-markdown.ts";

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
    ["UTF-16 without a mark", new Uint8Array([...latin1("plain words")].flatMap((byte) => [byte, 0])), "plain words"],
    ["Windows-1251", latin1("\xdd\xf2\xee \xf0\xf3\xf1\xf1\xea\xe8\xe9 \xf2\xe5\xea\xf1\xf2"), "Это русский текст"],
    ["KOI8-R", latin1("\xfc\xd4\xcf \xd2\xd5\xd3\xd3\xcb\xc9\xca \xd4\xc5\xcb\xd3\xd4"), "Это русский текст"],
    ["GB18030", latin1("\xd5\xe2\xca\xc7\xce\xd2\xc3\xc7\xb5\xc4\xb9\xca\xca\xc2"), "这是我们的故事"],
    ["Windows-1252 that is Spanish", latin1("\xe9l ni\xf1o a\xf1o ma\xf1ana as\xed"), "él niño año mañana así"],
  ])("in %s is read", async (_name, bytes, text) => {
    expect(detectType(bytes, "notes.txt").kind).toBe("text");
    expect((await parseDocument("text", bytes)).text).toBe(text);
  });

  it("is parted at empty lines and form feeds, and keeps its own line ends", async () => {
    const { text, blocks } = await parseDocument("text", utf8("one\r\ntwo\r\n \t\r\nthree\ffour"));
    expect(blocks.map(({ start, end }) => text.slice(start, end))).toEqual(["one\ntwo", "three", "four"]);
  });

  it("has sections where its headings can be told by their looks", async () => {
    const source =
      "CHAPTER I\n\nOne begins.\n\nPruning\n-------\n\nTwo.\n\n2.1 In winter\n\nThree.\n\nFOUR IS SAID ALOUD!\n\n7";
    const { text, blocks } = await parseDocument("text", utf8(source));
    expect(blocks.filter(({ heading }) => heading).map(({ section }) => section)).toEqual([
      "CHAPTER I",
      "CHAPTER I › Pruning",
      "CHAPTER I › Pruning › 2.1 In winter",
    ]);
    expect(blocks.at(-1)).toMatchObject({ section: "CHAPTER I › Pruning › 2.1 In winter" });
    expect(text).toContain("Pruning\n-------");
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
      ["Care", "Water twice a day (https://a.example/?q)."],
      ["Care", "- one\n- two code"],
      ["Care", "1. first"],
      ["Care", "a | b\n1 | 2"],
      ["Care", "if"],
    ]);
  });
});

describe("what notes in Markdown are full of", () => {
  it.each([
    [
      "footnotes of one word",
      "Basic[^1] costs 9[^two].\n\n[^1]: Discontinued\n[^two]: See *below*\n",
      "Basic[^1] costs 9[^two].\n\n[^1]: Discontinued\n\n[^two]: See below",
    ],
    [
      "formulas",
      "Let $|x|_1 = a*b*c$ and \\(a_i*b_i*c\\), for $5 to $6 or *$7*.",
      "Let $|x|_1 = a*b*c$ and \\(a_i*b_i*c\\), for $5 to $6 or $7.",
    ],
    [
      "rows of formulas",
      "So\n\n$$\na \\\\ b\n- c_1*d_1*e\n$$\n\nholds.",
      "So\n\n$$\na \\\\ b\n- c_1*d_1*e\n$$\n\nholds.",
    ],
    ["raised text in HTML", "$25<sup>1</sup>, 10<sup>6</sup> and H<sub>2</sub>O", "$25^1, 10^6 and H2O"],
    ["addresses", "[Write](mailto:hr@a.example) or <b@a.example>", "Write (hr@a.example) or b@a.example"],
    ["numbers of lists", "3. three\n   1. one\n4. four\n", "3. three\n1. one\n4. four"],
  ])("is read: %s", (_name, source, text) => expect(parseMarkdown(source).text).toBe(text));
});

describe("hostile Markdown", () => {
  it.each([
    ["quotes in quotes", `${">".repeat(50_000)} deep`, "deep"],
    ["lists in lists", Array.from({ length: 800 }, (_, i) => `${" ".repeat(i * 2)}- a`).join("\n"), "a"],
    ["brackets without end", `${"[".repeat(30_000)} end`, "end"],
    ["a fence that never closes", `~~~\n${"code\n\n".repeat(60_000)}last`, "last"],
  ])("with %s is read within its bounds", (_name, source, says) => {
    expect(parseMarkdown(source).text).toContain(says);
  });

  it("that is long keeps its sections over the pieces it is parsed in", () => {
    const source = Array.from(
      { length: 40 },
      (_, i) => `# S${i}\n\n${"Some *words* stand here.\n\n".repeat(300)}`,
    ).join("");
    const { text, blocks } = parseMarkdown(source);
    expect(blocks).toHaveLength(40 * 301);
    expect(blocks.map(({ section }) => section)).toEqual(
      Array.from({ length: 40 }, (_, i) => new Array<string>(301).fill(`S${i}`)).flat(),
    );
    expect(text).not.toContain("*");
  });

  it("that is long is cut into pieces nowhere but between its blocks", () => {
    const code = `\`\`\`\n# no heading\n${"line\n".repeat(7_000)}\`\`\`\n\n`;
    const list = `- one\n${"  two\n".repeat(12_000)}\n`;
    const { text, blocks } = parseMarkdown(`${code}# A\n\n${list}After.\n\n${"More.\n\n".repeat(9_000)}# B\n\nEnd.`);
    const places = blocks.map(({ section, start, end }) => [section, text.slice(start, end)]);
    expect(places[0]?.[1]).toHaveLength("# no heading".length + 7_000 * "\nline".length);
    expect(places.slice(1, 4).map(([section, block]) => [section, block?.slice(0, 9)])).toEqual([
      ["A", "A"],
      ["A", "- one\ntwo"],
      ["A", "After."],
    ]);
    expect(places).toHaveLength(1 + 1 + 1 + 1 + 9_000 + 2);
    expect(places.at(-1)).toEqual(["B", "End."]);
  });

  it("shows what its HTML shows", () => {
    const { text } = parseMarkdown('<p align="center">Said in <b>HTML</b></p>\n\none<br>two\n\n<div hidden>no</div>\n');
    expect(text).toBe("Said in HTML\n\none\ntwo");
  });
});

describe("a foreign file", () => {
  it.each([
    ["an Outlook message", makeCompound({ "__substg1.0_0037001F": [] })],
    ["protected by a password", makeCompound({ EncryptedPackage: [] })],
    ["a GIF picture", latin1("GIF89a\0\0\0")],
    ["an SVG picture", utf8("<svg><text>hi</text></svg>")],
    ["a binary Excel workbook", zipSync({ "xl/workbook.bin": utf8("x") })],
    ["a binary file", new Uint8Array(600).map((_, i) => (i * 7) % 32)],
    [
      "text in EBCDIC",
      Uint8Array.from("C885A5D9A3998187408889994080848540A3888540A49581A2408689A5854D40".match(/../g) ?? [], (pair) =>
        Number.parseInt(pair, 16),
      ),
    ],
  ])("is refused as %s", (says, bytes) => {
    expect(() => detectType(bytes, "notes.txt")).toThrow(
      expect.objectContaining({ code: "unsupported_media_type", message: expect.stringContaining(says) }),
    );
  });

  it.each(["BM25 is a measure.", "MZ stands for Mark Zbikowski.", "ID3 tags", "PK means penalty kick"])(
    "is not suspected in text that begins “%s”",
    (text) => expect(detectType(utf8(text), "notes.txt").kind).toBe("text"),
  );
});

describe("Markdown made to exhaust its reader", () => {
  it.each([
    ["brackets", "[".repeat(50_000)],
    ["links", "[a](".repeat(30_000)],
    ["stars", "*a **b ".repeat(20_000)],
    ["code", Array.from({ length: 1_500 }, (_, i) => "`".repeat(i)).join(" ")],
    ["quotes", "> ".repeat(20_000)],
    ["lists", Array.from({ length: 2_000 }, (_, i) => `${" ".repeat(2 * i)}- x`).join("\n")],
  ])("of %s is read within its bounds", (_name, source) => {
    expect(parseMarkdown(`Pears.\n\n${source}`).text).toContain("Pears.");
  });
});

describe("a file", () => {
  it.each([
    ["a PDF by its bytes, whatever its name", makePdf([[{ text: "x" }]]), "letter.docx", "pdf"],
    ["a Word document", makeDocx(paragraph("x")), "letter.pdf", "docx"],
    ["a page that begins as one", utf8("\n<!DOCTYPE html><p>x"), "page.txt", "html"],
    ["a page by its name and tags", utf8("<h1>x</h1>"), "page.htm", "html"],
    ["a page of a form", utf8("<form><label>Name</label><input value=Ann></form>"), "page.html", "html"],
    ["a page behind comments", utf8("<!-- a --><!-- b -->\n<html><p>x"), "page", "html"],
    ["text behind more comments than pages have", utf8(`${"<!---->".repeat(500)}x`), "page", "text"],
    ["text about HTML", utf8("<p> opens a paragraph"), "about.txt", "text"],
    ["Markdown by its name", utf8("# x"), "x.md", "markdown"],
  ])("is taken for %s", (_name, bytes, filename, kind) => {
    expect(detectType(bytes, filename).kind).toBe(kind);
  });
});

describe("a file of more than a document may hold", () => {
  it.each([
    ["text", "pear and more\n".repeat(1_500_000)],
    ["text", "pear\n\n".repeat(500_000)],
    ["markdown", "pear\n\n".repeat(2_600_000)],
    ["csv", "1,2,3\n".repeat(2_400_000)],
    ["html", `<html>${"<p>a</p>".repeat(500_000)}`],
    ["xml", `<r>${"<p>a</p>".repeat(500_000)}</r>`],
    ["json", `[${'{"a":1},'.repeat(500_000)}0]`],
  ] as const)("is refused within its bounds: %s", async (kind, source) => {
    await expect(parseDocument(kind, utf8(source))).rejects.toMatchObject({ code: "too_much_text" });
  });
});
