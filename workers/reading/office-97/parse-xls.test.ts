import { describe, expect, it } from "vitest";
import { corpus, readCorpusFile } from "../../testing/corpus.ts";
import { detectType } from "../detect-type.ts";
import { parseDocument } from "../parse-document.ts";
import { little, makeCompound, mutated, wide } from "../testing/compound.ts";

type Record = number[];
const record = (type: number, ...data: number[]): Record => [...little(2, type, data.length), ...data];
const text = (value: string): number[] => [...little(2, value.length), 1, ...wide(value)];
const cell = (type: number, row: number, column: number, style: number, ...data: number[]) =>
  record(type, ...little(2, row, column, style), ...data);
const bof = (kind: number, version = 0x600) => record(0x809, ...little(2, version, kind, 0, 0), ...little(4, 0, 0));
const eof = record(0x0a);

interface Sheet {
  name: string;
  records: Record[];
  hidden?: boolean;
}

/** A workbook's stream: `globals` stand before the sheets. */
function workbook(globals: Record[], sheets: Sheet[]): number[] {
  const named = (start: (i: number) => number) =>
    sheets.flatMap(({ name, hidden }, i) =>
      record(0x85, ...little(4, start(i)), hidden ? 1 : 0, 0, name.length, 1, ...wide(name)),
    );
  const head = [...bof(5), ...globals.flat()];
  const bodies = sheets.map(({ records }) => [...bof(0x10), ...records.flat(), ...eof]);
  const first = head.length + named(() => 0).length + eof.length;
  const starts = bodies.map((_, i) => first + bodies.slice(0, i).reduce((sum, { length }) => sum + length, 0));
  return [...head, ...named((i) => starts[i] ?? 0), ...eof, ...bodies.flat()];
}
const strings = (...values: string[]) =>
  record(0xfc, ...little(4, values.length, values.length), ...values.flatMap(text));
const read = async (stream: ArrayLike<number>, options = {}) => {
  const { text, blocks } = await parseDocument("xls", makeCompound({ Workbook: Array.from(stream) }, options));
  return blocks.map(({ section, start, end }) => [section, text.slice(start, end)]);
};

