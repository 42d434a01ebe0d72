import { describe, expect, it } from "vitest";
import { parseDocument } from "../parse-document.ts";
import type { ReadingOptions } from "../reading.ts";
import { latin1, makePdf, type PrintedLine } from "../testing/files.ts";

const read = (bytes: Uint8Array, options: ReadingOptions = {}) => parseDocument("pdf", bytes, options);

const handbook: PrintedLine[][] = [
  [
    { text: "Watering", size: 18 },
    { text: "Tomatoes need two litres of water a day in July, and they want", gap: 30 },
    { text: "it in the morning rather than in the even-" },
    { text: "ing, when the leaves stay wet for the whole of the night. Who goes away" },
    { text: "for a week puts a bottle of water head down into the soil beside each" },
    { text: "plant, with a hole in its lid that is no wider than the head of a" },
    { text: "pin." },
    { text: "Cucumbers want more.", gap: 30 },
    { text: "1", gap: 600 },
  ],
  [
    { text: "Pruning", size: 18 },
    { text: "Apple trees \\(and pears\\) are pruned in February.".replaceAll("\\", ""), gap: 30 },
    { text: "Its caf\xe9 serves cr\xeape from three.", gap: 30 },
    { text: "2", gap: 600 },
  ],
];

describe("a PDF", () => {
  it("is read page by page into paragraphs under their headings", async () => {
    const { text, pages, blocks } = await read(makePdf(handbook));
    expect(pages).toBe(2);
    expect(
      blocks.map(({ start, end, page, section, heading }) => [page, section, heading, text.slice(start, end)]),
    ).toEqual([
      [1, "Watering", true, "Watering"],
      [
        1,
        "Watering",
        false,
        "Tomatoes need two litres of water a day in July, and they want it in the morning rather than in the evening, when the leaves stay wet for the whole of the night. Who goes away for a week puts a bottle of water head down into the soil beside each plant, with a hole in its lid that is no wider than the head of a pin.",
      ],
      [1, "Watering", false, "Cucumbers want more."],
      [2, "Pruning", true, "Pruning"],
      [2, "Pruning", false, "Apple trees (and pears) are pruned in February."],
      [2, "Pruning", false, "Its café serves crêpe from three."],
    ]);
  });

  it("reports how far it is", async () => {
    const shares: number[] = [];
    await read(makePdf(handbook), { onProgress: async (share) => void shares.push(share) });
    expect(shares).toEqual([0.5, 1]);
  });

  it.each([
    ["only drawn lines", makePdf([[]]), "no_text_layer", "OCR"],
    ["no objects at all", latin1("%PDF-1.7\nnothing of the kind"), "damaged", "save it anew"],
    ["nothing behind its first kilobyte", makePdf(handbook).subarray(0, 300), "damaged", "save it anew"],
  ])("with %s is refused with a reason and a way out", async (_name, bytes, code, says) => {
    await expect(read(bytes.slice())).rejects.toMatchObject({ code, message: expect.stringContaining(says) });
  });

  it("is read where its table of objects is wrong, as many writers leave it", async () => {
    const source = new TextDecoder("latin1").decode(makePdf(handbook)).replace(/startxref\n\d+/, "startxref\n7");
    expect((await read(latin1(source))).text).toContain("Tomatoes need two litres");
  });
});
