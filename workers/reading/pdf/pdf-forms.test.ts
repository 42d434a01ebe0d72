import { describe, expect, it } from "vitest";
import { parseDocument } from "../parse-document.ts";
import { helvetica, makePages, makePdfOf, onePage, pdfStream, placed } from "../testing/pdf.ts";

const textOf = async (file: Uint8Array) => (await parseDocument("pdf", file)).text;
const field = (name: string, rect: string, entries: string) =>
  `/Subtype /Widget /Rect [${rect}] /T (${name}) ${entries}`;
const appearance = (on: string) => `/AP << /N << /${on} 3 0 R /Off 3 0 R >> >>`;
const utf16 = (text: string) =>
  `<FEFF${[...text].map((letter) => letter.charCodeAt(0).toString(16).padStart(4, "0")).join("")}>`;

describe("a form in a PDF", () => {
  it.each([
    [
      "a text beside its label",
      placed([72, 700, "First name:"]),
      field("a1", "150 695 300 712", `/FT /Tx /V ${utf16("Łucja")}`),
      "First name: Łucja",
    ],
    [
      "a text that must not be changed",
      placed([72, 700, "Policy"]),
      field("a1", "150 695 300 712", "/FT /Tx /Ff 1 /V (No. 4711)"),
      "Policy No. 4711",
    ],
    [
      "a choice, as it is shown",
      placed([72, 700, "Land"]),
      field("a1", "150 695 300 712", "/FT /Ch /Ff 131072 /Opt [[(es) (Spain)] [(fr) (France)]] /V (es)"),
      "Land Spain",
    ],
    [
      "several choices",
      placed([72, 700, "Days"]),
      field("a1", "150 695 300 712", "/FT /Ch /Ff 2097152 /Opt [(Monday) (Friday)] /V [(Monday) (Friday)]"),
      "Days Monday, Friday",
    ],
    [
      "a box that is ticked",
      placed([90, 700, "I agree"]),
      field("a1", "72 697 86 711", `/FT /Btn /V /Yes /AS /Yes ${appearance("Yes")}`),
      "[x] I agree",
    ],
    [
      "a box that is not",
      placed([90, 700, "I agree"]),
      field("a1", "72 697 86 711", `/FT /Btn /V /Off /AS /Off ${appearance("Yes")}`),
      "[ ] I agree",
    ],
    [
      "a name, where no label is near",
      placed([72, 100, "Foot"]),
      field("form.surname", "72 695 300 712", "/FT /Tx /V (Garzas)"),
      "surname: Garzas Foot",
    ],
    [
      "a tooltip for a name",
      placed([72, 100, "Foot"]),
      field("Text1", "72 695 300 712", "/FT /Tx /TU (Years of work) /V (6)"),
      "Years of work: 6 Foot",
    ],
    [
      "nothing else on the page",
      "",
      field("Text1", "72 695 300 712", "/FT /Tx /V (UX Designer)"),
      "Text1: UX Designer",
    ],
    [
      "several lines",
      placed([72, 720, "Remarks"]),
      field("a1", "72 640 300 716", "/FT /Tx /Ff 4096 /V (It came late.\\rIt was broken.)"),
      "Remarks It came late. It was broken.",
    ],
  ])("is read with %s", async (_name, page, annotation, said) => {
    expect((await textOf(makePages([page], [annotation]))).replace(/\s+/g, " ")).toBe(said);
  });

  it("is read that holds no page of its own, but what one is made of", async () => {
    const draw = (text: string) => `<draw w="90mm" h="10mm"><value><text>${text}</text></value></draw>`;
    const field = (name: string, edit: string, value: string) =>
      `<field name="${name}" w="90mm" h="10mm"><ui>${edit}</ui><caption reserve="40mm"><value><text>${name}</text></value></caption>${value}</field>`;
    const fields = [
      draw("Application for a permit"),
      field("Surname", "<textEdit/>", "<value><text>Garzas</text></value>"),
      field(
        "Agreed",
        "<checkButton/>",
        "<items><integer>1</integer><integer>0</integer></items><value><integer>1</integer></value>",
      ),
    ];
    const area =
      '<pageSet><pageArea><contentArea x="9mm" y="9mm" w="190mm" h="270mm"/><medium stock="a4" short="210mm" long="297mm"/></pageArea></pageSet>';
    const xdp = `<?xml version="1.0"?><xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/"><template xmlns="http://www.xfa.org/schema/xfa-template/3.3/"><subform name="form1" layout="tb">${area}<subform w="190mm" layout="tb">${fields.join("")}</subform></subform></template><xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/"><xfa:data><form1><Surname>Lovelace</Surname></form1></xfa:data></xfa:datasets></xdp:xdp>`;
    const [, pages = "", page = "", content = "", font = ""] = onePage(
      pdfStream(placed([72, 700, "Please wait ..."])),
      "/Font << /F1 5 0 R >>",
      [helvetica],
    );
    const catalogue = "<< /Type /Catalog /Pages 2 0 R /NeedsRendering true /AcroForm << /Fields [] /XFA 6 0 R >> >>";
    const file = makePdfOf([catalogue, pages, page, content, font, pdfStream(xdp)]);
    expect(await textOf(file)).toBe("Application for a permit\n\nSurname: Lovelace\n\n[x] Agreed");
  });

  it("whose fields are empty is refused as a form, and not as a scan", async () => {
    const empty = makePages([""], [field("Text1", "72 695 300 712", "/FT /Tx")]);
    await expect(textOf(empty)).rejects.toMatchObject({
      code: "no_text_layer",
      message: expect.stringContaining("form"),
    });
  });
});

