import { describe, expect, it } from "vitest";
import { ReadingBudget } from "../budget.ts";
import { little, makeCompound, wide } from "../testing/compound.ts";
import { CompoundFile } from "./compound-file.ts";
import { parseXls } from "./parse-xls.ts";

const record = (type: number, ...data: number[]) => [...little(2, type, data.length), ...data];
const text = (value: string) => [...little(2, value.length), 1, ...wide(value)];
const bof = record(0x809, ...little(2, 0x600, 5, 0, 0), ...little(4, 0, 0));
const eof = record(0x0a);
const sheetAt = (start: number) => record(0x85, ...little(4, start), 0, 0, 1, 1, ...wide("S"));
const shared = (row: number) => record(0xfd, ...little(2, row, 0, 0), ...little(4, 0));

/** What a workbook says, or why it is refused, and what that cost. */
function readXls(stream: number[]) {
  const file = makeCompound({ Workbook: stream });
  const budget = new ReadingBudget("xls", file.length);
  try {
    return { said: parseXls(file, { budget, leaveOut: () => {} }).text, spent: budget.spent };
  } catch (error) {
    expect(error).toMatchObject({ name: "UnreadableDocument" });
    return { said: (error as { code: string }).code, spent: budget.spent };
  }
}

/** A workbook of one string and one sheet of records. */
function workbook(value: string, records: number[]): number[] {
  const head = [...bof, ...record(0xfc, ...little(4, 1, 1), ...text(value))];
  const start = head.length + sheetAt(0).length + eof.length;
  return [...head, ...sheetAt(start), ...eof, ...bof, ...records, ...eof];
}
const rows = (count: number) => Array.from({ length: count }, (_, row) => shared(row)).flat();

describe("an old workbook", () => {
  it("of twice as many rows takes twice the work", () => {
    const [once, twice] = [readXls(workbook("pear", rows(10_000))), readXls(workbook("pear", rows(20_000)))];
    expect(twice.said.length / once.said.length).toBeCloseTo(2, 1);
    expect(twice.spent / once.spent).toBeLessThan(2.2);
  });

  it("has the white space of a string looked at once, however many cells show it", () => {
    expect(readXls(workbook(`a${" ".repeat(30_000)}b`, rows(60_000))).said.slice(0, 12)).toBe("S\n\na b\na b\na");
  });

  it("whose sheets lie in one another is refused", () => {
    const count = 6_000;
    const start = bof.length + count * sheetAt(0).length + eof.length;
    const sheets = Array.from({ length: count }, (_, i) => sheetAt(start + i * bof.length)).flat();
    expect(readXls([...bof, ...sheets, ...eof, ...Array.from({ length: count }, () => bof).flat()]).said).toBe(
      "too_complex",
    );
  });
});

it("a short stream that claims to be longer than the file is refused", () => {
  const file = makeCompound({ Workbook: [1, 2, 3] });
  const view = new DataView(file.buffer);
  view.setUint32(56, 0xffffffff, true);
  const directory = 512 * (view.getUint32(48, true) + 1);
  view.setUint32(directory + 128 + 120, 0xfffffff0, true);
  expect(() => new CompoundFile(file).stream("Workbook")).toThrow(expect.objectContaining({ code: "damaged" }));
});
