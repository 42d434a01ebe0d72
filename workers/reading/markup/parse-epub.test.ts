import { describe, expect, it } from "vitest";
import { detectType } from "../detect-type.ts";
import { latin1 } from "../testing/files.ts";
import { makeZip } from "../testing/office.ts";
import { parseEpub } from "./parse-epub.ts";

const container = (path = "OEBPS/book.opf") =>
  `<?xml version="1.0"?><container><rootfiles><rootfile full-path="${path}" media-type="application/oebps-package+xml"/></rootfiles></container>`;
const page = (body: string) =>
  `<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "http://www.w3.org/TR/xhtml11/DTD/xhtml11.dtd">
   <html xmlns="http://www.w3.org/1999/xhtml"><head><title/><script src="x.js"/></head><body>${body}</body></html>`;

/** An e-book of chapters by file name; the order of the spine is that of the names given. */
function makeEpub(
  chapters: Record<string, string | null>,
  spine: string[],
  members: Record<string, string | Uint8Array> = {},
): Uint8Array {
  const items = Object.keys(chapters).map(
    (name) => `<item id="${name}" href="text/${encodeURIComponent(name)}" media-type="application/xhtml+xml"/>`,
  );
  return makeZip({
    mimetype: "application/epub+zip",
    "META-INF/container.xml": container(),
    "OEBPS/book.opf": `<package><metadata><dc:title>On Pears</dc:title><dc:creator>Ann Gard</dc:creator><dc:date>2021-04-05</dc:date>
      <dc:language>en-GB</dc:language></metadata><manifest>${items.join("")}<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
      </manifest><spine>${spine.map((name) => `<itemref idref="${name}"/>`).join("")}</spine></package>`,
    "OEBPS/toc.ncx": `<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://www.daisy.org/z3986/2005/ncx-2005-1.dtd"><ncx><navMap>
      <navPoint><navLabel><text>The  storing</text></navLabel><content src="text/b%20c.xhtml#top"/></navPoint></navMap></ncx>`,
    ...Object.fromEntries(
      Object.entries(chapters).flatMap(([name, body]) => (body === null ? [] : [[`OEBPS/text/${name}`, page(body)]])),
    ),
    ...members,
  });
}

const chapters = {
  "b c.xhtml":
    "<p>Keep them cool.</p><table><tr><td>Sort</td><td>Plot</td></tr><tr><td>Quince</td><td>7</td></tr></table>",
  "a.xhtml": "<h1>Growing</h1><p>Plant in autumn &amp; water.<br/>Often.</p><h2>Soil</h2><p>Rich.</p>",
};

describe("an e-book", () => {
  it("is read chapter by chapter in the order of its spine, with the titles of its contents", () => {
    const bytes = makeEpub(chapters, ["a.xhtml", "b c.xhtml", "a.xhtml"]);
    expect(detectType(bytes, "pears.zip").kind).toBe("epub");
    const { text, blocks, properties } = parseEpub(bytes);
    expect(text).toBe(
      "Growing\n\nPlant in autumn & water.\nOften.\n\nSoil\n\nRich.\n\nKeep them cool.\n\nSort | Plot\nQuince | 7",
    );
    expect(blocks.map(({ section }) => section)).toEqual([
      "Growing",
      "Growing",
      "Growing › Soil",
      "Growing › Soil",
      "The storing",
      "The storing",
    ]);
    expect(properties).toEqual({ title: "On Pears", author: "Ann Gard", date: "2021-04-05", language: "en-GB" });
  });

  it("is read in the encodings that its chapters declare, without readings, and names a chapter that is missing", async () => {
    const russian = `<?xml version="1.0" encoding="windows-1251"?><html><body><p>`;
    const members = {
      "OEBPS/text/b c.xhtml": latin1(`${russian}\xcf\xf0\xe8\xe2\xe5\xf2, \xec\xe8\xf0</p></body></html>`),
    };
    const pages = { "a.xhtml": "<p><ruby>新幹線<rt>しんかんせん</rt></ruby>に乗る。</p>", "b c.xhtml": "" };
    const bytes = makeEpub(pages, ["a.xhtml", "b c.xhtml"], members);
    expect(parseEpub(bytes).text).toBe("新幹線に乗る。\n\nПривет, мир");
    const missing: string[] = [];
    const lacking = makeEpub({ ...pages, "a.xhtml": null }, ["a.xhtml", "b c.xhtml"], members);
    parseEpub(lacking, undefined, (what) => missing.push(what));
    expect(missing).toEqual(["OEBPS/text/a.xhtml"]);
  });

  it("that its shop has locked is refused, one with shuffled fonts is not", () => {
    const locked = (algorithm: string) => ({
      "META-INF/encryption.xml": `<encryption><EncryptedData><EncryptionMethod Algorithm="${algorithm}"/><CipherData>
        <CipherReference URI="OEBPS/text/a.xhtml"/></CipherData></EncryptedData></encryption>`,
    });
    const aes = locked("http://www.w3.org/2001/04/xmlenc#aes128-cbc");
    expect(() => parseEpub(makeEpub(chapters, ["a.xhtml"], aes))).toThrow(
      expect.objectContaining({ code: "encrypted" }),
    );
    const fonts = locked("http://www.idpf.org/2008/embedding");
    expect(parseEpub(makeEpub(chapters, ["a.xhtml"], fonts)).text).toContain("Rich.");
  });

  it("that declares entities, or whose package is missing, is refused", () => {
    const entities = `<!DOCTYPE package [<!ENTITY x SYSTEM "file:///etc/passwd">]><package>&x;</package>`;
    expect(() => parseEpub(makeEpub(chapters, ["a.xhtml"], { "OEBPS/book.opf": entities }))).toThrow(
      expect.objectContaining({ code: "unsafe_xml" }),
    );
    expect(() =>
      parseEpub(makeEpub(chapters, ["a.xhtml"], { "META-INF/container.xml": container("../../etc/passwd") })),
    ).toThrow(expect.objectContaining({ code: "damaged" }));
  });
});
