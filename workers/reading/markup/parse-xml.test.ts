import { describe, expect, it } from "vitest";
import { detectType } from "../detect-type.ts";
import { parseDocument } from "../parse-document.ts";
import { latin1, utf16 } from "../testing/files.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const read = async (source: string | Uint8Array) => {
  const { text, blocks, properties } = await parseDocument("xml", typeof source === "string" ? utf8(source) : source);
  return { properties, blocks: blocks.map(({ section, start, end }) => [section, text.slice(start, end)]) };
};

describe("an XML file", () => {
  it("is known by its first element, or by what it says", () => {
    for (const source of [
      '<?xml version="1.0"?><r/>',
      "<records><r>1</r></records>\n",
      "<!-- note --><!DOCTYPE book SYSTEM 'b.dtd'><book>",
      '<feed xmlns="http://www.w3.org/2005/Atom">',
    ])
      expect(detectType(utf8(source), "notes.txt").kind).toBe("xml");
    expect(detectType(utf8(`<r>${"<p>pear</p>".repeat(60_000)}</r>\n`), "notes.txt").kind).toBe("xml");
    expect(detectType(utf8("<grin> that was fun"), "notes.txt").kind).toBe("text");
    expect(detectType(utf8("<!DOCTYPE html><p>x"), "a.xml").kind).toBe("html");
  });

  it("of prose has its titles as headings, and texts with elements in them as one", async () => {
    const source = `<?xml version="1.0"?><!DOCTYPE article PUBLIC "-//X//DTD" "x.dtd">
      <article xml:lang="en"><title>On pears</title>
        <section><label>1</label><title>Storage <i>and</i> care</title>
          <para><b>Store</b> them <i>very</i>
            cool, at 4&#xa0;&lt; 5 degrees.</para>
          <section><title>Cellars</title><para>Dry ones.</para></section>
          <para>After.<list><item>one</item><item>two</item></list></para>
        </section>
        <table><tr><th>Sort</th><th>Plot</th></tr><tr><td>Qu<b>in</b>ce</td><td>7</td></tr></table>
      </article>`;
    const { blocks, properties } = await read(source);
    expect(properties).toMatchObject({ title: "On pears", language: "en" });
    expect(blocks).toEqual([
      ["On pears", "On pears"],
      ["On pears", "label: 1"],
      ["On pears › Storage and care", "Storage and care"],
      ["On pears › Storage and care", "Store them very cool, at 4 < 5 degrees."],
      ["On pears › Storage and care › Cellars", "Cellars"],
      ["On pears › Storage and care › Cellars", "Dry ones."],
      ["On pears › Storage and care", "After.\none\ntwo"],
      ["On pears", "Sort | Plot\nQuince | 7"],
    ]);
  });

  it("of data has its values with their names, record by record", async () => {
    const source = `<orders><creator>Ann</creator>
      <order><id>7</id><fruit kind="sweet">Quince</fruit><paid via="card" id="x1"/></order>
      <order><id>8</id><note><![CDATA[<p>By <b>Monday</b></p><p>please</p>]]></note></order></orders>`;
    const { blocks, properties } = await read(source);
    expect(properties.author).toBe("Ann");
    expect(blocks).toEqual([
      [null, "creator: Ann"],
      [null, "id: 7\nfruit: Quince\npaid: via: card"],
      [null, "id: 8"],
      [null, "By Monday\nplease"],
    ]);
  });

  it("is read in the encoding that it says", async () => {
    const source = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?><r><p>Müller</p></r>`;
    for (const bytes of [
      latin1(source("iso-8859-1")),
      utf16(source("utf-16"), "big"),
      utf16(source("utf-16"), "little"),
      utf8(source("utf-8")),
    ])
      expect((await read(bytes)).blocks).toEqual([[null, "Müller"]]);
  });

  it.each([
    ["an entity from outside", '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>'],
    ["entities in entities", '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><r>&b;</r>'],
    ["a parameter entity", '<!DOCTYPE r [<!ENTITY % x SYSTEM "http://a.example/x.dtd"> %x;]><r>pear</r>'],
  ])("with %s is refused", async (_name, source) => {
    await expect(parseDocument("xml", utf8(source))).rejects.toMatchObject({ code: "unsafe_xml" });
  });

  it.each([
    ["elements and attributes", "<!DOCTYPE r [<!ELEMENT r (p)><!ATTLIST p id ID #IMPLIED>\n<!ELEMENT p (#PCDATA)>]>"],
    ["nothing", '<!DOCTYPE us-patent-grant SYSTEM "us-patent-grant-v45.dtd" [ ]>'],
    ["words", `<!DOCTYPE r [\n<!ENTITY pear "a > b &#233;">\n<!ENTITY plum '<p>no</p>'>\n]>`],
    ["pictures", '<!DOCTYPE r [<!NOTATION TIF SYSTEM "tif"><!ENTITY fig1 SYSTEM "a.tif" NDATA TIF>]>'],
    ["a public type", '<!DOCTYPE r PUBLIC "-//X//DTD//EN" "x.dtd">'],
  ])("whose document type declares %s is read without it", async (_name, doctype) => {
    const source = `<?xml version="1.0"?>${doctype}<r><p>A &pear; stays as it stands.</p></r>`;
    expect(detectType(utf8(source), "a.xml").kind).toBe("xml");
    expect((await read(source)).blocks).toEqual([[null, "A &pear; stays as it stands."]]);
  });

  it("that names a document type from outside is read without it", async () => {
    const source = '<!DOCTYPE r SYSTEM "http://a.example/x.dtd"><r><p>A &pear; stays as it stands.</p></r>';
    expect((await read(source)).blocks).toEqual([[null, "A &pear; stays as it stands."]]);
  });

  it.each([
    ["texts in texts", `${"<a>".repeat(1_900)}${"pear ".repeat(1_000_000)}${"</a>x".repeat(1_900)}`],
    ["titles in titles", `${"<title>".repeat(1_900)}${"pear ".repeat(1_000_000)}${"</title>x".repeat(1_900)}`],
    ["elements without end", "<a>".repeat(1_000_000)],
    ["small records", `<r>${"<i><a>1</a></i>".repeat(400_000)}</r>`],
    ["values of one record", `<r>${"<a>1</a>".repeat(600_000)}</r>`],
    [
      "empty elements with many attributes",
      `<r><a ${Array.from({ length: 300_000 }, (_, i) => `b${i}="1"`).join(" ")}/></r>`,
    ],
    ["tables in tables", `${"<table><tr><td>x".repeat(600)}`],
    ["beginnings of HTML", `<r><a>${"&lt;a ".repeat(500_000)}</a></r>`],
    ["a comment without end", `<r><!-- ${"- ".repeat(2_000_000)}`],
    ["many beginnings of comments", `<r>${"<!-".repeat(1_000_000)}</r>`],
  ])("of %s is read or refused within its bounds", async (_name, source) => {
    const bytes = utf8(source);
    const isXml = detectType(bytes, "a.xml").kind === "xml";
    if (isXml) await parseDocument("xml", bytes).catch((error) => expect(error.name).toBe("UnreadableDocument"));
  });
});
