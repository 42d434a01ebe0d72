import { strToU8, type Zippable, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { detectType } from "../detect-type.ts";
import { parseDocument } from "../parse-document.ts";
import { makeDocx, makePdf, paragraph } from "../testing/files.ts";

const zip = (files: Zippable) => zipSync(files);
const read = async (bytes: Uint8Array) => {
  const document = await parseDocument("zip", bytes);
  const { text, blocks } = document;
  return { ...document, places: blocks.map(({ section, start, end }) => [section, text.slice(start, end)]) };
};
/** Members with no compression, and one that claims another size than it has. */
function withClaimedSize(bytes: Uint8Array, size: number): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length - 4; at++)
    if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, size, true);
  return bytes;
}
/** An archive whose members are all one, as bombs of great ratio have it. */
function overlapping(count: number): Uint8Array {
  const bytes = zip(
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`${i}.txt`, strToU8(`${"pear ".repeat(999)}${i}`)])),
  );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const directory = view.getUint32(bytes.length - 6, true);
  const first = bytes.subarray(0, bytes.indexOf(0x50, 40));
  const moved = new Uint8Array(first.length + bytes.length - directory);
  moved.set(first);
  moved.set(bytes.subarray(directory), first.length);
  const put = new DataView(moved.buffer);
  put.setUint32(moved.length - 6, first.length, true);
  for (let at = first.length; at < moved.length - 46; at++)
    if (put.getUint32(at, true) === 0x02014b50) put.setUint32(at + 42, 0, true);
  return moved;
}
const nested = (depth: number, innermost: Uint8Array, name = "note.txt"): Uint8Array =>
  depth === 0 ? zip({ [name]: innermost }) : zip({ [`level${depth}.zip`]: nested(depth - 1, innermost, name) });

/** The same archive with records of ZIP64: at its end, and where `fields` says so, for the sizes and places of its members. */
function withLongRecords(bytes: Uint8Array, fields: ("size" | "compressed" | "offset")[]): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [count, start] = [view.getUint16(bytes.length - 12, true), view.getUint32(bytes.length - 6, true)];
  const places = { size: 24, compressed: 20, offset: 42 };
  const parts: Uint8Array[] = [bytes.subarray(0, start)];
  let [at, size] = [start, 0];
  for (let i = 0; i < count; i++) {
    const nameLength = view.getUint16(at + 28, true);
    const entry = bytes.slice(at, at + 46 + nameLength);
    const put = new DataView(entry.buffer);
    const extra = new DataView(new ArrayBuffer(fields.length > 0 ? 4 + 8 * fields.length : 0));
    if (fields.length > 0) extra.setUint16(0, 1, true);
    if (fields.length > 0) extra.setUint16(2, 8 * fields.length, true);
    for (const [j, field] of fields.entries()) {
      extra.setBigUint64(4 + 8 * j, BigInt(put.getUint32(places[field], true)), true);
      put.setUint32(places[field], 0xffffffff, true);
    }
    put.setUint16(30, extra.byteLength, true);
    parts.push(entry, new Uint8Array(extra.buffer));
    size += entry.length + extra.byteLength;
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  const end = new DataView(new ArrayBuffer(56 + 20 + 22));
  end.setUint32(0, 0x06064b50, true);
  end.setBigUint64(4, 44n, true);
  end.setBigUint64(24, BigInt(count), true);
  end.setBigUint64(32, BigInt(count), true);
  end.setBigUint64(40, BigInt(size), true);
  end.setBigUint64(48, BigInt(start), true);
  end.setUint32(56, 0x07064b50, true);
  end.setBigUint64(64, BigInt(start + size), true);
  end.setUint32(76, 0x06054b50, true);
  for (const place of [84, 86]) end.setUint16(place, 0xffff, true);
  for (const place of [88, 92]) end.setUint32(place, 0xffffffff, true);
  parts.push(new Uint8Array(end.buffer));
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let to = 0;
  for (const part of parts) {
    whole.set(part, to);
    to += part.length;
  }
  return whole;
}

describe("a ZIP archive of ZIP64", () => {
  it.each([[[]], [["size"]], [["size", "compressed"]], [["size", "compressed", "offset"]], [["offset"]]] as (
    | "size"
    | "compressed"
    | "offset"
  )[][][])("is read with long records for %j", async (fields) => {
    const bytes = withLongRecords(
      zip({ "a.txt": strToU8("The crane lifts forty tonnes."), "b.txt": strToU8("Two.") }),
      fields,
    );
    expect(detectType(bytes, "x.zip").kind).toBe("zip");
    expect((await read(bytes)).text).toBe("The crane lifts forty tonnes.\n\nTwo.");
    const word = withLongRecords(makeDocx(paragraph("In Word.")), fields);
    expect(detectType(word, "x.docx").kind).toBe("docx");
    expect((await parseDocument("docx", word)).text).toBe("In Word.");
  });
});