describe("what somebody put onto a page", () => {
  const page = placed([72, 700, "The rent is 900 euros."]);

  it.each([
    [
      "typed text",
      "/Subtype /FreeText /Rect [72 600 300 620] /DA (/F1 10 Tf) /Contents (Approved in May)",
      "Approved in May",
    ],
    ["a comment", "/Subtype /Text /Rect [500 700 520 720] /T (Ada) /Contents (Too high)", "Note by Ada: Too high"],
    [
      "a comment on marked text",
      "/Subtype /Highlight /Rect [70 698 175 712] /QuadPoints [70 712 175 712 70 698 175 698] /Contents (Why?)",
      "Note on “The rent is 900 euros.”: Why?",
    ],
    ["a remark at a shape", "/Subtype /Square /Rect [72 600 300 620] /Contents (See below)", "Note: See below"],
  ])("is read: %s", async (_name, annotation, said) => {
    expect(await textOf(makePages([page], [annotation]))).toBe(`The rent is 900 euros.\n\n${said}`);
  });

  const link = (left: number, right: number, url: string) =>
    `/Subtype /Link /Rect [${left} 697 ${right} 710] /A << /S /URI /URI (${url}) >>`;
  it.each([
    [
      "behind its text",
      "See our terms for all.",
      [88, 134],
      "https://example.org/t",
      "See our terms (https://example.org/t) for all.",
    ],
    [
      "not again where the text says it",
      "See example.org/t for all.",
      [92, 155],
      "https://example.org/t",
      "See example.org/t for all.",
    ],
    ["of mail not again either", "Ask a@example.org.", [92, 155], "mailto:a@example.org", "Ask a@example.org."],
  ] as [string, string, [number, number], string, string][])(
    "leads to an address, which stands %s",
    async (_name, text, [left, right], url, said) => {
      expect(await textOf(makePages([placed([72, 700, text])], [link(left, right, url)]))).toBe(said);
    },
  );
});

describe("a PDF of which something cannot be read", () => {
  const picture = (share: number) => `q ${595 * share} 0 0 ${842 * share} 0 0 cm BI /W 1 /H 1 /CS /G /BPC 8 ID x EI Q`;
  const text = placed([72, 700, "Cover letter: the contract follows on the next pages, signed by both of them."]);
  const leftOutOf = async (...pages: string[]) =>
    JSON.stringify((await parseDocument("pdf", makePages(pages, [], helvetica.replace("Type1", "TrueType")))).leftOut);

  it("says which pages are pictures", async () => {
    const stamped = `${picture(1)} ${placed([72, 20, "Bates 0001"])}`;
    const said = await leftOutOf(text, picture(1), stamped, text, picture(1));
    expect(said).toMatch(/Pages? 2.*only a picture.*OCR/);
    expect(said).toMatch(/\b3\b.*\b5\b/);
    expect(said).not.toMatch(/Pages? (?:1|4)/);
  });

  it("says nothing of empty pages, nor of text with a picture beside it", async () => {
    const logo = `${placed([72, 700, "With a logo."])} ${picture(0.1)}`;
    expect(await leftOutOf(text, "", logo)).not.toContain("Page");
  });

  it("says which pages have text that is drawn as curves", async () => {
    expect(await leftOutOf(text, "10 10 m 20 20 30 30 40 40 c S ".repeat(400))).toMatch(/Page 2.*curves/);
  });

  it("says which pages have characters without a meaning", async () => {
    const coded = placed([72, 700, "Version \\001\\002\\003\\004 of pears"]);
    expect(await leftOutOf(coded)).toMatch(/Page 1.*characters/);
  });
});

