import { describe, expect, it } from "vitest";
import { ReadingBudget } from "../budget.ts";
import { MathText } from "./math-text.ts";
import { localName, xmlParser } from "./read-xml.ts";

function said(xml: string): string {
  const math = new MathText();
  let whole = "";
  const parser = xmlParser(
    {
      open: (name, attributes) => math.open(localName(name), attributes),
      text: (text) => math.text(text),
      close() {
        whole = math.close() ?? whole;
      },
    },
    new ReadingBudget("xml", xml.length),
  );
  parser.write(xml);
  parser.end();
  return whole;
}

const x = "<mi>x</mi>";
const run = (text: string) => `<m:r><m:rPr><m:sty m:val="p"/></m:rPr><m:t>${text}</m:t></m:r>`;
const e = (inside: string) => `<m:e>${inside}</m:e>`;

describe("a formula", () => {
  it.each([
    ["<mi>A</mi><mo>=</mo><mi>π</mi><msup><mi>r</mi><mn>2</mn></msup>", "A = π r^2"],
    [
      "<mi>x</mi><mo>=</mo><mfrac><mrow><mo>-</mo><mi>b</mi><mo>±</mo><msqrt><msup><mi>b</mi><mn>2</mn></msup><mo>−</mo><mn>4</mn><mi>a</mi><mi>c</mi></msqrt></mrow><mrow><mn>2</mn><mi>a</mi></mrow></mfrac>",
      "x = (-b ± √(b^2 − 4 a c))/(2 a)",
    ],
    [
      `<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover><msub>${x}<mi>i</mi></msub>`,
      "∑_(i = 1)^n x_i",
    ],
    [`<mroot>${x}<mn>3</mn></mroot><mo>,</mo><mover>${x}<mo>¯</mo></mover>`, "√[3](x), x̄"],
    [
      "<mfenced open='[' close=']'><mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>0</mn></mtd></mtr><mtr><mtd><mn>0</mn></mtd><mtd><mn>1</mn></mtd></mtr></mtable></mfenced>",
      "[[1, 0; 0, 1]]",
    ],
    [`<mi>f</mi><mo>&#8289;</mo><mo>(</mo>${x}<mo>)</mo><mo>&lt;</mo><mn>1.5</mn>`, "f(x) < 1.5"],
    [
      `<semantics><mrow><msub><mi>E</mi><mn>0</mn></msub></mrow><annotation encoding="application/x-tex">E_0</annotation></semantics>`,
      "E_0",
    ],
  ])("in MathML: %s", (inside, expected) => {
    expect(said(`<math>${inside}</math>`)).toBe(expected);
  });

  it.each([
    [`${run("A=π")}<m:sSup><m:sSupPr/>${e(run("r"))}<m:sup>${run("2")}</m:sup></m:sSup>`, "A = π r^2"],
    [`<m:f><m:num>${run("a+b")}</m:num><m:den>${run("2")}</m:den></m:f>`, "(a + b)/2"],
    [
      `<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub>${run("k=0")}</m:sub><m:sup>${run("n")}</m:sup>${e(run("k"))}</m:nary>`,
      "∑_(k = 0)^n k",
    ],
    [`<m:rad><m:radPr><m:degHide m:val="1"/></m:radPr><m:deg/>${e(run("x-1"))}</m:rad>`, "√(x - 1)"],
    [
      `<m:d><m:dPr><m:begChr m:val="|"/><m:endChr m:val="|"/></m:dPr>${e(`<m:m><m:mr>${e(run("1"))}${e(run("2"))}</m:mr><m:mr>${e(run("3"))}${e(run("4"))}</m:mr></m:m>`)}</m:d>`,
      "|[1, 2; 3, 4]|",
    ],
    [`<m:func><m:fName>${run("sin")}</m:fName>${e(run("x"))}</m:func>${run("=1")}`, "sin x = 1"],
    [`<m:sSubSup>${e(run("x"))}<m:sub>${run("i")}</m:sub><m:sup>${run("2")}</m:sup></m:sSubSup>`, "x_i^2"],
  ])("in OMML: %s", (inside, expected) => {
    expect(said(`<m:oMath>${inside}</m:oMath>`)).toBe(expected);
  });

  it("that is nested without end is still said", () => {
    expect(said(`<math>${"<msqrt>".repeat(1_500)}<mi>x</mi>${"</msqrt>".repeat(1_500)}</math>`)).toContain("x");
  });
});
