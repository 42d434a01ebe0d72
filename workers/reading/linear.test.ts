import { describe, expect, it, vi } from "vitest";
import { corpus, readCorpusFile } from "../testing/corpus.ts";
import { ReadingBudget } from "./budget.ts";
import { chunksOf } from "./chunk-document.ts";
import type { DocumentKind } from "./formats.ts";
import { GrowingText } from "./growing-text.ts";
import { parseEpub } from "./markup/parse-epub.ts";
import { parsePage } from "./markup/parse-html.ts";
import { parseXml } from "./markup/parse-xml.ts";
import { assembleDocument, type ParsedDocument } from "./parsed-document.ts";
import { parseRtf } from "./rtf/parse-rtf.ts";
import { latin1 } from "./testing/files.ts";
import { makeZip } from "./testing/office.ts";
import { csvRows } from "./text/csv-rows.ts";
import { parseCsv } from "./text/parse-csv.ts";
import { parseJson } from "./text/parse-json.ts";
import { parseMarkdown } from "./text/parse-markdown.ts";
import { parseText } from "./text/parse-text.ts";
import { UnreadableDocument } from "./unreadable-document.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const filled = (text: string, length: number) => text.repeat(Math.ceil(length / text.length));
const nested = (from: string, depth: number) => from.repeat(depth);

type Kind = Extract<DocumentKind, "text" | "markdown" | "csv" | "html" | "xml" | "json" | "rtf">;
const readers: Record<Kind, (source: string, budget: ReadingBudget) => ParsedDocument> = {
  text: parseText,
  markdown: parseMarkdown,
  csv: parseCsv,
  html: (source, budget) => parsePage([source], budget),
  xml: (source, budget) => parseXml(utf8(source), budget),
  json: (source, budget) => parseJson(utf8(source), budget),
  rtf: (source, budget) => parseRtf(latin1(source), budget),
};

/** What reading costs, as readers tell their budget. */
function operationsOf(read: (budget: ReadingBudget) => unknown, kind: DocumentKind, size: number): number {
  const budget = new ReadingBudget(kind, size);
  try {
    read(budget);
  } catch (error) {
    // Refused is as good as read.
    if (!(error instanceof UnreadableDocument)) throw error;
  }
  return budget.spent;
}

