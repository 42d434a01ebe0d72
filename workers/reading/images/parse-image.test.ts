import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { Problem } from "../../platform/errors.ts";
import { corpus, readCorpusFile } from "../../testing/corpus.ts";
import { detectType } from "../detect-type.ts";
import { withoutMetadata } from "../image-metadata.ts";
import { imageSize } from "../image-size.ts";
import { parseDocument } from "../parse-document.ts";
import { mutated } from "../testing/compound.ts";
import { latin1 } from "../testing/files.ts";
import { makeJpeg, makePng, makeWebp, secret } from "../testing/images.ts";

const characters = (bytes: Uint8Array) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
const made = [
  ["png", makePng],
  ["jpeg", makeJpeg],
  ["webp", makeWebp],
] as const;

describe.each(made)("a picture: %s", (kind, make) => {
  it("is known by its first bytes, and its size by its head", () => {
    const bytes = make({ width: 1_200, height: 700 });
    expect(detectType(bytes, "a.bin")).toEqual({ kind, mediaType: `image/${kind}` });
    expect(imageSize(kind, bytes)).toEqual({ width: 1_200, height: 700 });
  });

  it("loses what it tells of people, and nothing that it shows", () => {
    const bytes = make();
    expect(characters(bytes)).toContain(secret);
    const clean = withoutMetadata(kind, bytes);
    expect(characters(clean)).not.toContain(secret);
    expect(imageSize(kind, clean)).toEqual({ width: 4, height: 3 });
    expect(withoutMetadata(kind, clean), "and once more, nothing").toEqual(clean);
  });

  it("of too many pixels is refused by what its head says", () => {
    for (const [width, height] of [
      [20_000, 9],
      [11_000, 11_000],
    ] as const)
      expect(() => detectType(make({ width, height }), "a.png")).toThrow(
        expect.objectContaining({
          code: "validation_failed",
          message: expect.stringContaining(`${width} × ${height}`),
        }),
      );
    expect(() => detectType(make({ width: 0x4000, height: 0 }), "a.png")).toThrow();
  });

  it("cut off is refused", () => {
    expect(() => withoutMetadata(kind, make().subarray(0, 60))).toThrow(expect.objectContaining({ code: "damaged" }));
  });

  it("damaged anywhere is cleaned or refused", () => {
    for (let seed = 0; seed < 300; seed++) {
      const bytes = mutated(make(), seed);
      try {
        detectType(bytes, "a.bin");
        withoutMetadata(kind, bytes);
      } catch (error) {
        expect((error as Error).name).toMatch(/^(?:UnreadableDocument|Problem)$/);
      }
    }
  });
});

it("a picture of many parts is cleaned as others are, and one of more than any program writes is refused", () => {
  const [head, end] = [makePng().subarray(0, 33), latin1("\0\0\0\0IEND\0\0\0\0")];
  const [kept, dropped] = [latin1("\0\0\0\0IDAT\0\0\0\0"), latin1("\0\0\0\0tEXt\0\0\0\0")];
  const pictureOf = (parts: number) => {
    const bytes = new Uint8Array(head.length + parts * 12 + end.length);
    bytes.set(head);
    for (let i = 0; i < parts; i++) bytes.set(i % 2 ? kept : dropped, head.length + 12 * i);
    bytes.set(end, bytes.length - end.length);
    return bytes;
  };
  expect(withoutMetadata("png", pictureOf(40_000))).toHaveLength(head.length + 20_000 * 12 + end.length);
  expect(() => withoutMetadata("png", pictureOf(60_000))).toThrow(expect.objectContaining({ code: "damaged" }));
});

it("a photo keeps how the camera was held, its colours and its pixels", () => {
  const clean = characters(withoutMetadata("jpeg", makeJpeg({ orientation: 6 })));
  expect(clean).toContain("Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0");
  expect(clean).toContain("ICC_PROFILE\0colours");
  expect(clean).toContain("\x01\xff\0\x02\xff\xd0\x03\xff\xda");
  expect(clean.endsWith("\x04\x05\xff\xd9")).toBe(true);
  expect(characters(withoutMetadata("jpeg", makeJpeg({ orientation: 1 })))).not.toContain("Exif");
});

describe("a picture's text", () => {
  it("is what a vision model says", async () => {
    const seen: string[] = [];
    const describeImage = async (image: { bytes: Uint8Array; mediaType: string }) => {
      seen.push(image.mediaType, characters(image.bytes));
      return "# Garden plan\n\nPears in plot 7.";
    };
    const { text, blocks } = await parseDocument("jpeg", makeJpeg(), { describe: describeImage });
    expect(text).toBe("Garden plan\n\nPears in plot 7.");
    expect(blocks[1]?.section).toBe("Garden plan");
    expect(seen[0]).toBe("image/jpeg");
    expect(seen[1]).not.toContain(secret);
  });

  it("is not to be had without one, or where it says nothing", async () => {
    await expect(parseDocument("png", makePng())).rejects.toMatchObject({
      code: "needs_vision_model",
      message: expect.stringContaining("VISION_MODEL"),
    });
    await expect(parseDocument("png", makePng(), { describe: async () => " " })).rejects.toMatchObject({
      code: "empty",
    });
  });

  it("is read in archives, twenty pictures and no more; a model that does not answer fails the whole, to be tried again", async () => {
    const files = Object.fromEntries(
      Array.from({ length: 22 }, (_, i) => [`${String(i).padStart(2, "0")}.png`, makePng()]),
    );
    const bytes = zipSync({ ...files, "z.txt": latin1("Notes.") });
    const read = await parseDocument("zip", bytes, { describe: async () => "A pear." });
    expect(read.text.match(/A pear\./g)).toHaveLength(20);
    expect(read.leftOut).toEqual({
      count: 2,
      notes: [{ what: "20.png, 21.png", reason: expect.stringContaining("first 20") }],
    });
    const without = await parseDocument("zip", bytes);
    expect(without.text).toContain("Notes.");
    expect(without.leftOut?.notes[0]?.reason).toContain("vision model");
    const failing = async () => {
      throw new Problem("model_unavailable", "It does not answer.");
    };
    await expect(parseDocument("zip", bytes, { describe: failing })).rejects.toMatchObject({
      code: "model_unavailable",
    });
  });
});

describe.skipIf(!corpus)("a real picture", () => {
  it.each([
    ["some-words.png", "png"],
    ["paper-front-page.jpg", "jpeg"],
  ] as const)("%s is cleaned, keeps its size, and needs a model", async (file, kind) => {
    const bytes = await readCorpusFile(`docs/${file}`);
    expect(detectType(bytes, "x").kind).toBe(kind);
    const clean = withoutMetadata(kind, bytes);
    expect(imageSize(kind, clean)).toEqual(imageSize(kind, bytes));
    expect(clean.length).toBeGreaterThan(bytes.length * 0.9);
    await expect(parseDocument(kind, bytes)).rejects.toMatchObject({ code: "needs_vision_model" });
  });
});
