import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { corpus, readCorpusFile } from "../../testing/corpus.ts";
import { detectSample, detectType } from "../detect-type.ts";
import type { DocumentKind } from "../formats.ts";
import { makeCompound } from "../testing/compound.ts";
import { latin1 } from "../testing/files.ts";
import { makeJpeg } from "../testing/images.ts";
import { isMailboxLine } from "./detect-mail.ts";
import { FileSample } from "./file-sample.ts";

const most = 64 * 1024;
const filled = (length: number, text: string) => latin1(text.repeat(Math.ceil(length / text.length)).slice(0, length));
const joined = (...parts: Uint8Array[]) => {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};
const members = (names: string[], first: Record<string, Uint8Array> = {}) =>
  zipSync({ ...first, ...Object.fromEntries(names.map((name) => [name, new Uint8Array(1)])) }, { level: 0 });
const many = (count: number, name: (i: number) => string) => Array.from({ length: count }, (_, i) => name(i));
/** Segments of previews before the one with the picture's size. */
const withPreviews = (jpeg: Uint8Array, count: number) =>
  joined(
    jpeg.subarray(0, 2),
    ...Array.from({ length: count }, () => joined(latin1("\xff\xe2\xff\xfd"), new Uint8Array(0xfffb))),
    jpeg.subarray(2),
  );

describe("telling what a file is", () => {
  const long: [name: string, kind: DocumentKind, bytes: Uint8Array][] = [
    ["words.txt", "text", filled(3_000_000, "word")],
    ["one mail.txt", "text", filled(16_384, "From a 10:00 2009 10:00 2009 ")],
    ["times.txt", "text", joined(latin1("From x "), filled(1_000_000, "10:00 "))],
    ["fields.eml", "text", joined(latin1("Subject: x\r\n"), filled(1_000_000, " folded\r\n"))],
    ["comments.txt", "text", filled(1_000_000, "<!--")],
    ["open.xml", "text", joined(latin1("<a"), filled(1_000_000, "a-"))],
    ["long.xml", "xml", joined(latin1("<a>"), filled(1_000_000, "<b>x</b>"), latin1("</a>"))],
    ["page.html", "html", joined(latin1("<p>"), filled(1_000_000, "<meta charset "))],
    ["spaces.txt", "text", filled(1_000_000, "<meta charset =   ")],
    ["record.json", "json", joined(latin1('{"'), filled(1_000_000, "\\\\"))],
    ["slides.pptx", "pptx", members(["[Content_Types].xml", ...many(3_000, (i) => `ppt/slides/slide${i}.xml`)])],
    ["files.zip", "zip", members(many(5_000, (i) => `folder/file number ${i}.txt`))],
    [
      "book.epub",
      "epub",
      members(
        many(5_000, (i) => `OPS/${i}.xhtml`),
        { mimetype: latin1("application/epub+zip") },
      ),
    ],
    [
      "text.odt",
      "odt",
      members(
        many(3_000, (i) => `Pictures/picture number ${i}.png`),
        { mimetype: latin1("application/vnd.oasis.opendocument.text") },
      ),
    ],
    [
      "old.doc",
      "doc",
      makeCompound({ ...Object.fromEntries(many(700, (i) => `s${i}`).map((name) => [name, []])), WordDocument: [] }),
    ],
    ["photo.jpg", "jpeg", withPreviews(makeJpeg(), 100)],
  ];

  it.each(long)("%s is %s, by 64 KB", (name, kind, bytes) => {
    const sample = new FileSample(bytes);
    try {
      expect(detectSample(sample, name).kind).toBe(kind);
    } finally {
      expect(sample.left).toBeGreaterThanOrEqual(0);
      expect(most - sample.left).toBeLessThanOrEqual(most);
    }
  });

  it("reads of a file what it may, and the same where the middle is another", () => {
    const sample = new FileSample(new Uint8Array(1_000_000));
    for (let i = 0; i < 100; i++) sample.read(i * 1_000, 1_000);
    expect([sample.left, sample.read(0, 10).length]).toEqual([0, 0]);
    const text = filled(1_000_000, "ordinary ");
    text.fill(0, 100_000, 900_000);
    expect(detectType(text, "a.txt").kind).toBe("text");
  });

  it.each([
    ["From a@b Mon Jun 01 10:00:00 2009", true],
    ["From - Mon Jun 01 10:00:00 2009 ", true],
    ["From a 10:00 12:00 2009", true],
    ["From nine to 10:00 in 209", false],
    ["From here on", false],
    ["From a 2009 10:00", false],
  ])("%s parts messages: %s", (line, is) => expect(isMailboxLine(line)).toBe(is));

  it("what looks like a mail's first line takes no time", async () => {
    if (!corpus) return console.warn("No ../shared/corpus: attacks are not tried.");
    expect(detectType(await readCorpusFile("attacks/from16k.txt"), "from16k.txt").kind).toBe("text");
  });
});
