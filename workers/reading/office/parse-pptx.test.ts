import { describe, expect, it, vi } from "vitest";
import { detectType } from "../detect-type.ts";
import { makePptx, makeRelations, makeZip, shape } from "../testing/office.ts";
import { parsePptx } from "./parse-pptx.ts";

const cell = (text: string) => `<a:tc><a:txBody><a:p><a:r><a:t>${text}</a:t></a:r></a:p></a:txBody></a:tc>`;
const table = `<p:graphicFrame><a:tbl><a:tr>${cell("Sort")}${cell("Plot")}</a:tr><a:tr>${cell("Quince")}${cell("7")}</a:tr></a:tbl></p:graphicFrame>`;

describe("a PowerPoint presentation", () => {
  it("has its slides as pages, titles as sections, and the speaker’s notes with their slide", () => {
    const bytes = makePptx([
      {
        shapes: shape(["Ripe in autumn", "Keep cool"]) + shape(["The pear"], "title") + shape(["12"], "sldNum"),
        notes: shape(["1"], "sldImg") + shape(["Show the basket"], "body"),
      },
      { shapes: shape(["Left out"]), attributes: 'show="0"' },
      { shapes: `<p:grpSp>${table}</p:grpSp><mc:Fallback>${shape(["again"])}</mc:Fallback>` },
    ]);
    expect(detectType(bytes, "x").kind).toBe("pptx");
    const { text, blocks, pages } = parsePptx(bytes);
    expect(text).toBe("The pear\n\nRipe in autumn\nKeep cool\n\nShow the basket\n\nSort | Plot\nQuince | 7");
    expect(pages).toBe(3);
    expect(blocks.map(({ page, section }) => [page, section])).toEqual([
      [1, "The pear"],
      [1, "The pear"],
      [1, "The pear"],
      [3, null],
    ]);
  });

  it("has numbers of lists, raised text, addresses, merged cells, charts, comments, and its foot once", () => {
    const numbered = (text: string) =>
      `<a:p><a:pPr><a:buAutoNum type="alphaLcParenR"/></a:pPr><a:r><a:t>${text}</a:t></a:r></a:p>`;
    const body = `<p:sp><p:txBody>${numbered("one")}${numbered("two")}<a:p><a:r><a:t>$25</a:t></a:r><a:r><a:rPr baseline="30000"/><a:t>1</a:t></a:r></a:p>
      <a:p><a:r><a:rPr><a:hlinkClick r:id="l"/></a:rPr><a:t>Register</a:t></a:r></a:p></p:txBody></p:sp>`;
    const merged = cell("").replace("<a:tc>", '<a:tc vMerge="1">');
    const merging = `<p:graphicFrame><a:tbl><a:tblPr firstRow="1"/><a:tr>${cell("Plan")}${cell("Price")}</a:tr><a:tr>${cell("Pro")}${cell("40")}</a:tr><a:tr>${merged}${cell("45")}</a:tr></a:tbl></p:graphicFrame>`;
    const picture =
      '<p:pic><p:cNvPr name="Picture 1" descr="Plan of the yard"/></p:pic><p:pic><p:cNvPr name="Picture 2"/></p:pic>';
    const foot = shape(["Internal use only"], "ftr");
    const files = {
      "ppt/presentation.xml": '<p:presentation><p:sldId r:id="a"/><p:sldId r:id="b"/></p:presentation>',
      "ppt/_rels/presentation.xml.rels": makeRelations([
        ["a", "slide", "slides/a.xml"],
        ["b", "slide", "slides/b.xml"],
      ]),
      "ppt/slides/a.xml": `<p:sld>${body}${merging}<c:chart r:id="c"/>${picture}${foot}</p:sld>`,
      "ppt/slides/b.xml": `<p:sld>${shape(["Second"])}${foot}</p:sld>`,
      "ppt/slides/_rels/a.xml.rels": `<Relationships><Relationship Id="l" Type="x/hyperlink" TargetMode="External" Target="https://example.org/r"/><Relationship Id="c" Type="x/chart" Target="../charts/c.xml"/><Relationship Id="k" Type="x/comments" Target="../comments/k.xml"/></Relationships>`,
      "ppt/comments/k.xml": "<p:cmLst><p:cm><p:text>Why so few?</p:text></p:cm></p:cmLst>",
      "ppt/charts/c.xml":
        '<c:chart><c:title><a:p><a:t>Cranes sold</a:t></a:p></c:title><c:ser><c:tx><c:v>Sold</c:v></c:tx><c:cat><c:pt idx="0"><c:v>2023</c:v></c:pt></c:cat><c:val><c:numCache><c:formatCode>0%</c:formatCode><c:pt idx="0"><c:v>0.25</c:v></c:pt></c:numCache></c:val></c:ser></c:chart>',
    };
    const leaveOut = vi.fn();
    expect(parsePptx(makeZip(files), undefined, { leaveOut }).text.split("\n\n")).toEqual([
      "a) one\nb) two\n$25^1\nRegister (https://example.org/r)",
      "Plan | Price\nPro | 40\nPro | 45",
      "Cranes sold\n | Sold\n2023 | 25%",
      "Picture: Plan of the yard",
      "Comment: Why so few?",
      "Internal use only",
      "Second",
    ]);
    expect(leaveOut.mock.calls).toEqual([["1 picture", expect.any(String)]]);
  });

  it("without a word in it is said to have none", () => {
    expect(() => parsePptx(makePptx([{ shapes: "" }]))).toThrow(expect.objectContaining({ code: "empty" }));
  });

  it("that lists an empty slide a million times is refused within its bounds", () => {
    const hostile = makeZip({
      "ppt/presentation.xml": `<p:presentation>${'<p:sldId r:id="a"/>'.repeat(1_000_000)}</p:presentation>`,
      "ppt/_rels/presentation.xml.rels":
        '<Relationships><Relationship Id="a" Type="slide" Target="slides/s0.xml"/></Relationships>',
      "ppt/slides/s0.xml": "<p:sld/>",
    });
    expect(() => parsePptx(hostile)).toThrow(expect.objectContaining({ code: "expands_too_far" }));
  });

  it("that lists one large slide again and again is refused within its bounds", () => {
    const bytes = makePptx([{ shapes: shape(["pear ".repeat(1_000)]).repeat(200) }]);
    const relations = '<Relationships><Relationship Id="a" Type="slide" Target="slides/s0.xml"/></Relationships>';
    const hostile = makeZip({
      "ppt/presentation.xml": `<p:presentation>${'<p:sldId r:id="a"/>'.repeat(10_000)}</p:presentation>`,
      "ppt/_rels/presentation.xml.rels": relations,
      "ppt/slides/s0.xml": shape(["pear ".repeat(1_000)]).repeat(200),
    });
    expect(parsePptx(bytes).pages).toBe(1);
    expect(() => parsePptx(hostile)).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/expands_too_far|too_much_text/) }),
    );
  });
});