/** What was quadratic or worse in some reader once, or would be easily, of about `n` characters. */
const hostile: [name: string, kind: Kind, make: (n: number) => string][] = [
  ["one word", "text", (n) => filled("x", n)],
  ["white space between lines", "text", (n) => `a${filled("\n \t", n)}b`],
  ["headings", "text", (n) => filled("CHAPTER 1\n\n", n)],
  ["front matter of spaces", "markdown", (n) => `---\ntitle: a${filled(" ", n)}b\n---\nwords`],
  ["front matter of titles", "markdown", (n) => `---\n${filled("title: 'a b\n", n)}---\nwords`],
  ["brackets", "markdown", (n) => `words ${filled("![", n)}`],
  ["stars", "markdown", (n) => filled("**a *b_ ", n)],
  ["lists in lists", "markdown", (n) => `${filled("- ", n)}words`],
  ["quotations in quotations", "markdown", (n) => filled(`${nested(">", 19)} a\n`, n)],
  ["one list", "markdown", (n) => filled("- a\n", n)],
  ["a quote that is never closed", "csv", (n) => `a,b\n"${filled("x,y\n", n)}`],
  ["quotes that end nothing", "csv", (n) => `a,b\n"${filled('x"y, ', n)}`],
  ["spaces behind a quote", "csv", (n) => `"a"${filled(" ", n)}b`],
  ["one row", "csv", (n) => filled("a,", n)],
  ["one plain table", "html", (n) => `<table>${filled("<tr><td>one<td>12", n)}</table>`],
  ["tables in tables", "html", (n) => filled("<table><tr><td>a", n)],
  ["raised in raised", "html", (n) => `${nested("<sup>a", 1_500)}${filled("words ", n)}${nested("</sup>", 1_500)}`],
  ["paragraphs in tables in tables", "html", (n) => `${nested("<table><tr><th>", 500)}${filled("<p>a", n)}`],
  ["formulas without end", "markdown", (n) => filled("$a \\(b ", n)],
  ["footnotes", "markdown", (n) => filled("[^1]: a\n", n)],
  ["commas and comments", "json", (n) => `[1${filled(" /* a */ ", n)}, // b\n]`],
  ["elements that are never closed", "html", (n) => filled("<b>a", n)],
  ["closing tags of nothing", "html", (n) => `<p>words${nested("<b>", 1_000)}${filled("</i>", n)}`],
  ["attributes", "html", (n) => `<p ${Array.from({ length: n / 8 }, (_, i) => `a${i}=1`).join(" ")}>a`],
  ["code of empty lines", "html", (n) => `<pre>a${filled("\n", n)}b`],
  ["entities", "html", (n) => filled("&amp;", n)],
  ["comments that are never closed", "html", (n) => `words${filled("<!--", n)}`],
  ["links in a list", "html", (n) => filled("<li><a>x</a>", n)],
  ["text in texts", "xml", (n) => `<a>${nested("<b>", 1_000)}${`${filled("x<c/>", n / 1_000)}</b>`.repeat(1_000)}</a>`],
  ["titles in sections", "xml", (n) => `<a>${filled("<s><title>x</title></s>", n)}</a>`],
  ["values", "xml", (n) => `<a>${filled("<b>x</b>", n)}text<c/></a>`],
  ["records below many names", "json", (n) => `${nested('{"a":', 180)}[${filled("[{}],", n)}1]${nested("}", 180)}`],
  [
    "arrays below many names",
    "json",
    (n) => `${nested('{"a":', 180)}{"b":[[1]]${filled(',"b":[[1]]', n)}}${nested("}", 180)}`,
  ],
  ["braces", "rtf", (n) => `{\\rtf1 a${filled("{", n)}`],
  ["rows of a footnote", "rtf", (n) => `{\\rtf1 a{\\footnote ${filled("a\\cell\\row ", n)}}\\par}`],
  ["one row", "rtf", (n) => `{\\rtf1 ${filled("a\\cell ", n)}\\row}`],
  ["codes", "rtf", (n) => `{\\rtf1 ${filled("\\u65?", n)}}`],
  ["skipped bytes", "rtf", (n) => `{\\rtf1 a${filled("\\bin1 x", n)}\\bin2147483647}`],
];

describe("reading costs what the size of a file lets expect", () => {
  it.each(hostile)("%s, %s", (_, kind, make) => {
    const [once, twice] = [40_000, 80_000].map((n) => {
      const source = make(n);
      return operationsOf((budget) => readers[kind](source, budget), kind, source.length);
    }) as [number, number];
    expect(once).toBeGreaterThan(0);
    expect(twice).toBeLessThanOrEqual(2.2 * once + 1_000);
  });

  it("e-book, one chapter again and again", () => {
    const make = (count: number) =>
      makeZip({
        "META-INF/container.xml": `<container><rootfile full-path="a.opf"/></container>`,
        "a.opf": `<package><item id="a" href="a.xhtml#${filled("#", count)}\n"/>${'<itemref idref="a"/>'.repeat(count)}</package>`,
        "a.xhtml": `<p>${filled("words ", 10_000)}`,
      });
    const [once, twice] = [2_000, 4_000].map((count) => {
      const bytes = make(count);
      return operationsOf((budget) => parseEpub(bytes, budget), "epub", bytes.length);
    }) as [number, number];
    expect(twice).toBeLessThanOrEqual(2.2 * once);
  });

  it("a page of tags that close nothing, deep inside, is refused", () => {
    const source = `<p>words${nested("<b>", 1_900)}${filled("</i>", 2_000_000)}`;
    expect(() => parsePage([source], new ReadingBudget("html", source.length))).toThrow(
      expect.objectContaining({ code: "too_complex" }),
    );
  });

  it.each(["front50k.md", "records8000.json", "word20k"])("%s", async (name) => {
    if (!corpus) return console.warn("No ../shared/corpus: attacks are not tried.");
    const bytes = await readCorpusFile(`attacks/${name}`);
    const source = new TextDecoder().decode(bytes);
    const kind = name.endsWith(".md") ? "markdown" : name.endsWith(".json") ? "json" : "text";
    expect(operationsOf((budget) => readers[kind](source, budget), kind, bytes.length)).toBeLessThan(
      200 * bytes.length,
    );
  });
});

