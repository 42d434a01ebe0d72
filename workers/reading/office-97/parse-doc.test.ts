import { describe, expect, it } from "vitest";
import { detectType } from "../detect-type.ts";
import { parseDocument } from "../parse-document.ts";
import { little, makeCompound, wide } from "../testing/compound.ts";

/** A paragraph of a made document: its text with its mark, the number of its style, and properties ([MS-DOC] sprms). */
interface Paragraph {
  text: string;
  style?: number;
  properties?: number[];
  hidden?: [from: number, to: number];
}

const [textAt, paragraphPage, characterPage] = [2_048, 2, 3];
const inTable = [...little(2, 0x2416), 1];
const endsRow = [...inTable, ...little(2, 0x2417), 1];
const listItem = little(2, 0x460b, 1);

const style = (kind: number, base = 0xfff, name = "x") => {
  const body = [...little(2, kind, base << 4, 0, 0, 0), ...little(2, name.length), ...wide(`${name}\0`)];
  return [...little(2, body.length), ...body];
};
const styles = [
  style(0, 0xfff, "Normal"),
  style(1),
  style(2),
  style(0xffe, 1, "My own"),
  style(19),
  style(0xffe, 0xfff, "Title"),
];

/** A page of runs, each with what is said of it; `describe` gives it with its length before it. */
function page(runs: [start: number, end: number, said: number[]][], placeSize: number): Uint8Array {
  const bytes = new Uint8Array(512);
  bytes[511] = runs.length;
  let at = 510;
  for (const [i, [start, end, said]] of runs.entries()) {
    bytes.set(little(4, start, end), 4 * i);
    if (said.length === 0) continue;
    at = (at - said.length) & ~1;
    bytes.set(said, at);
    bytes[4 * (runs.length + 1) + i * placeSize] = at / 2;
  }
  return bytes;
}

interface Options {
  flags?: number;
  version?: number;
  /** Lengths of text, footnotes, headers and the like, where not all is text. */
  lengths?: Record<number, number>;
  pieces?: (length: number) => number[];
}

function makeDoc(
  paragraphs: Paragraph[],
  { flags = 0x200, version = 0xc1, lengths, pieces }: Options = {},
): Uint8Array {
  const text = paragraphs.map((each) => each.text).join("");
  const stream = new Uint8Array(textAt + 2 * text.length);
  const put = (at: number, bytes: ArrayLike<number>) => stream.set(bytes, at);
  let at = textAt;
  const [described, hidden]: [number, number, number[]][][] = [[], []];
  for (const { text: own, style: number = 0, properties = [], hidden: range } of paragraphs) {
    const said = [...little(2, number), ...properties];
    const padded = said.length % 2 === 0 ? [0, said.length / 2, ...said] : [(said.length + 1) / 2, ...said];
    described?.push([at, at + 2 * own.length, padded]);
    if (range) hidden?.push([at + 2 * range[0], at + 2 * range[1], [3, ...little(2, 0x083c), 1]]);
    at += 2 * own.length;
  }
  put(0, little(2, 0xa5ec, version));
  put(10, little(2, flags));
  for (const [index, length] of Object.entries(lengths ?? { 3: text.length }))
    put(0x40 + 4 * Number(index), little(4, length));
  const table: number[] = [];
  const part = (index: number, bytes: number[]) => {
    put(0x9a + 8 * index, little(4, table.length, bytes.length));
    table.push(...bytes);
  };
  part(1, [...little(2, 4, styles.length, 10), ...styles.flat()]);
  part(13, little(4, textAt, at, paragraphPage));
  part(12, little(4, textAt, at, characterPage));
  const plc = pieces?.(text.length) ?? [...little(4, 0, text.length), 0, 0, ...little(4, textAt), 0, 0];
  part(33, [1, ...little(2, 2), 9, 9, 2, ...little(4, plc.length), ...plc]);
  put(paragraphPage * 512, page(described ?? [], 13));
  put(characterPage * 512, page(hidden ?? [], 1));
  put(textAt, wide(text));
  return makeCompound({ WordDocument: stream, "1Table": table });
}

const read = async (bytes: Uint8Array) => {
  const { text, blocks } = await parseDocument("doc", bytes);
  return blocks.map(({ section, start, end }) => [section, text.slice(start, end)]);
};

