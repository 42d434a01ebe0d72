import { strToU8 } from "fflate";
import { describe, expect, it } from "vitest";
import { detectLanguage } from "./detect-language.ts";
import { documentProperties, isoDate } from "./document-properties.ts";
import { parseDocument } from "./parse-document.ts";
import { latin1, makeDocx, makePdf, paragraph } from "./testing/files.ts";

const core = `<cp:coreProperties xmlns:cp="x" xmlns:dc="y" xmlns:dcterms="z"><dc:title>Pears</dc:title>
<dc:creator>Ada Gärtner</dc:creator><dcterms:created>2021-05-06T07:08:09Z</dcterms:created></cp:coreProperties>`;

describe("what a document says of itself", () => {
  it.each([
    ["D:20210506070809+02'00'", "2021-05-06T05:08:09.000Z"],
    ["D:2021", "2021-01-01"],
    ["2021-05-06", "2021-05-06"],
    ["Thu, 06 May 2021 07:08:09 +0000", "2021-05-06T07:08:09.000Z"],
    ["0000-00-00", null],
    ["D:20219999", null],
    ["yesterday", null],
  ])("has the date %s as %s", (said, date) => expect(isoDate(said)).toBe(date));

  it("is short, on one line, and nothing where nobody said anything", () => {
    expect(documentProperties({ title: "Document1", author: " \n ", language: "not a tag!" })).toEqual({
      title: null,
      author: null,
      date: null,
      language: null,
    });
    const { title, author, language } = documentProperties({
      title: `Microsoft Word - Two\nlines${"𠮷".repeat(500)}`,
      author: "A\0B",
      language: "de_AT",
    });
    expect(title?.startsWith("Two lines𠮷")).toBe(true);
    expect(title?.length).toBeLessThanOrEqual(300);
    expect([author, language]).toEqual(["A B", "de-AT"]);
  });

  it("is read from a Word document", async () => {
    const body = paragraph("The pear trees in the northern garden are pruned at the end of every winter.");
    const { properties } = await parseDocument("docx", makeDocx(body, { "docProps/core.xml": core }));
    expect(properties).toEqual({
      title: "Pears",
      author: "Ada Gärtner",
      date: "2021-05-06T07:08:09.000Z",
      language: "en",
    });
  });

  it("is read from a PDF", async () => {
    const pdf = new TextDecoder("latin1")
      .decode(makePdf([[{ text: "Die Birnen werden im Winter geschnitten, weil sie dann ruhen." }]]))
      .replace(
        /\/Root 1 0 R >>/,
        "/Root 1 0 R /Info << /Title (Birnen) /Author (A. G.) /CreationDate (D:20210506) >> >>",
      );
    const { properties } = await parseDocument("pdf", latin1(pdf));
    expect(properties).toEqual({ title: "Birnen", author: "A. G.", date: "2021-05-06", language: "de" });
  });

  it("is read from a page", async () => {
    const page = `<html lang="pt-BR"><head><title>Peras &amp; maçãs</title><meta name="author" content="Ana">
      <meta property="article:published_time" content="2021-05-06T07:08:09Z"></head>
      <body><p>As peras são colhidas no fim do verão e guardadas na adega fria.</p><title>no</title></body></html>`;
    const { properties } = await parseDocument("html", strToU8(page));
    expect(properties).toEqual({
      title: "Peras & maçãs",
      author: "Ana",
      date: "2021-05-06T07:08:09.000Z",
      language: "pt-BR",
    });
  });

  it("is read from Markdown", async () => {
    const matter = `---\ntitle: "Poires"\nauthor: Ada\ndate: 2021-05-06\ntags: [a]\n---\n`;
    const text = "# Autre\n\nLes poires sont cueillies à la fin de l'été.\n";
    expect((await parseDocument("markdown", strToU8(matter + text))).properties).toEqual({
      title: "Poires",
      author: "Ada",
      date: "2021-05-06",
      language: "fr",
    });
    expect((await parseDocument("markdown", strToU8(text))).properties.title).toBe("Autre");
  });
});

describe("a language", () => {
  it.each([
    ["تعتبر البرمجة بلغة بايثون من أسهل لغات البرمجة", null, "ar"],
    ["The keeper of the garden waters the pears every evening.", "de", "en"],
    ["42 17", "sv", "sv"],
    ["42 17", null, null],
  ])("of “%s” that says %s is %s", async (text, said, language) =>
    expect(await detectLanguage(text, said)).toBe(language),
  );
});
