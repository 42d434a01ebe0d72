import { describe, expect, it, vi } from "vitest";
import { ReadingBudget } from "../budget.ts";
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
    ).toBe("our shop (http://x.example)\n\n- Quince");
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

  it("that is cut off is read as far as it goes, and said to be", () => {
    const whole = makeRtf("The pear\\par");
    const leaveOut = vi.fn();
    const cut = whole.subarray(0, whole.length - 3);
    expect(parseRtf(cut, new ReadingBudget("rtf", cut.length), { leaveOut }).text).toBe("The pear");
    expect(leaveOut).toHaveBeenCalledWith("1 end of the file", expect.stringContaining("missing"));
  });

  it("with braces that close nothing is read to its end", () => {
    expect(textOf(String.raw`One.\par }Two {\b bold}.}\par\par {Three.}`)).toBe("One.\n\nTwo bold.\n\nThree.");
  });

  it("sets apart what stands above and below the line", () => {
    expect(
      textOf(
        String.raw`$25{\super 1} and 10\super 6\nosupersub  of H{\sub 2}O, 1{\super st}, 10{\up6 -3}\plain ; 12{\dn4 8}.`,
      ),
    ).toBe("$25^1 and 10^6 of H2O, 1st, 10^-3; 12_8.");
  });

  const row = (cells: string[], flags: string[] = []) =>
    `\\trowd${cells.map((_, i) => `${flags[i] ?? ""}\\cellx${i + 1}00`).join("")}\\pard\\intbl ${cells.map((cell) => `${cell}\\cell`).join(" ")}\\row`;

  it("has its last table, and what merged cells say in each row", () => {
    expect(textOf(row(["Crane", "417"]) + row(["Winch", "88"]))).toBe("Crane | 417\nWinch | 88");
    expect(textOf(String.raw`Prices\par \trowd\cellx1\intbl Crane\cell 417`)).toBe("Prices\n\nCrane | 417");
    expect(textOf(row(["Pro", "40"], ["\\clvmgf"]) + row(["", "45"], ["\\clvmrg"]) + row(["", "50"]))).toBe(
      "Pro | 40\nPro | 45\n | 50",
    );
  });

  it("has a table in a table behind it", () => {
    const inner = String.raw`\pard\intbl\itap2 a\nestcell b\nestcell{\*\nesttableprops\trowd\cellx1\cellx2\nestrow}{\nonesttables\par}`;
    const rows = row([`Outer\\par ${inner}${inner}\\pard\\intbl `, "last"]);
    expect(textOf(`${rows}\\pard After.`)).toBe("Outer | last\n\na | b\na | b\n\nAfter.");
  });

  it("tells remarks, pictures that are described, formulas, and fields without a result", () => {
    const picture = String.raw`{\*\shppict{\pict{\*\picprop{\sp{\sn wzDescription}{\sv Plan of the yard}}}\pngblip ffd8}}`;
    const formula = String.raw`{\*\moMath{\mr x=}{\mf{\mfPr{\mctrlPr}}{\mnum{\mr a+1}}{\mden{\mr 2}}}}`;
    const field = String.raw`{\field{\*\fldinst EQ \\o(\\s\\up 9(reading),word)}{\fldrslt }}`;
    expect(textOf(String.raw`One{\*\annotation Why?} ${picture}${formula} ${field}\par`)).toBe(
      "One x = (a + 1)/2 word\n\nComment: Why?\n\nPicture: Plan of the yard",
    );
  });

  it("has what is chosen in the fields of a form, and no rest of a long number", () => {
    const field = (kind: string, form: string) =>
      `{\\field{\\*\\fldinst ${kind} {\\*\\formfield{${form}}}}{\\fldrslt }}`;
    const list = (chosen: string) => field("FORMDROPDOWN", `\\fftype2${chosen}{\\*\\ffl Nut}{\\*\\ffl Bolt}`);
    const box = (ticked: string) => field("FORMCHECKBOX", `\\fftype1${ticked}{\\*\\ffname b}`);
    const source = `${list("\\ffres1")} ${list("\\ffres25\\ffdefres0")} ${box("\\ffres25\\ffdefres1")} ${box("\\ffres0\\ffdefres1")}`;
    expect(textOf(`${source} {\\revdttm-2074015744 end}`)).toBe("Bolt Nut ☒ ☐ end");
  });

  it("that is empty or nested without end is refused", () => {
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
