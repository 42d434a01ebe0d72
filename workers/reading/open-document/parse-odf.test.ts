import { describe, expect, it, vi } from "vitest";
import { ReadingBudget } from "../budget.ts";
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
      "The garden\n\nPears\n\nOne  two three\nfour\n\nComment: aside\n\n- first\n\ngoes on\n\n- inner\n\nWhere\n\nSort | Plot\nConference | 7\n\na note",
    );
    expect(blocks.at(-1)?.section).toBe("The garden › Pears › Where");
  });

  it("has what is chosen in the fields of a form", () => {
    const param = (name: string, value: string) => `<field:param field:name="${name}" field:value="${value}"/>`;
    const field = (kind: string, params: string) =>
      `<field:fieldmark xmlns:field="urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0" field:type="vnd.oasis.opendocument.field.${kind}">${params}</field:fieldmark>`;
    const list = ["Nut", "Bolt"].map((entry) => param("Dropdown_ListEntry", entry)).join("");
    const fields = `${field("FORMDROPDOWN", list + param("Dropdown_Selected", "1"))} ${field("FORMCHECKBOX", param("Checkbox_Checked", "true"))}${field("FORMCHECKBOX", "")}`;
    expect(parseOdf(makeOdf("text", p(`Part: ${fields}`))).text).toBe("Part: Bolt ☒☐");
  });

  it("has numbers of lists and headings as it shows them", () => {
    const level = (n: number, format: string, more = "") =>
      `<text:list-level-style-number text:level="${n}" style:num-format="${format}" style:num-suffix="." ${more}/>`;
    const item = (text: string, inside = "", attributes = "") =>
      `<text:list-item ${attributes}>${p(text)}${inside}</text:list-item>`;
    const list = (items: string, more = "") => `<text:list text:style-name="L" ${more}>${items}</text:list>`;
    const numbered = `<text:list-style style:name="L">${level(1, "1")}${level(2, "a", 'text:display-levels="2"')}</text:list-style>`;
    const outline =
      '<text:outline-style><text:outline-level-style text:level="1" style:num-format="I" style:num-prefix="Part "/></text:outline-style>';
    const bytes = makeOdf(
      "text",
      `<text:h text:outline-level="1">Scope</text:h>
       ${list(item("one", `<text:list>${item("deep")}</text:list>`) + item("two"))}${p("Between.")}
       ${list(item("three"), 'text:continue-numbering="true"')}${list(item("anew") + item("seven", "", 'text:start-value="7"'))}
       <text:h text:outline-level="1">Terms</text:h>`,
      { styles: numbered, "styles.xml": `<office:document-styles>${outline}</office:document-styles>` },
    );
    expect(parseOdf(bytes).text.split("\n\n")).toEqual([
      "Part I Scope",
      "1. one",
      "1.a. deep",
      "2. two",
      "Between.",
      "3. three",
      "1. anew",
      "7. seven",
      "Part II Terms",
    ]);
  });

  it("sets apart raised text, leaves out hidden text, and tells addresses", () => {
    const style = (name: string, properties: string, family = "text") =>
      `<style:style style:name="${name}" style:family="${family}"><style:text-properties ${properties}/></style:style>`;
    const styles =
      style("S", 'style:text-position="super 58%"') +
      style("D", 'style:text-position="-33% 58%"') +
      style("H", 'text:display="none"');
    const span = (name: string, text: string) => `<text:span text:style-name="${name}">${text}</text:span>`;
    const bytes = makeOdf(
      "text",
      `${p(`Fee $25${span("S", "1")}, 10${span("S", "6")}, H${span("D", "2")}O${span("H", " secret")}.`)}
       <text:p text:style-name="H">Hidden</text:p><text:section text:display="none">${p("Also hidden")}</text:section>
       ${p('<text:a xlink:href="https://example.org/register">Register</text:a> or <text:a xlink:href="mailto:a@example.org">a@example.org</text:a>')}
       ${p("<text:ruby><text:ruby-base>東京</text:ruby-base><text:ruby-text>とうきょう</text:ruby-text></text:ruby>")}`,
      { styles },
    );
    expect(parseOdf(bytes).text).toBe(
      "Fee $25^1, 10^6, H2O.\n\nRegister (https://example.org/register) or a@example.org\n\n東京",
    );
  });

  it("tells heads and feet of pages once, pictures that are described, formulas and charts", () => {
    const running = (text: string) => `<style:header>${p(text)}</style:header>`;
    const master = `<office:document-styles><office:master-styles><style:master-page>${running("Policy QM-4711")}<style:footer>${p("Page <text:page-number>1</text:page-number>")}</style:footer></style:master-page><style:master-page>${running("Policy QM-4711")}</style:master-page></office:master-styles></office:document-styles>`;
    const chart = `<office:document-content><chart:chart><chart:title>${p("Cranes sold")}</chart:title><table:table><table:table-row>${cell("")}${cell("Sold")}</table:table-row><table:table-row>${cell("2023")}${cell("417")}</table:table-row></table:table></chart:chart></office:document-content>`;
    const math = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mfrac><mn>1</mn><mn>2</mn></mfrac></math>';
    const bytes = makeOdf(
      "text",
      `${p('<draw:frame><draw:image xlink:href="Pictures/1.png"/><svg:desc>Plan of the yard</svg:desc></draw:frame>Half is <draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>.')}
       <draw:frame><draw:object xlink:href="./Object 2"/><draw:image/></draw:frame><draw:frame><draw:image/></draw:frame>`,
      { "styles.xml": master, "Object 1/content.xml": math, "Object 2/content.xml": chart },
    );
    const leaveOut = vi.fn();
    expect(parseOdf(bytes, new ReadingBudget("odt", bytes.length), { leaveOut }).text.split("\n\n")).toEqual([
      "Policy QM-4711",
      "Half is 1/2.",
      "Picture: Plan of the yard",
      "Cranes sold\n | Sold\n2023 | 417",
    ]);
    expect(leaveOut.mock.calls).toEqual([["1 picture", expect.any(String)]]);
  });

  it("is read whatever prefixes its namespaces have, and where it names a document type", () => {
    const content =
      '<!DOCTYPE office:document-content PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "office.dtd"><a:document-content xmlns:a="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:b="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><b:h b:outline-level="1">Limit</b:h><b:p>Forty.</b:p></a:document-content>';
    expect(parseOdf(makeOdf("text", "", { "content.xml": content })).text).toBe("Limit\n\nForty.");
  });

  it("that is encrypted is refused", () => {
    const manifest =
      "<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
    const bytes = makeOdf("text", "", { "META-INF/manifest.xml": manifest });
    expect(() => parseOdf(bytes)).toThrow(expect.objectContaining({ code: "encrypted" }));
  });

  it.each([
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
    expect(text).toBe("Pears\n\nSort | Weight\n | 1,5 kg\n\nApples\n\nBoskoop | x | x | x | y");
    expect(new Set(blocks.map(({ section }) => section))).toEqual(new Set(["Pears", "Apples"]));
  });

  it("has equal cells side by side, cells over several rows, and values without a text", () => {
    const row = (cells: string) => `<table:table-row>${cells}</table:table-row>`;
    const bytes = makeOdf(
      "spreadsheet",
      `<table:table table:name="S">${row(cell("Plan") + cell("Q1") + cell("Q2"))}
       ${row(cell("Pro", 'table:number-rows-spanned="2"') + cell("5", 'table:number-columns-repeated="2"'))}
       ${row('<table:covered-table-cell/><table:table-cell office:value-type="float" office:value="7"/><table:table-cell office:value-type="percentage" office:value="0.125"/>')}
       ${row(cell("<office:annotation><dc:creator>Ann</dc:creator><text:p>only on weekdays</text:p></office:annotation>End"))}</table:table>`,
    );
    expect(parseOdf(bytes).text).toBe(
      "S\n\nPlan | Q1 | Q2\nPro | 5 | 5\nPro | 7 | 12.5%\nEnd\n\nComment by Ann: only on weekdays",
    );
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