/** A text that counts the characters that are cut out of it, and those that are searched. */
class CountedText extends String {
  characters = 0;

  override slice(start = 0, end = this.length): string {
    this.characters += Math.max(0, Math.min(end, this.length) - start);
    return super.slice(start, end);
  }

  override indexOf(part: string, from = 0): number {
    const found = super.indexOf(part, from);
    this.characters += (found < 0 ? this.length : found + 1) - from;
    return found;
  }
}

describe("a table of separated values", () => {
  it.each([
    ["a quote that is never closed", 'a,b\n"', "x,y\n"],
    ["quotes that are never closed", "a,b\n", '"x,y\n'],
    ["quotes that end nothing", 'a,b\n"', 'x"y, '],
    ["quotes before spaces", 'a,b\n"', '"  '],
    ["quoted cells", "a,b\n", '"x","y"\n'],
  ])("is looked at once: %s", (_, head, part) => {
    const [once, twice] = [200_000, 400_000].map((n) => {
      const text = new CountedText(head + filled(part, n));
      for (const _ of csvRows(text as unknown as string, new ReadingBudget("csv", n)));
      return text.characters;
    }) as [number, number];
    expect(twice).toBeLessThanOrEqual(2.2 * once);
  });
});

describe("a page's text", () => {
  /** Characters that are put together from their parts while a page is read. */
  function putTogether(source: string): number {
    const whole = Object.getOwnPropertyDescriptor(GrowingText.prototype, "whole") as { get(): string };
    let characters = 0;
    const spy = vi.spyOn(GrowingText.prototype, "whole", "get").mockImplementation(function (this: GrowingText) {
      characters += this.length;
      return whole.get.call(this);
    });
    parsePage([source], new ReadingBudget("html", source.length));
    spy.mockRestore();
    return characters;
  }

  it.each([
    ["a plain table", "<table>", "<tr><td>one<td>12"],
    ["lines", "<p>", "a<br>"],
    ["a table's cells", "<table><tr>", "<td>one"],
  ])("is put together once: %s", (_, head, part) => {
    const [once, twice] = [100_000, 200_000].map((n) => putTogether(head + filled(part, n))) as [number, number];
    expect(once).toBeLessThan(300_000);
    expect(twice).toBeLessThanOrEqual(2.2 * once);
  });
});

describe("cutting a text into chunks", () => {
  const cut = (text: string, strategy: "structure" | "sentence" | "fixed") => {
    const document = assembleDocument([{ text, page: null, section: null }], null);
    const counted = new CountedText(document.text);
    const chunks = [
      ...chunksOf(
        { text: counted as unknown as string, blocks: document.blocks },
        { strategy, size: 100, overlap: 20 },
      ),
    ];
    return { characters: counted.characters, chunks: chunks.length };
  };

  it.each([
    ["one word", "x"],
    ["sentences of a letter", "A. "],
    ["no end of a sentence", "word "],
    ["wide characters", "漢字"],
  ])("looks at each part a few times: %s", (_, part) => {
    for (const strategy of ["structure", "sentence", "fixed"] as const) {
      const [once, twice] = [50_000, 100_000].map((n) => cut(filled(part, n), strategy)) as [
        ReturnType<typeof cut>,
        ReturnType<typeof cut>,
      ];
      expect(once.chunks).toBeGreaterThan(50);
      expect(twice.characters).toBeLessThanOrEqual(2.2 * once.characters);
    }
  });

  it("looks at each heading once where nothing stands below them", () => {
    let looked = 0;
    const heading = (start: number) => ({
      start,
      end: start + 1,
      page: null,
      section: `${start}`,
      get heading() {
        looked++;
        return true;
      },
    });
    const blocks = Array.from({ length: 3_000 }, (_, i) => heading(3 * i));
    for (const _ of chunksOf({ text: filled("H\n\n", 9_000), blocks }));
    expect(looked).toBeLessThanOrEqual(2 * blocks.length);
  });

  it("is done as chunks are asked for", () => {
    const { blocks, text } = assembleDocument(
      [{ text: filled("A sentence of it. ", 1_000_000), page: null, section: null }],
      null,
    );
    const chunks = chunksOf({ text, blocks });
    expect(chunks.next().value?.ordinal).toBe(0);
    expect(chunks.next().value?.ordinal).toBe(1);
    chunks.return(undefined);
  });
});
