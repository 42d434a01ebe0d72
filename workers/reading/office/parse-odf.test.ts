import { describe, expect, it } from "vitest";
import { detectType } from "../detect-type.ts";
import { makeOdf } from "../testing/office.ts";
import { parseOdf } from "./parse-odf.ts";

const p = (text: string) => `<text:p>${text}</text:p>`;
const cell = (text: string, attributes = "") => `<table:table-cell ${attributes}>${p(text)}</table:table-cell>`;

describe("an OpenDocument text", () => {
  const styles = '<style:style style:name="P1" style:parent-style-name="Title"/>';

  it("has headings, lists, tables, footnotes, and what its white space means", () => {
    const bytes = makeOdf(
      "text",
      `<text:tracked-changes>${p("deleted")}</text:tracked-changes>
       <text:p text:style-name="P1">The garden</text:p>
       <text:h text:outline-level="1">Pears</text:h>
       ${p('One<text:s text:c="2"/>two\n  three<text:line-break/>four<office:annotation><text:p>aside</text:p></office:annotation>')}
       <text:list><text:list-item>${p("first")}${p("goes on")}<text:list><text:list-item>${p("inner")}</text:list-item></text:list></text:list-item></text:list>
       <text:h text:outline-level="2">Where</text:h>
       <table:table table:name="T"><table:table-row>${cell("Sort")}${cell("Plot")}</table:table-row>
       <table:table-row>${cell("Conference")}${cell("7<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>a note</text:p></text:note-body></text:note>")}</table:table-row></table:table>`,
      { styles },
    );
    expect(detectType(bytes, "x.zip").kind).toBe("odt");
    const { text, blocks } = parseOdf(bytes);
    expect(text).toBe(
      "The garden\n\nPears\n\nOne  two three\nfour\n\n- first\n\ngoes on\n\n- inner\n\nWhere\n\nSort | Plot\nConference | a note 7",
    );
    expect(blocks.at(-1)?.section).toBe("The garden › Pears › Where");
  });

  it("that is encrypted is refused", () => {
    const manifest =
      "<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
    const bytes = makeOdf("text", "", { "META-INF/manifest.xml": manifest });
    expect(() => parseOdf(bytes)).toThrow(expect.objectContaining({ code: "encrypted" }));
  });

  it.each([
    ["a document type declaration", "unsafe_xml", '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a>&b;</a>'],
    ["lists without end", "damaged", "<text:list>".repeat(500_000)],
    ["nothing in it", "empty", ""],
  ])("with %s is refused within its bounds", (_name, code, content) => {
    expect(() => parseOdf(makeOdf("text", "", { "content.xml": content }))).toThrow(expect.objectContaining({ code }));
  });
});

describe("an OpenDocument spreadsheet", () => {
  const styles =
    '<style:style style:name="ta1"/><style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>';

  it("is read sheet by sheet, without hidden ones", () => {
    const bytes = makeOdf(
      "spreadsheet",
      `<table:table table:name="Pears" table:style-name="ta1"><table:table-row>${cell("Sort")}${cell("Weight")}</table:table-row>
       <table:table-row><table:table-cell table:number-columns-repeated="1"/>${cell("1,5 kg", 'office:value="1.5"')}<table:table-cell table:number-columns-repeated="16000"/></table:table-row>
       <table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>
       <table:table table:name="Secret" table:style-name="ta2"><table:table-row>${cell("no")}</table:table-row></table:table>
       <table:table table:name="Apples"><table:table-row>${cell("Boskoop")}${cell("x", 'table:number-columns-repeated="3"')}${cell("y")}</table:table-row></table:table>`,
      { styles },
    );
    expect(detectType(bytes, "x").kind).toBe("ods");
    const { text, blocks } = parseOdf(bytes);
    expect(text).toBe("Pears\n\nSort | Weight\n | 1,5 kg\n\nApples\n\nBoskoop |  |  | x | y");
    expect(new Set(blocks.map(({ section }) => section))).toEqual(new Set(["Pears", "Apples"]));
  });

  it("that repeats a row of text for ever is read or refused within its bounds", () => {
    const row = `<table:table-row table:number-rows-repeated="999999999">${cell("pear ".repeat(50), 'table:number-columns-repeated="999999999"')}</table:table-row>`;
    expect(() =>
      parseOdf(makeOdf("spreadsheet", `<table:table table:name="T">${row.repeat(3_000)}</table:table>`)),
    ).toThrow(expect.objectContaining({ code: "too_much_text" }));
  });
});

describe("an OpenDocument presentation", () => {
  it("has its slides as pages, with the speaker’s notes", () => {
    const bytes = makeOdf(
      "presentation",
      `<draw:page><draw:frame><draw:text-box>${p("Pears")}</draw:text-box></draw:frame><presentation:notes><draw:text-box>${p("say hello")}</draw:text-box></presentation:notes></draw:page>
       <draw:page><draw:frame>${p("Apples")}</draw:frame></draw:page>`,
    );
    expect(detectType(bytes, "x").kind).toBe("odp");
    const { text, blocks, pages } = parseOdf(bytes);
    expect([text, pages]).toEqual(["Pears\n\nsay hello\n\nApples", 2]);
    expect(blocks.map(({ page }) => page)).toEqual([1, 1, 2]);
  });
});