describe("an old Excel workbook", () => {
  it("is read sheet by sheet, with its cells as they are shown", async () => {
    const globals = [
      record(0x41e, ...little(2, 170), ...text('0.00" kg"')),
      record(0xe0, ...little(2, 0, 0)),
      record(0xe0, ...little(2, 0, 14)),
      record(0xe0, ...little(2, 0, 170)),
      strings("Sort", "Planted", "Weight"),
    ];
    const records = [
      cell(0xfd, 0, 0, 0, ...little(4, 0)),
      cell(0xfd, 0, 1, 0, ...little(4, 1)),
      cell(0xfd, 0, 2, 0, ...little(4, 2)),
      cell(0x204, 1, 0, 0, ...text("Quince")),
      cell(0x203, 1, 1, 1, ...little(8, 44_197)),
      cell(0x27e, 1, 2, 2, ...little(4, (125 << 2) | 3)),
      // A formula with a text, one with a truth, one with an error, one with a number.
      cell(0x06, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...little(2, 0)),
      record(0x207, ...text("Müller")),
      cell(0x06, 3, 1, 0, 1, 0, 1, 0, 0, 0, 0xff, 0xff, ...little(2, 0)),
      cell(0x06, 3, 2, 0, 2, 0, 7, 0, 0, 0, 0xff, 0xff, ...little(2, 0)),
      cell(0x06, 3, 3, 0, ...little(8, 0.1 + 0.2), ...little(2, 0)),
      record(
        0xbd,
        ...little(2, 4, 1, 0),
        ...little(4, (7 << 2) | 2),
        ...little(2, 0),
        ...little(4, (8 << 2) | 2, 0),
        2,
        0,
      ),
      cell(0x205, 5, 0, 0, 42, 1),
    ];
    const stream = workbook(globals, [
      { name: "Garden", records },
      { name: "Secret", records: [cell(0x204, 0, 0, 0, ...text("hidden"))], hidden: true },
      { name: "Empty", records: [] },
    ]);
    const bytes = makeCompound({ Workbook: stream });
    expect(detectType(bytes, "book.bin").kind).toBe("xls");
    const expected = [
      ["Garden", "Garden"],
      [
        "Garden",
        "Sort | Planted | Weight\nQuince | 2021-01-01 | 1.25 kg\nMüller | TRUE | #DIV/0! | 0.3\n | 7 | 8\n#N/A",
      ],
    ];
    expect(await read(stream)).toEqual(expected);
    expect(await read(stream, { scattered: true })).toEqual(expected);
    const { leftOut } = await parseDocument("xls", bytes);
    expect(leftOut?.notes).toEqual([{ what: "1 hidden sheet", reason: "It is hidden." }]);
  });

  it("has texts that go on in the next record, in other characters", async () => {
    const start = record(0xfc, ...little(4, 1, 1), ...little(2, 8), 0, ..."Gold".split("").map((c) => c.charCodeAt(0)));
    const stream = workbook(
      [start, record(0x3c, 1, ...wide("rübe"))],
      [{ name: "S", records: [cell(0xfd, 0, 0, 0, ...little(4, 0))] }],
    );
    expect(await read(stream)).toContainEqual(["S", "Goldrübe"]);
  });

  it("may be so large that the list of its sectors goes on behind its head", async () => {
    const label = (row: number) => cell(0x204, row, 0, 0, ...text(`${row} ${"pear ".repeat(800)}`));
    const rows = Array.from({ length: 1_100 }, (_, row) => label(row));
    const blocks = await read(workbook([], [{ name: "S", records: rows }]), { scattered: true });
    expect(blocks).toHaveLength(1_101);
    expect(blocks.at(-1)?.[1]).toMatch(/^1099 pear/);
  });

  it.each([
    ["with a password", workbook([record(0x2f, 1, 0)], []), "encrypted", "password"],
    ["of Excel 95", [...bof(5, 0x500), ...eof], "unreadable", "Excel 95"],
    ["without sheets", workbook([], []), "empty", "no text"],
    ["whose texts break off", workbook([record(0xfc, ...little(4, 9, 9), 9, 9, 9)], []), "damaged", "damaged"],
  ])("%s is refused", async (_name, stream, code, says) => {
    await expect(read(stream)).rejects.toMatchObject({ code, message: expect.stringContaining(says) });
  });

  it.each([
    [
      "one text in every cell",
      workbook(
        [strings("x".repeat(30_000))],
        [
          {
            name: "S",
            records: Array.from({ length: 3_000 }, (_, i) => cell(0xfd, i >> 2, i & 3, 0, ...little(4, 0))),
          },
        ],
      ),
    ],
    [
      "the last cell of many rows",
      workbook(
        [],
        [{ name: "S", records: Array.from({ length: 40_000 }, (_, i) => cell(0x27e, i, 255, 0, 2, 0, 0, 0)) }],
      ),
    ],
    [
      "empty texts without end",
      workbook([record(0xfc, ...little(4, 0xffffffff, 0xffffffff), ...new Array(60_000).fill(0))], []),
    ],
    [
      "records without data",
      workbook([], [{ name: "S", records: Array.from({ length: 200_000 }, () => record(0x99)) }]),
    ],
  ])("of %s is read or refused within its bounds", async (_name, stream) => {
    await read(stream).catch((error) => expect(error).toMatchObject({ name: "UnreadableDocument" }));
  });
});

describe("a hostile compound file", () => {
  const stream = workbook([], [{ name: "S", records: [cell(0x204, 0, 0, 0, ...text("x".repeat(3_000)))] }]);
  const changed = (change: (bytes: Uint8Array) => void) => {
    const bytes = makeCompound({ Workbook: stream, Other: [1] }, { scattered: true });
    change(bytes);
    return bytes;
  };
  it.each([
    ["whose sectors follow themselves", changed((bytes) => bytes.fill(3, 512 + 8, 1024))],
    ["whose streams stand beside themselves", changed((bytes) => bytes.set(little(4, 1, 1, 1), 1024 + 128 + 68))],
    ["of sectors that are not in it", changed((bytes) => bytes.set(little(4, 0x00ffffff), 1024 + 128 + 116))],
    ["with tables in a ring", changed((bytes) => bytes.set(little(4, 0, 9), 68))],
    ["with sectors of a billion bytes", changed((bytes) => bytes.set([30, 0], 30))],
    ["of a header alone", changed(() => {}).subarray(0, 512)],
    ["cut off", changed(() => {}).subarray(0, 1_600)],
  ])("%s is read or refused", async (_name, bytes) => {
    const reading = async () => parseDocument(detectType(bytes, "a.xls").kind, bytes);
    await reading().catch((error) => expect(error.name).toMatch(/^(?:UnreadableDocument|Problem)$/));
  });
});

describe.skipIf(!corpus)("a real old Office file", () => {
  it.each(["two-sheets.xls", "summer-activities.doc", "tables-and-lists.ppt"])(
    "damaged anywhere is read or refused: %s",
    async (file) => {
      const bytes = await readCorpusFile(`docs/${file}`);
      for (let seed = 0; seed < 150; seed++) {
        const damaged = mutated(bytes, seed);
        const reading = async () => parseDocument(detectType(damaged, file).kind, damaged);
        await reading().catch((error) => expect(error.name).toMatch(/^(?:UnreadableDocument|Problem)$/));
      }
    },
    60_000,
  );
});
