import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { detectType } from "../../workers/reading/detect-type.ts";
import { type DocumentKind, documentKinds } from "../../workers/reading/formats.ts";
import { makeCompound } from "../../workers/reading/testing/compound.ts";
import { latin1, makeDocx, makePdf, paragraph } from "../../workers/reading/testing/files.ts";
import { makeJpeg, makePng, makeWebp } from "../../workers/reading/testing/images.ts";
import { makeOdf, makePptx, makeXlsx, makeZip, shape } from "../../workers/reading/testing/office.ts";

const corpus = join(import.meta.dirname, "../../../shared/corpus");
/** Larger files are mutated too seldom in the time that there is. */
const largest = 400_000;

const page = `<!doctype html><html lang="en"><head><title>Pears</title><meta name="author" content="A"></head><body>
<nav><a href="/">Home</a></nav><main><h1>Pears</h1><p>Some <b>words</b> &amp; more.</p><ul><li>one<li><a href="#">two</a></ul>
<table><tr><th>a<th>b<tr><td>1<td>2</table><pre>code
  more</pre><div hidden>no</div><!-- c --></main></body></html>`;
const message = `From: A <a@example.org>
To: =?utf-8?q?B=C3=A9?= <b@example.org>
Subject: =?utf-8?b?UGVhcnM=?=
Date: Mon, 01 Jun 2009 10:00:00 +0000
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="x"

--x
Content-Type: multipart/alternative; boundary=y

--y
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

Some words=20of=
 it.
--y
Content-Type: text/html

<p>Other words of it.</p>
--y--
--x
Content-Type: text/plain; name*0="a"; name*1=".txt"
Content-Disposition: attachment; filename="a.txt"
Content-Transfer-Encoding: base64

U29tZSB3b3Jkcw==
--x--
`;
const container = `<container><rootfiles><rootfile full-path="OPS/book.opf"/></rootfiles></container>`;
const book = `<package><metadata><dc:title>Pears</dc:title></metadata><manifest><item id="a" href="a.xhtml"/><item id="n" href="nav.xhtml" properties="nav"/></manifest><spine><itemref idref="a"/></spine></package>`;