describe("an old Word document", () => {
  it("has headings by style, lists and tables, and shows fields by their results", async () => {
    const bytes = makeDoc([
      { text: "The garden\r", style: 5 },
      { text: "Contents 1\r", style: 4 },
      { text: "Pears\r", style: 1 },
      { text: "See \u0013 HYPERLINK \u0013 x \u0015 \u0014the page\u0015.\u0001\r" },
      { text: "Storage\r", style: 2 },
      { text: "cool\r", properties: listItem },
      { text: "Sort\u0007", properties: inTable },
      { text: "Two\r", properties: inTable },
      { text: "plots\u0007", properties: inTable },
      { text: "\u0007", properties: endsRow },
      { text: "Quince\u0007", properties: inTable },
      { text: "7\u0007", properties: inTable },
      { text: "\u0007", properties: endsRow },
      { text: "Own\r", style: 3 },
      { text: "Line\u000btwo\u001e3 not seen here.\f", hidden: [10, 19] },
      { text: "A code \u0013 that does not end\r" },
      { text: "Müller \ud83c\udf50\r" },
    ]);
    expect(detectType(bytes, "a.bin").kind).toBe("doc");
    expect(await read(bytes)).toEqual([
      ["The garden", "The garden"],
      ["The garden › Pears", "Pears"],
      ["The garden › Pears", "See the page."],
      ["The garden › Pears › Storage", "Storage"],
      ["The garden › Pears › Storage", "- cool"],
      ["The garden › Pears › Storage", "Sort | Two plots\nQuince | 7"],
      ["The garden › Own", "Own"],
      ["The garden › Own", "Line\ntwo-3 here."],
      ["The garden › Own", "A code"],
      ["The garden › Own", "Müller 🍐"],
    ]);
  });

  it("is read in the order of its pieces, with its notes, and without its headers", async () => {
    // The second half of the text stands before the first; the note is of one byte for each character.
    const paragraphs = [{ text: "one\rtext " }, { text: "a header\r" }, { text: "\u2061\u6f6e\u6574\u0d0d" }];
    const pieces = () => [
      ...little(4, 0, 5, 9, 16, 25),
      ...[textAt + 8, textAt, 0x40000000 + 2 * (textAt + 36), textAt + 18].flatMap((at) => [
        0,
        0,
        ...little(4, at),
        0,
        0,
      ]),
    ];
    expect(await read(makeDoc(paragraphs, { lengths: { 3: 9, 4: 7, 5: 9 }, pieces }))).toEqual([
      [null, "text one"],
      [null, "a note"],
    ]);
  });

  it.each([
    ["with a password", makeDoc([{ text: "x\r" }], { flags: 0x300 }), "encrypted", "password"],
    ["of Word 95", makeDoc([{ text: "x\r" }], { version: 0x68 }), "unreadable", "Word 95"],
    ["without text", makeDoc([{ text: "\r" }]), "empty", "no text"],
    ["without its tables", makeDoc([{ text: "x\r" }], { flags: 0 }), "damaged", "damaged"],
    [
      "of more text than there is",
      makeDoc([{ text: "x\r" }], { pieces: () => [...little(4, 0, 9_000), 0, 0, ...little(4, textAt), 0, 0] }),
      "damaged",
      "damaged",
    ],
  ])("%s is refused", async (_name, bytes, code, says) => {
    await expect(read(bytes)).rejects.toMatchObject({ code, message: expect.stringContaining(says) });
  });

  it.each([
    [
      "one place again and again",
      makeDoc([{ text: `${"pear ".repeat(2_000)}\r` }], {
        lengths: { 3: 0x7fffffff },
        pieces: () => {
          const count = 3_000;
          const starts = Array.from({ length: count + 1 }, (_, i) => i * 10_001);
          return [...little(4, ...starts), ...starts.slice(1).flatMap(() => [0, 0, ...little(4, textAt), 0, 0])];
        },
      }),
    ],
    ["fields in fields", makeDoc([{ text: `${"\u0013\u0014x".repeat(400_000)}\r` }])],
    ["paragraphs of nothing", makeDoc([{ text: "\r".repeat(1_000_000) }, { text: "x\r" }])],
    ["cells without end", makeDoc([{ text: "x\u0007".repeat(500_000) }])],
  ])("of %s is read or refused within its bounds", async (_name, bytes) => {
    await read(bytes).catch((error) => expect(error).toMatchObject({ name: "UnreadableDocument" }));
  });
});