describe("a ZIP archive", () => {
  it("is read file by file, each under its name", async () => {
    const bytes = zip({
      "notes/": {},
      "notes/care.md": strToU8("# Care\n\nWater twice."),
      "__MACOSX/notes/._care.md": strToU8("x"),
      "notes/.DS_Store": strToU8("x"),
      "plan.pdf": makePdf([[{ text: "One" }], [{ text: "Second page" }]]),
      "letter.docx": [makeDocx(paragraph("Dear Ann", "H1")), { level: 0 }],
      "film.mp4": strToU8("\0\0\0\x18ftypmp42\0\0\0\0"),
      "mails.zip": zip({ "a.eml": strToU8("Message-ID: <1@a>\nFrom: ann@a.example\nSubject: Pears\n\nCool.\n") }),
    });
    expect(detectType(bytes, "all.zip").kind).toBe("zip");
    const { places, leftOut, pages } = await read(bytes);
    expect(places).toContainEqual(["notes/care.md › Care", "Water twice."]);
    expect(places).toContainEqual(["plan.pdf › Page 2", "Second page"]);
    expect(places).toContainEqual(["letter.docx › Dear Ann", "Dear Ann"]);
    expect(places).toContainEqual(["mails.zip › a.eml › Pears", "Cool."]);
    expect(leftOut).toEqual({ count: 1, notes: [{ what: "film.mp4", reason: expect.stringContaining("a video") }] });
    expect(pages).toBeNull();
  });

  it("in archives is read three deep, and no deeper", async () => {
    expect((await read(nested(2, strToU8("Innermost.")))).places).toEqual([
      ["level2.zip › level1.zip › note.txt", "Innermost."],
    ]);
    await expect(read(nested(3, strToU8("Innermost.")))).rejects.toMatchObject({
      code: "empty",
      message: expect.stringMatching(
        /^No file inside of this one could be read\. level3\.zip › level2\.zip › level1\.zip › note\.txt: It lies too deep/,
      ),
    });
  });

  it("of very many PDFs is read as each would be by itself", async () => {
    const pages = Array.from({ length: 10 }, (_, page) =>
      Array.from({ length: 40 }, (_line, i) => ({
        text: `Pears of page ${page} and line ${i} keep longest in a cool place.`,
      })),
    );
    const files: Zippable = {};
    for (let i = 0; i < 60; i++) files[`${i}.pdf`] = [makePdf(pages), { level: 0 }];
    const { places, leftOut } = await read(zip(files));
    expect(leftOut).toEqual({ count: 0, notes: [] });
    expect(places).toHaveLength(600);
  });

  it("has the names that an old program gave in its own letters", async () => {
    const bytes = zip({ "Gr\u0001n.txt": strToU8("Pears.") });
    for (let i = 0; i < bytes.length; i++) if (bytes[i] === 1 && bytes[i - 1] === 0x72) bytes[i] = 0x81;
    expect((await read(bytes)).places).toEqual([["Grün.txt", "Pears."]]);
  });

  it.each([
    ["without files", zip({ "empty/": {} }), "empty", "no files in it"],
    [
      "of nothing that can be read",
      zip({ "a.mp4": strToU8("\0\0\0\x18ftypmp42\0") }),
      "empty",
      "a.mp4: It looks like a video",
    ],
    [
      "with a name that leads out of it",
      zip({ "a.txt": strToU8("a"), "../../etc/cron.d/x": strToU8("a") }),
      "unsafe_archive",
      "lead out of it",
    ],
    ["with a name that begins at the root", zip({ "/etc/passwd": strToU8("a") }), "unsafe_archive", "lead out of it"],
    ["with a name of another drive", zip({ "C:\\x.txt": strToU8("a") }), "unsafe_archive", "lead out of it"],
    [
      "that claims less than it has",
      withClaimedSize(zip({ "a.txt": new Uint8Array(60_000_000).fill(65) }), 9),
      "empty",
      "a.txt: This file is damaged",
    ],
    ["whose members lie in one another", overlapping(200), "empty", "lie in one another"],
    [
      "that claims more than it can have",
      withClaimedSize(zip({ "a.txt": strToU8("pear") }), 60_000_000),
      "empty",
      "a.txt: This file is damaged",
    ],
    [
      "that unpacks to too much",
      zip({ "a.txt": new Uint8Array(70_000_000) }),
      "expands_too_far",
      "unpacks to far more",
    ],
    [
      "of archives that unpack to too much",
      zip({ "a.zip": zip({ b: new Uint8Array(40_000_000) }), "c.zip": zip({ d: new Uint8Array(40_000_000) }) }),
      "expands_too_far",
      "unpacks to far more",
    ],
    [
      "of too many files",
      zip(Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`${i}.txt`, strToU8("a")]))),
      "too_much_text",
      "more than 1,000",
    ],
  ])("%s is refused within its bounds", async (_name, bytes, code, says) => {
    await expect(read(bytes)).rejects.toMatchObject({ code, message: expect.stringContaining(says) });
  });
});