/** A small file of each kind that has what the kind knows, or most of it. */
const made: Partial<Record<DocumentKind, () => Uint8Array>> = {
  pdf: () => makePdf([[{ text: "Pears", size: 20 }, { text: "Some words of it." }], [{ text: "A second page." }]]),
  docx: () =>
    makeDocx(
      paragraph("Pears", "H1") +
        paragraph("Some words.") +
        `<w:tbl><w:tr><w:tc>${paragraph("a")}</w:tc></w:tr></w:tbl>`,
    ),
  doc: () => makeCompound({ WordDocument: [0xec, 0xa5, 0xc1, 0], "1Table": [] }),
  xls: () => makeCompound({ Workbook: [9, 8, 16, 0, 0, 6, 5, 0] }, { scattered: true }),
  ppt: () => makeCompound({ "PowerPoint Document": [0x0f, 0, 0xe8, 3], "Current User": [] }),
  xlsx: () =>
    makeXlsx([
      { name: "A", rows: `<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c><c r="B1"><v>12</v></c></row>` },
    ]),
  pptx: () =>
    makePptx([{ shapes: shape(["Pears"], "title") + shape(["Words", "More"]), notes: shape(["Notes"], "body") }]),
  odt: () =>
    makeOdf(
      "text",
      `<text:h text:outline-level="1">Pears</text:h><text:p>Some <text:s/>words</text:p><table:table><table:table-row><table:table-cell table:number-columns-repeated="2"><text:p>a</text:p></table:table-cell></table:table-row></table:table>`,
    ),
  ods: () =>
    makeOdf(
      "spreadsheet",
      `<table:table table:name="A"><table:table-row table:number-rows-repeated="2"><table:table-cell><text:p>a</text:p></table:table-cell></table:table-row></table:table>`,
    ),
  odp: () =>
    makeOdf(
      "presentation",
      `<draw:page><draw:frame><draw:text-box><text:p>Words</text:p></draw:text-box></draw:frame></draw:page>`,
    ),
  rtf: () =>
    latin1(
      String.raw`{\rtf1\ansi\deff0{\fonttbl{\f0\fcharset0 A;}}{\stylesheet{\s1 heading 1;}}{\info{\title Pears}}\pard\s1 Pears\par\pard Some \u233\'e9 words{\footnote \pard note}\par\trowd\intbl a\cell b\cell\row\pard {\*\x y}\bin3 abc}`,
    ),
  epub: () =>
    makeZip({
      mimetype: "application/epub+zip",
      "META-INF/container.xml": container,
      "OPS/book.opf": book,
      "OPS/a.xhtml": "<html><body><h1>Pears</h1><p>Words</p></body></html>",
      "OPS/nav.xhtml": `<nav><a href="a.xhtml#x">One</a></nav>`,
    }),
  eml: () => strToU8(message),
  mbox: () =>
    strToU8(`From a Mon Jun 01 10:00:00 2009\n${message}\nFrom b Mon Jun 01 10:00:00 2009\nSubject: Two\n\nWords\n`),
  zip: () => makeZip({ "a.txt": "Some words", "b/c.html": page, "d.csv": "a,b\n1,2\n", "e.eml": message }),
  markdown: () =>
    strToU8(
      "---\ntitle: Pears\n---\n# Pears\n\nSome *words* [of](x) `it`.\n\n> - a\n>   1. b\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ncode\n```\n\n<p>html</p>\n\n[of]: /x 'y'\n",
    ),
  html: () => strToU8(page),
  csv: () => strToU8('name;place\n"A ""quoted"" one";Berlin\nB;"two\nlines"\n'),
  xml: () =>
    strToU8(
      `<?xml version="1.0"?><book xml:lang="en"><title>Pears</title><sec><title>One</title><p>Some <b>words</b> of it.</p><record><a>1</a><b>2</b></record><table><tr><td>a</td></tr></table></sec></book>`,
    ),
  json: () => strToU8('{"title":"Pears","rows":[{"a":1,"b":["x","y",{"c":"\\u00e9"}]},{"a":2e9,"b":null}]}\n'),
  png: () => makePng(),
  jpeg: () => makeJpeg(),
  webp: () => makeWebp(),
  text: () =>
    strToU8("PEARS\n\nSome words of it, and 12 more. Another sentence.\n\nChapter 1\n\nWords\n=====\n\n1.2 More\n"),
};

/** Files that are mutated, by their kind: a made one each, and those of the corpus, where it is there. */
export function seedsOf(kind: DocumentKind): Uint8Array[] {
  const seeds = made[kind] ? [made[kind]()] : [];
  if (!existsSync(corpus)) return seeds;
  for (const folder of ["docs", "nasty", "attacks"])
    for (const name of readdirSync(join(corpus, folder)).sort()) {
      if (!/\.\w+$/.test(name) || name === "index.json") continue;
      const bytes = new Uint8Array(readFileSync(join(corpus, folder, name)));
      try {
        if (bytes.length <= largest && detectType(bytes, name).kind === kind) seeds.push(bytes);
      } catch {
        // Refused by its type: no reader has to do with it.
      }
    }
  return seeds;
}

export const hasCorpus = existsSync(corpus);
export const fuzzedKinds = documentKinds;

/** Changes a file's members one by one where it is an archive, else all of it. */
export function throughMembers(bytes: Uint8Array, pick: number, change: (bytes: Uint8Array) => Uint8Array): Uint8Array {
  if (strFromU8(bytes.subarray(0, 2), true) !== "PK") return change(bytes);
  try {
    const members = unzipSync(bytes, { filter: ({ originalSize }) => originalSize < 4 * largest });
    const names = Object.keys(members);
    const name = names[Math.floor(pick * names.length)];
    const member = name === undefined ? undefined : members[name];
    return name === undefined || !member
      ? change(bytes)
      : zipSync({ ...members, [name]: change(member) }, { level: 1 });
  } catch {
    return change(bytes);
  }
}
