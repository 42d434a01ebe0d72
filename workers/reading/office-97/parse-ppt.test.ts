import { describe, expect, it } from "vitest";
import { detectType } from "../detect-type.ts";
import { parseDocument } from "../parse-document.ts";
import { little, makeCompound, wide } from "../testing/compound.ts";

const atom = (type: number, data: number[], instance = 0) => [
  ...little(2, instance << 4, type),
  ...little(4, data.length),
  ...data,
];
const container = (type: number, instance: number, ...inside: number[][]) => {
  const data = inside.flat();
  return [...little(2, (instance << 4) | 15, type), ...little(4, data.length), ...data];
};
const header = (kind: number) => atom(0xf9f, little(4, kind));
const characters = (text: string) => atom(0xfa0, wide(text));
const bytes = (text: string) =>
  atom(
    0xfa8,
    Array.from(text, (character) => character.charCodeAt(0)),
  );
const box = (...inside: number[][]) => container(0xf00d, 0, ...inside);
const shape = (...inside: number[][]) => container(0xf004, 0, ...inside);
const group = (...inside: number[][]) => container(0xf003, 0, ...inside);
const drawing = (...shapes: number[][]) =>
  container(0x40c, 0, container(0xf002, 0, group(shape(atom(0xf009, [])), ...shapes)));
const slide = (...shapes: number[][]) => container(0x3ee, 0, atom(0x3ef, new Array(24).fill(0)), drawing(...shapes));
const hiddenSlide = container(
  0x3ee,
  0,
  atom(0x3f9, [...little(4, 0, 0), 0, 0, ...little(2, 4), 0, 0, 0, 0]),
  drawing(shape(box(bytes("hidden")))),
);
const notesOf = (id: number, ...shapes: number[][]) =>
  container(0x3f0, 0, atom(0x3f1, little(4, id, 0)), drawing(...shapes));
const cell = (left: number, top: number, text: string) =>
  shape(atom(0xf00f, little(4, left, top, left + 9, top + 9)), box(header(4), bytes(text)));
const border = (left: number, top: number) => shape(atom(0xf00f, little(4, left, top, left + 9, top)));
const tableShape = shape(atom(0xf122, [...little(2, 0x39f), ...little(4, 1)], 1));

interface Presentation {
  slides: { record: number[]; outline?: number[][] }[];
  notes?: number[][];
  token?: number;
  key?: number[];
}

/** A presentation: its document is record 1, its slides those from 2 on, and their notes those behind them. */
function makePpt({ slides, notes = [], token = 0xe391c05f, key = [] }: Presentation): Uint8Array {
  const list = (instance: number, first: number, texts: number[][][]) =>
    container(
      0xff0,
      instance,
      ...texts.flatMap((inside, i) => [atom(0x3f3, little(4, first + i, 0, inside.length, 256 + i, 0)), ...inside]),
    );
  const document = container(
    0x3e8,
    0,
    list(
      0,
      2,
      slides.map(({ outline }) => outline ?? []),
    ),
    list(
      2,
      2 + slides.length,
      notes.map(() => []),
    ),
  );
  const records = [document, ...slides.map(({ record }) => record), ...notes];
  const places = records.map((_, i) => records.slice(0, i).reduce((sum, { length }) => sum + length, 0));
  const stream = records.flat();
  const directory = atom(0x1772, little(4, ((records.length << 20) | 1) >>> 0, ...places));
  const newest = stream.length + directory.length;
  const edit = atom(0xff5, little(4, 0, 0, 0, stream.length, 1, 0, 0, ...key));
  const user = atom(0xff6, little(4, 0x14, token, newest, 0));
  return makeCompound({ "PowerPoint Document": [...stream, ...directory, ...edit], "Current User": user });
}

const read = async (file: Uint8Array) => {
  const { text, blocks, pages } = await parseDocument("ppt", file);
  return { pages, blocks: blocks.map(({ page, section, start, end }) => [page, section, text.slice(start, end)]) };
};

