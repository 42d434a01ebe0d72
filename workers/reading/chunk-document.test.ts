import { describe, expect, it } from "vitest";
import { type Chunk, chunkDocument } from "./chunk-document.ts";
import type { Chunking } from "./chunking.ts";
import { assembleDocument, type Block } from "./parsed-document.ts";

/** A generator of numbers in 0 to 1 that a seed fixes. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const vocabulary = "pear Baum 東京 apple água naïve tree’s 3.5 e.g. Dr. 🍅 well-kept and of the leaf".split(" ");

/** A document of pages, headings, short and long sentences, and now and then a word without end. */
function randomBlocks(random: () => number): Block[] {
  const pick = (most: number) => Math.floor(random() * most);
  const blocks: Block[] = [];
  let section: string | null = null;
  for (let page = 1; page <= 1 + pick(4); page++) {
    for (let i = 0; i <= pick(8); i++) {
      const heading = random() < 0.2;
      const sentence = () => Array.from({ length: 1 + pick(40) }, () => vocabulary[pick(vocabulary.length)]).join(" ");
      const long = random() < 0.05 ? "x".repeat(pick(4_000)) : "";
      const body = Array.from({ length: 1 + pick(12) }, () => `${sentence()}.`).join(" ");
      const text = heading ? `Heading ${pick(100)}` : `${body} ${long}`;
      if (heading) section = text;
      blocks.push({ text, page, section, heading });
    }
  }
  return blocks;
}

/** What must hold of the chunks of any document. */
function check(blocks: Block[], chunking: Chunking): void {
  const document = assembleDocument(blocks, null);
  const chunks = chunkDocument(document, chunking);
  const { text } = document;
  const covered = new Uint8Array(text.length);
  for (const [i, chunk] of chunks.entries()) {
    expect(chunk.ordinal).toBe(i);
    expect(text.slice(chunk.start, chunk.end)).toBe(chunk.text);
    expect(chunk.text.trim()).toBe(chunk.text);
    expect(quarters(chunk.text)).toBeLessThanOrEqual(chunking.size * 4);
    const before = chunks[i - 1];
    if (before) {
      expect(chunk.start).toBeGreaterThan(before.start);
      expect(chunk.end).toBeGreaterThan(before.end);
      const repeated = text.slice(chunk.start, Math.max(chunk.start, before.end));
      expect(quarters(repeated)).toBeLessThanOrEqual(chunking.overlap * 4);
    }
    const pages = new Set(
      document.blocks.filter(({ start, end }) => start < chunk.end && end > chunk.start).map(({ page }) => page),
    );
    expect([...pages]).toEqual([chunk.page]);
    covered.fill(1, chunk.start, chunk.end);
  }
  const lost = [...covered.entries()].filter(([at, isCovered]) => !isCovered && /\S/.test(text[at] ?? ""));
  expect(lost).toEqual([]);
}

/** A text's length in quarters of a token, counted character by character. */
const quarters = (text: string) =>
  [...text].reduce((sum, character) => sum + (/[東京]/.test(character) ? 4 : character.length), 0);

const textsOf = (chunks: Chunk[]) => chunks.map(({ text }) => text);
const plain = (text: string): Block => ({ text, page: null, section: null });

describe("the chunks of a document", () => {
  it("are exact slices of it that lose nothing, keep their size, and never cross a page", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = randomFrom(seed);
      for (const strategy of ["structure", "sentence", "fixed"] as const)
        for (const sizes of [
          { size: 225, overlap: 38 },
          { size: 75, overlap: 0 },
          { size: 500, overlap: 250 },
        ])
          check(randomBlocks(random), { strategy, ...sizes });
    }
  });

  it("begin and end between sentences, and repeat whole sentences only", () => {
    const sentences = Array.from({ length: 12 }, (_, i) => `Sentence number ${i} speaks of pears.`);
    const chunks = chunkDocument(assembleDocument([plain(sentences.join(" "))], null), {
      strategy: "structure",
      size: 38,
      overlap: 15,
    });
    expect(chunks.length).toBeGreaterThan(3);
    for (const { text } of chunks) expect(text).toMatch(/^Sentence .*pears\.$/);
    for (const [i, chunk] of chunks.slice(1).entries()) {
      const before = chunks[i] as Chunk;
      expect(before.end - chunk.start, "the last sentence again").toBeGreaterThan(20);
    }
  });

  it("keep a heading with what stands under it, and sections apart", () => {
    const under = (section: string): Block[] => [
      { text: section, page: 1, section, heading: true },
      { text: `All about ${section.toLowerCase()}.`, page: 1, section },
    ];
    const chunks = chunkDocument(assembleDocument([...under("Watering"), ...under("Pruning")], 1));
    expect(chunks.map(({ section, text }) => [section, text])).toEqual([
      ["Watering", "Watering\n\nAll about watering."],
      ["Pruning", "Pruning\n\nAll about pruning."],
    ]);
  });

  it("of sentences go on across headings, each with the section that it begins in", () => {
    const blocks = ["One", "Two"].flatMap((section): Block[] => [
      { text: section, page: 1, section, heading: true },
      { text: `All about number ${section.toLowerCase()}.`, page: 1, section },
    ]);
    const chunks = chunkDocument(assembleDocument(blocks, 1), { strategy: "sentence", size: 225, overlap: 0 });
    expect(chunks.map(({ section }) => section)).toEqual(["One"]);
    expect(chunks[0]?.text).toBe("One\n\nAll about number one.\n\nTwo\n\nAll about number two.");
  });

  it("of a fixed size are as long as they may be, and cut between words", () => {
    const text = Array.from({ length: 400 }, (_, i) => `word${i}`).join(" ");
    const chunks = chunkDocument(assembleDocument([plain(text)], null), { strategy: "fixed", size: 50, overlap: 10 });
    for (const [i, chunk] of chunks.entries()) {
      expect(chunk.text).toMatch(/^word\d+.*word\d+$/);
      if (i < chunks.length - 1) expect(chunk.text.length).toBeGreaterThan(185);
      const before = chunks[i - 1];
      if (before) expect(before.end - chunk.start).toBeGreaterThan(25);
    }
  });

  it("hold as many tokens of Chinese as of English", () => {
    const text = "京東人民很多。".repeat(200);
    for (const { text: chunk } of chunkDocument(assembleDocument([plain(text)], null)))
      expect(chunk.length).toBeLessThanOrEqual(225);
  });

  it("cut a word without end, and never between the halves of a character", () => {
    const chunks = chunkDocument(assembleDocument([plain("𠮷".repeat(1_000))], null), {
      strategy: "structure",
      size: 75,
      overlap: 0,
    });
    expect(textsOf(chunks).join("")).toBe("𠮷".repeat(1_000));
    for (const { text } of chunks) expect(text.isWellFormed()).toBe(true);
  });

  it("are cut out of one long line too", () => {
    const text = "Pears are picked in autumn. ".repeat(40_000);
    expect(chunkDocument(assembleDocument([plain(text)], null)).length).toBeGreaterThan(1_000);
  });
});