describe("a file in a PDF", () => {
  it("is read in a section of its name, whether the PDF lists it or a page has it", async () => {
    const spec = (name: string, object: number) => `<< /Type /Filespec /F (${name}) /EF << /F ${object} 0 R >> >>`;
    const pinned = `<< /Type /Annot /Subtype /FileAttachment /Rect [9 9 20 20] /FS ${spec("pinned.txt", 8)} >>`;
    const file = makePdfOf([
      `<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(a) ${spec("costs.csv", 7)}] >> >> >>`,
      "<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R /Annots [6 0 R] >>",
      pdfStream(placed([72, 700, "See what is attached."])),
      helvetica,
      pinned,
      pdfStream("Part,Price\nPump,900", "/Type /EmbeddedFile"),
      pdfStream("The pump is blue.", "/Type /EmbeddedFile"),
    ]);
    const { text, blocks } = await parseDocument("pdf", file);
    expect(blocks.map(({ section, start, end }) => [section, text.slice(start, end)])).toEqual([
      [null, "See what is attached."],
      ["costs.csv", expect.stringContaining("900")],
      ["pinned.txt", "The pump is blue."],
    ]);
  });
});

describe("a font in a PDF", () => {
  const named = (names: string) =>
    `<< /Type /Font /Subtype /Type1 /BaseFont /ABCDEF+OpenSans /Encoding << /Type /Encoding /Differences [1 ${names}] >> >>`;

  it.each([
    ["/one.lf /period /two.taboldstyle", "1.2"],
    ["/oneoldstyle /twooldstyle /threeoldstyle", "123"],
    ["/f_f_i /uni00660069 /u0041", "ffifiA"],
    ["/Asmall /bullet.alt /e.sc", "a•e"],
    ["/zero_lnum /fivetosf /seven.prop.alt", "057"],
  ])("that only names its glyphs is read by their names: %s", async (names, said) => {
    expect(
      await textOf(makePages([placed([72, 700, "\\001\\002\\003"], [72, 650, "Pears"])], [], named(names))),
    ).toContain(said);
  });

  const cjk = (ordering: string, encoding: string) => [
    `<< /Type /Font /Subtype /Type0 /BaseFont /Unheld /Encoding /${encoding} /DescendantFonts [6 0 R] >>`,
    `<< /Type /Font /Subtype /CIDFontType0 /BaseFont /Unheld /CIDSystemInfo << /Registry (Adobe) /Ordering (${ordering}) /Supplement 2 >> /FontDescriptor 7 0 R >>`,
    "<< /Type /FontDescriptor /FontName /Unheld /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 700 /StemV 80 >>",
  ];
  it("is read with many others whose characters are named in the same way", async () => {
    const fonts = Array.from({ length: 20 }, () => cjk("GB1", "GBK-EUC-H")[0] ?? "");
    const names = fonts.map((_, i) => `/F${i} ${8 + i} 0 R`).join(" ");
    const page = fonts.map((_, i) => `BT /F${i} 12 Tf 72 ${780 - 14 * i} Td <c4bfc2bc> Tj ET`).join("\n");
    const objects = onePage(pdfStream(page), `/Font << ${names} >>`, [...cjk("GB1", "GBK-EUC-H"), ...fonts]);
    expect((await textOf(makePdfOf(objects))).match(/目录/g)).toHaveLength(20);
  });

  it("is read by the names of its glyphs where it says nothing else of them", async () => {
    const saying =
      "1 begincodespacerange <00> <ff> endcodespacerange 4 beginbfchar <01> <> <02> <0000> <03> <e001> <04> <0041> endbfchar";
    const font = `${named("/one /two.lf /three /four").slice(0, -2)} /ToUnicode 6 0 R >>`;
    const page = pdfStream(placed([72, 700, "v \\001\\002\\003\\004"]));
    expect(await textOf(makePdfOf(onePage(page, "/Font << /F1 5 0 R >>", [font, pdfStream(saying)])))).toBe("v 123A");
  });

  it.each([
    ["EUC-H", "Japan1", "a4a2a4a4", "あい"],
    ["EUC-V", "Japan1", "a4a2a4a4", "あい"],
    ["90ms-RKSJ-H", "Japan1", "93fa967b8cea", "日本語"],
    ["UniJIS-UTF16-H", "Japan1", "65e5672c", "日本"],
    ["Identity-H", "Japan1", "034b034d", "あい"],
    ["GBK-EUC-H", "GB1", "c4bfc2bc", "目录"],
    ["UniGB-UCS2-H", "GB1", "76ee5f55", "目录"],
    ["ETen-B5-H", "CNS1", "a4a4a4e5", "中文"],
    ["UniCNS-UTF16-H", "CNS1", "4e2d6587", "中文"],
    ["KSCms-UHC-H", "Korea1", "c7d1b1b9", "한국"],
    ["UniKS-UCS2-H", "Korea1", "d55cad6d", "한국"],
  ])("of characters that %s names, and of %s, is read without being held", async (encoding, ordering, codes, said) => {
    const page = pdfStream(`BT /F1 12 Tf 72 700 Td <${codes}> Tj ET`);
    expect(await textOf(makePdfOf(onePage(page, "/Font << /F1 5 0 R >>", cjk(ordering, encoding))))).toBe(said);
  });
});
