import { describe, expect, it } from "vitest";
import { detectType } from "../detect-type.ts";
import { makePptx, makeZip, shape } from "../testing/office.ts";
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
