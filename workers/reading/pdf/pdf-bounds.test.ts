import { describe, expect, it } from "vitest";
import { corpus, readCorpusFile } from "../../testing/corpus.ts";
import { ReadingBudget } from "../budget.ts";
import { Reading } from "../reading.ts";
import { composite, hostilePdfs, ofFont } from "../testing/hostile-pdfs.ts";
import { helvetica, latin1, makePackedPdfOf, makePdfOf, onePage, pdfStream, text } from "../testing/pdf.ts";
import { parsePdf } from "./parse-pdf.ts";

/** What is written of a PDF and what that cost; it is read, or refused with a sentence. */
async function read(file: Uint8Array) {
  const never = () => Promise.reject(new Error("Nothing lies in these."));
  const reading = Reading.begin(never, "pdf", file.length, {});
  const said = await parsePdf(file, reading).then(
    (document) => document.text,
    (error) => {
      expect(error.name).toBe("UnreadableDocument");
      return error.code as string;
    },
  );
  return { said, spent: reading.budget.spent };
}

describe("a PDF that makes much of little", () => {
  it.each(Object.entries(hostilePdfs))("%s is read or refused within its bounds", async (_name, make) => {
    const file = makePackedPdfOf(make());
    const { operations, operationsPerByte } = new ReadingBudget("pdf", file.length).limits;
    const { spent } = await read(file.slice());
    // What is paid at once comes on top.
    expect(spent).toBeLessThan(1.01 * (operations + operationsPerByte * file.length));
  });

  it.each([
    ["of no bytes", "/W [0 0 0] /Index [0 1000000000]"],
    ["of which only the type is written", "/W [0 0 0] /Index [0 9 9 900000000]"],
    ["of a size", "/W [0 0 0] /Size 2000000000"],
  ])("with a table of objects %s is refused", async (_name, entries) => {
    const catalogue = "%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n";
    const table = `5 0 obj\n<< /Type /XRef /Root 1 0 R ${entries} /Length 0 >>\nstream\n\nendstream\nendobj\n`;
    const { said } = await read(latin1(`${catalogue}${table}startxref\n${catalogue.length}\n%%EOF`));
    expect(said).toMatch(/^(?:too_complex|damaged)$/);
  });

  it("with states that lie on each other deeper than any program writes is refused, and one of as many beside each other read", async () => {
    const pageOf = (content: string) =>
      makePackedPdfOf(onePage(pdfStream(content), "/Font << /F1 5 0 R >>", [helvetica]));
    expect((await read(pageOf(`${"q ".repeat(400_000)}${text("Pears")}`))).said).toBe("damaged");
    expect((await read(pageOf(`${"q Q ".repeat(20_000)}${text("Pears")}`))).said).toBe("Pears");
  });

  it("does not stop another that is read at the same time", async () => {
    const honest = makePdfOf(onePage(pdfStream(text("Pears")), "/Font << /F1 5 0 R >>", [helvetica]));
    const hostile = makePdfOf(ofFont(composite("/W [0 2147483647 500]")));
    const both = await Promise.all([hostile, honest.slice(), hostile.slice(), honest].map(read));
    expect(both.map(({ said }) => said)).toEqual(["too_complex", "Pears", "too_complex", "Pears"]);
    // What the hostile ones still had to do is not put on the others.
    for (const i of [1, 3]) expect(both[i]?.spent).toBeLessThan(100_000);
  });
});

/** A book of pages that share forty lines. */
const bookOf = (pages: number): string[] => [
  "<< /Type /Catalog /Pages 2 0 R >>",
  `<< /Type /Pages /Count ${pages} /Kids [${Array.from({ length: pages }, (_, i) => `${5 + i} 0 R`).join(" ")}] >>`,
  helvetica,
  pdfStream(`BT /F1 9 Tf 72 700 Td 12 TL ${"(Pears keep longest in a cool and airy place.) Tj T* ".repeat(40)} ET`),
  ...Array.from(
    { length: pages },
    () =>
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents 4 0 R >>",
  ),
];

it.each([
  [
    "lines on a page",
    (n: number) =>
      onePage(
        pdfStream(`BT /F1 9 Tf ${"1 0 0 1 9 9 Tm (pear-) Tj T* ".repeat(n)} ET`, "", 1),
        "/Font << /F1 5 0 R >>",
        [helvetica],
      ),
  ],
  [
    "words in a line",
    (n: number) =>
      onePage(pdfStream(`BT /F1 0.004 Tf ${"(pear ) Tj ".repeat(n)} ET`, "", 1), "/Font << /F1 5 0 R >>", [helvetica]),
  ],
  ["pages", (n: number) => bookOf(n / 200)],
])("twice as many %s take twice the work", async (_name, make) => {
  const [once, twice] = [await read(makePdfOf(make(20_000))), await read(makePdfOf(make(40_000)))];
  expect(once.said).toContain("ear");
  expect(twice.said.length / once.said.length).toBeCloseTo(2, 1);
  expect(twice.spent / once.spent).toBeLessThan(2.2);
});

describe.skipIf(!corpus)("an attack that was seen", () => {
  it.each(["xrefw0.pdf", "wbomb.pdf", "cmap1.pdf", "laughs4.pdf", "lines100k.pdf"])("%s", async (name) => {
    const { said, spent } = await read(await readCorpusFile(`attacks/${name}`));
    expect(spent).toBeLessThan(70_000_000);
    if (name === "lines100k.pdf") expect(said.length).toBeGreaterThan(100_000);
    else expect(said).toBe("too_complex");
  });
});
