import { describe, expect, it } from "vitest";
import { detectType } from "../detect-type.ts";
import { latin1 } from "../testing/files.ts";
import { parseRtf } from "./parse-rtf.ts";

const fonts = String.raw`{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset128 MS Mincho;}{\f2\fcharset204 Arial Cyr;}{\f3\fcharset2 Symbol;}}`;
const styles = String.raw`{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 \'dcberschrift 1;}{\s2\sbasedon1 heading 2;}{\*\cs9 Strong;}}`;
const makeRtf = (body: string, head = "") =>
  latin1(String.raw`{\rtf1\ansi\ansicpg1252\deff0${fonts}${styles}${head}\pard\plain ${body}}`);

const textOf = (body: string) => parseRtf(makeRtf(body)).text;

describe("a rich text file", () => {
  it("is known by its first bytes", () => {
    expect(detectType(makeRtf("The pear"), "pear.doc").kind).toBe("rtf");
  });

  it("has its headings by style, its tables as tables, and nothing of its settings", () => {
    const row = (...cells: string[]) =>
      String.raw`\trowd\cellx100\cellx200\pard\intbl ${cells.map((cell) => `${cell}\\cell`).join(" ")}\row`;
    const { text, blocks } = parseRtf(
      makeRtf(String.raw`{\s1\outlinelevel0 Garden\par}\pard\s2 Pears\par\pard Keep them {\b cool}.\par
${row("Sort", "Plot")}${row("Quince", String.raw`seven\par north`)}\pard After the table.\par{\pict ffd8ffe0}{\*\generator Us;}`),
    );
    expect(text).toBe("Garden\n\nPears\n\nKeep them cool.\n\nSort | Plot\nQuince | seven north\n\nAfter the table.");
    expect(blocks.map(({ section }) => section)).toEqual(["Garden", ...Array(4).fill("Garden › Pears")]);
  });

  it("is read in the encoding of each font, and in Unicode where it has it", () => {
    expect(textOf(String.raw`\f1 \'83\'5c\'83\'8b\f2  \'e3\'f0\'f3\'f8\'e0\f0  caf\'e9`)).toBe("ソル груша café");
    expect(textOf(String.raw`\u28201?\u20140\'a7 {\uc2\u-10240\'3f\'3f\u-8397\'3f\'3f\uc0\u1575 }end`)).toBe(
      "渉仌 𐌳اend".replace("渉仌", String.fromCharCode(28201, 20140)),
    );
  });

  it("tells headers, footnotes and text boxes once, after the paragraph that they stand by", () => {
    const header = String.raw`{\header\pard Yearly report\par}`;
    const box = String.raw`{\shp{\*\shpinst{\sp{\sn x}{\sv 12}}{\shptxt In a box\par}}{\shprslt In a box\par}}`;
    expect(
      textOf(String.raw`${header}${header}A pear{\super\chftn{\footnote\pard A fruit.}} falls.\par ${box}Last.`),
    ).toBe("A pear falls.\n\nYearly report\n\nA fruit.\n\nLast.\n\nIn a box");
  });

  it("leaves out hidden text, and shows the text of links and the marks of lists", () => {
    expect(
      textOf(
        String.raw`{\field{\*\fldinst HYPERLINK "http://x.example"}{\fldrslt our shop}}{\v secret}\par {\listtext\f3 \'b7\tab}Quince\par`,
      ),
    ).toBe("our shop\n\n- Quince");
  });

  it("says who wrote it, and when", () => {
    const head = String.raw`{\info{\title The \'84pear\'93}{\author Ann Gard}{\creatim\yr2024\mo3\dy9\hr8\min5}{\comment no}}`;
    expect(parseRtf(makeRtf("Text", head)).properties).toEqual({
      title: "The „pear“",
      author: "Ann Gard",
      date: "2024-03-09T08:05:00.000Z",
      language: null,
    });
  });

  it("that is cut off, empty or nested without end is refused", () => {
    const whole = makeRtf("The pear\\par");
    expect(() => parseRtf(whole.subarray(0, whole.length - 3))).toThrow(expect.objectContaining({ code: "damaged" }));
    expect(() => parseRtf(makeRtf(""))).toThrow(expect.objectContaining({ code: "empty" }));
    expect(() => parseRtf(latin1(`{\\rtf1${"{".repeat(100_000)}`))).toThrow(
      expect.objectContaining({ code: "damaged" }),
    );
  });

  it("of thirty megabytes of pictures and text is read within its bounds", () => {
    const picture = `{\\pict ${"ff".repeat(10_000_000)}}`;
    const file = makeRtf(picture + "The pear is ripe.\\par ".repeat(400_000));
    const { text } = parseRtf(file);
    expect(text.length).toBeGreaterThan(7_000_000);
  });
});
