import { describe, expect, it } from "vitest";
import { type Chunk, type ChunkSizes, chunkDocument } from "./chunk-document.ts";
import { assembleDocument, type Block } from "./parsing/parsed-document.ts";

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
function check(blocks: Block[], sizes: ChunkSizes): void {
  const document = assembleDocument(blocks, null);
  const chunks = chunkDocument(document, sizes);
  const { text } = document;
  const covered = new Uint8Array(text.length);
  for (const [i, chunk] of chunks.entries()) {
    expect(chunk.ordinal).toBe(i);
    expect(text.slice(chunk.start, chunk.end)).toBe(chunk.text);
    expect(chunk.text.trim()).toBe(chunk.text);
    expect(chunk.text.length).toBeLessThanOrEqual(sizes.size);
    const before = chunks[i - 1];
    if (before) {
      expect(chunk.start).toBeGreaterThan(before.start);
      expect(chunk.end).toBeGreaterThan(before.end);
      expect(before.end - chunk.start).toBeLessThanOrEqual(sizes.overlap);
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

const textsOf = (chunks: Chunk[]) => chunks.map(({ text }) => text);
const plain = (text: string): Block => ({ text, page: null, section: null });

describe("the chunks of a document", () => {
  it("are exact slices of it that lose nothing, keep their size, and never cross a page", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = randomFrom(seed);
      for (const sizes of [
        { size: 900, overlap: 150 },
        { size: 300, overlap: 0 },
        { size: 2_000, overlap: 1_000 },
      ])
        check(randomBlocks(random), sizes);
    }
  });

  it("begin and end between sentences, and repeat whole sentences only", () => {
    const sentences = Array.from({ length: 12 }, (_, i) => `Sentence number ${i} speaks of pears.`);
    const chunks = chunkDocument(assembleDocument([plain(sentences.join(" "))], null), { size: 150, overlap: 60 });
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

  it("cut a word without end, and never between the halves of a character", () => {
    const chunks = chunkDocument(assembleDocument([plain("𠮷".repeat(1_000))], null), { size: 301, overlap: 0 });
    expect(textsOf(chunks).join("")).toBe("𠮷".repeat(1_000));
    for (const { text } of chunks) expect(text.isWellFormed()).toBe(true);
  });

  it("are cut in a time that grows with the text only", () => {
    const text = "Pears are picked in autumn. ".repeat(40_000);
    const started = performance.now();
    expect(chunkDocument(assembleDocument([plain(text)], null)).length).toBeGreaterThan(1_000);
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
