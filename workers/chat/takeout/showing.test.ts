import { describe, expect, it } from "vitest";
import { attacks } from "../../markdown/testing-attacks.ts";
import type { Transcript } from "../transcript.ts";
import { writePdf } from "../write-pdf.ts";
import { markdownBlocks } from "./markdown-blocks.ts";
import { wrapLines } from "./wrap-lines.ts";
import { writeMarkdown } from "./write-markdown.ts";

const at = "2026-01-02T03:04:05.000Z";
const saying = (...texts: string[]): Transcript => ({
  title: texts[0]?.slice(0, 200) ?? "",
  createdAt: at,
  model: null,
  entries: texts.map((text, i) => ({
    ...{ role: i % 2 === 0 ? ("user" as const) : ("assistant" as const), name: "A", at, text, note: null, sources: [] },
  })),
});

describe("lines of a PDF", () => {
  /** The lines of a text, with how many letters were measured for them. */
  const wrap = (text: string) => {
    let measured = 0;
    const lines = [...wrapLines(text, 10, () => ++measured && 1)];
    return { lines, measured };
  };

  it("break behind spaces and hyphens, and within what is wider than a line", () => {
    expect(wrap("one two three").lines).toEqual(["one two", "three"]);
    expect(wrap("well-known-words").lines).toEqual(["well-", "known-", "words"]);
    expect(wrap(`a ${"x".repeat(25)} b`).lines).toEqual(["a", "x".repeat(10), "x".repeat(10), "xxxxx b"]);
    expect(wrap("").lines).toEqual([""]);
    expect(wrap("😀".repeat(12)).lines).toEqual(["😀".repeat(10), "😀😀"]);
  });

  it.each([
    ["a word", "x"],
    ["spaces", " "],
    ["words", "ab "],
    ["hyphens", "-"],
  ])("look at each letter of %s once", (_, piece) => {
    for (const times of [20_000, 40_000]) {
      const { lines, measured } = wrap(piece.repeat(times));
      expect(measured).toBe(piece.length * times);
      expect(lines.join("").replaceAll(" ", "")).toBe(piece.repeat(times).replaceAll(" ", ""));
    }
  });
});

describe("an attack in a conversation that is taken out", () => {
  it.each(attacks)("%s is written as Markdown, and is in the PDF", (_, make) => {
    const text = make(6_000);
    const letters = (written: string) => written.match(/[a-z]/g)?.length ?? 0;
    expect(letters(writeMarkdown(saying(text, text)))).toBeGreaterThanOrEqual(letters(text));
    expect(markdownBlocks(text).length).toBeLessThanOrEqual(text.length);
  });

  it("is a PDF: a word, lists, and an answer of two hundred thousand letters", async () => {
    const pdf = await writePdf(saying("x".repeat(32_000), `${"- ".repeat(2_000)}deep`, "x", "y".repeat(200_000)));
    expect(new TextDecoder().decode(pdf.slice(0, 5))).toBe("%PDF-");
  });

  it("is refused as a PDF where it has more than a thousand pages", async () => {
    const lines = "\u200b\n".repeat(200_000);
    await expect(writePdf(saying(`a${lines}`))).rejects.toMatchObject({ code: "payload_too_large" });
  });
});
