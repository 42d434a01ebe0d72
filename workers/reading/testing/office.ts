import { strToU8, zipSync } from "fflate";

/** A ZIP file with the given texts as members. */
export function makeZip(members: Record<string, string | Uint8Array>): Uint8Array {
  const files = Object.entries(members).map(([name, data]) => [name, typeof data === "string" ? strToU8(data) : data]);
  return zipSync(Object.fromEntries(files));
}

const relation = (id: string, type: string, target: string) =>
  `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"/>`;

/** The relations of a part, as XML. */
export const makeRelations = (relations: [id: string, type: string, target: string][]): string =>
  `<Relationships>${relations.map((each) => relation(...each)).join("")}</Relationships>`;

/** A sheet for `makeXlsx`: SpreadsheetML of its rows, and how it is seen. */
export interface MadeSheet {
  name: string;
  rows: string;
  state?: "hidden" | "veryHidden";
}

/** An Excel workbook of sheets, with other members besides. */
export function makeXlsx(sheets: MadeSheet[], members: Record<string, string> = {}): Uint8Array {
  const listed = sheets.map(
    ({ name, state }, i) => `<sheet name="${name}" sheetId="${i}" r:id="r${i}"${state ? ` state="${state}"` : ""}/>`,
  );
  return makeZip({
    "xl/workbook.xml": `<workbook><sheets>${listed.join("")}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": makeRelations(sheets.map((_, i) => [`r${i}`, "worksheet", `worksheets/s${i}.xml`])),
    ...Object.fromEntries(
      sheets.map(({ rows }, i) => [`xl/worksheets/s${i}.xml`, `<worksheet><sheetData>${rows}</sheetData></worksheet>`]),
    ),
    ...members,
  });
}

/** An OpenDocument file: the inside of `office:body`, automatic styles, and other members besides. */
export function makeOdf(
  kind: "text" | "spreadsheet" | "presentation",
  body: string,
  { styles = "", ...members }: Record<string, string> = {},
): Uint8Array {
  return makeZip({
    mimetype: `application/vnd.oasis.opendocument.${kind}`,
    "content.xml": `<?xml version="1.0"?><office:document-content><office:automatic-styles>${styles}</office:automatic-styles>
      <office:body><office:${kind}>${body}</office:${kind}></office:body></office:document-content>`,
    ...members,
  });
}

/** A PowerPoint presentation of slides (the inside of their shape tree), each with notes if it has some. */
export function makePptx(slides: { shapes: string; notes?: string; attributes?: string }[]): Uint8Array {
  const listed = slides.map((_, i) => `<p:sldId id="${256 + i}" r:id="r${i}"/>`).join("");
  const members = slides.flatMap(({ shapes, notes, attributes = "" }, i): [string, string][] => [
    [`ppt/slides/s${i}.xml`, `<p:sld ${attributes}><p:cSld><p:spTree>${shapes}</p:spTree></p:cSld></p:sld>`],
    ...(notes
      ? [
          [`ppt/slides/_rels/s${i}.xml.rels`, makeRelations([["n", "notesSlide", `../notesSlides/n${i}.xml`]])] as [
            string,
            string,
          ],
          [`ppt/notesSlides/n${i}.xml`, `<p:notes>${notes}</p:notes>`] as [string, string],
        ]
      : []),
  ]);
  return makeZip({
    "ppt/presentation.xml": `<p:presentation><p:sldIdLst>${listed}</p:sldIdLst></p:presentation>`,
    "ppt/_rels/presentation.xml.rels": makeRelations(slides.map((_, i) => [`r${i}`, "slide", `slides/s${i}.xml`])),
    ...Object.fromEntries(members),
  });
}

/** A shape of a slide with paragraphs of text, in a placeholder if one is given. */
export const shape = (lines: string[], placeholder?: string) =>
  `<p:sp><p:nvSpPr><p:nvPr>${placeholder ? `<p:ph type="${placeholder}"/>` : ""}</p:nvPr></p:nvSpPr><p:txBody>${lines
    .map((line) => `<a:p><a:r><a:t>${line}</a:t></a:r></a:p>`)
    .join("")}</p:txBody></p:sp>`;