describe("an old PowerPoint presentation", () => {
  it("is read slide by slide, with titles, placeholders, tables and notes", async () => {
    const file = makePpt({
      slides: [
        {
          outline: [header(1), bytes("Store cool\rand dry"), header(0), characters("Pears ›\vand care")],
          record: slide(
            shape(box(atom(0xf9e, little(4, 0)))),
            shape(box(atom(0xf9e, little(4, 1)))),
            shape(box(header(4), bytes("M\xfcller"))),
            shape(box(header(4), bytes("*"))),
            group(
              tableShape,
              cell(0, 0, "Sort"),
              cell(10, 0, "Plot"),
              cell(10, 10, "7"),
              cell(0, 10, "Quince"),
              border(10, 10),
              border(19, 0),
            ),
          ),
        },
        { record: hiddenSlide },
        { record: slide(group(shape(atom(0xf009, [])), shape(box(bytes("grouped"))))) },
      ],
      notes: [notesOf(256, shape(box(header(2), bytes("Say it slowly."))), shape(box(header(4), bytes("page 1"))))],
    });
    expect(detectType(file, "x.bin").kind).toBe("ppt");
    expect(await read(file)).toEqual({
      pages: 3,
      blocks: [
        [1, "Pears > and care", "Pears › and care"],
        [1, "Pears > and care", "Store cool\nand dry"],
        [1, "Pears > and care", "Müller"],
        [1, "Pears > and care", "Sort | Plot\nQuince | 7"],
        [1, "Pears > and care", "Say it slowly."],
        [3, null, "grouped"],
      ],
    });
    const { leftOut } = await parseDocument("ppt", file);
    expect(leftOut?.notes).toEqual([{ what: "1 hidden slide", reason: "It is hidden." }]);
  });

  const one = { record: slide(shape(box(bytes("x")))) };
  it.each([
    ["with a password", makePpt({ slides: [one], token: 0xf3d1c4df }), "encrypted", "password"],
    ["with a key", makePpt({ slides: [one], key: [9] }), "encrypted", "password"],
    ["without slides", makePpt({ slides: [] }), "empty", "no text"],
    ["without the user's last saving", makeCompound({ "PowerPoint Document": [1, 2, 3] }), "damaged", "damaged"],
    [
      "that was saved nowhere",
      makeCompound({ "PowerPoint Document": [], "Current User": atom(0xff6, little(4, 0x14, 0, 900, 0)) }),
      "damaged",
      "damaged",
    ],
  ])("%s is refused", async (_name, file, code, says) => {
    await expect(read(file)).rejects.toMatchObject({ code, message: expect.stringContaining(says) });
  });

  const deep = (depth: number, inside: number[]): number[] => (depth === 0 ? inside : deep(depth - 1, group(inside)));
  it.each([
    ["groups in groups", makePpt({ slides: [{ record: slide(deep(400, shape(box(bytes("x"))))) }] })],
    [
      "tables in many places",
      makePpt({
        slides: [{ record: slide(group(tableShape, ...Array.from({ length: 3_000 }, (_, i) => cell(i, i, "x")))) }],
      }),
    ],
    [
      "one long text for many placeholders",
      makePpt({
        slides: [
          {
            outline: [header(1), bytes("pear ".repeat(20_000))],
            record: slide(...Array.from({ length: 3_000 }, () => shape(box(atom(0xf9e, little(4, 0)))))),
          },
        ],
      }),
    ],
    [
      "empty records without end",
      makePpt({ slides: [{ record: slide(Array.from({ length: 100_000 }, () => atom(1, [])).flat()) }] }),
    ],
  ])("of %s is read or refused within its bounds", async (_name, file) => {
    await read(file).catch((error) => expect(error).toMatchObject({ name: "UnreadableDocument" }));
  });
});
