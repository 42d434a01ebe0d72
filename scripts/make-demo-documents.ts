/**
 * Makes the PDF and DOCX documents of the demo clone from their Markdown in demo/sources: `npm run script -- make-demo-documents.ts`.
 * The results are committed; this runs again when a source changes.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { strToU8, zipSync } from "fflate";
import { fromMarkdown } from "mdast-util-from-markdown";
import { gfmFromMarkdown } from "mdast-util-gfm";
import { gfm } from "micromark-extension-gfm";
import { chromium } from "playwright-core";
import { ensureChromium } from "./chromium.ts";

/** The parts of a Markdown tree that the sources use. */
interface Node {
  type: string;
  value?: string;
  depth?: number;
  ordered?: boolean | null;
  children?: Node[];
}

const pdfs = ["understudy-handbook", "privacy-and-isolation"];
const docxs = ["documents-and-formats", "pricing-and-roadmap"];

function parse(name: string): Node {
  const text = readFileSync(`demo/sources/${name}.md`, "utf8");
  return fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }) as Node;
}

const escapeXml = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const textOf = (node: Node): string => (node.value ?? (node.children ?? []).map(textOf).join("")).replace(/\s+/g, " ");

function toHtml(node: Node): string {
  const inner = () => (node.children ?? []).map(toHtml).join("");
  const rows = () => (node.children ?? []).map((row, i) => tableRow(row, i === 0 ? "th" : "td")).join("");
  switch (node.type) {
    case "text":
      return escapeXml(node.value ?? "");
    case "inlineCode":
      return `<code>${escapeXml(node.value ?? "")}</code>`;
    case "heading":
      return `<h${node.depth}>${inner()}</h${node.depth}>`;
    case "paragraph":
      return `<p>${inner()}</p>`;
    case "list":
      return node.ordered ? `<ol>${inner()}</ol>` : `<ul>${inner()}</ul>`;
    case "listItem":
      return `<li>${inner()}</li>`;
    case "table":
      return `<table>${rows()}</table>`;
    case "root":
      return inner();
    default:
      throw new Error(`The demo's sources use “${node.type}”, which this script cannot write yet.`);
  }
}

function tableRow(row: Node, cell: "th" | "td"): string {
  return `<tr>${(row.children ?? []).map((each) => `<${cell}>${(each.children ?? []).map(toHtml).join("")}</${cell}>`).join("")}</tr>`;
}

const style = `
  body { font: 11pt/1.5 "Liberation Serif", serif; color: #1d1a16; }
  h1, h2, h3, th { font-family: "Liberation Sans", sans-serif; line-height: 1.25; break-after: avoid; }
  h1 { font-size: 24pt; margin: 0 0 4mm; }
  h2 { font-size: 15pt; margin: 9mm 0 2mm; }
  h3 { font-size: 12pt; margin: 6mm 0 1mm; }
  p, li { orphans: 3; widows: 3; }
  table { border-collapse: collapse; width: 100%; font-size: 10pt; break-inside: avoid; }
  th, td { border: 0.3mm solid #b9b2a6; padding: 1.5mm 2mm; text-align: left; vertical-align: top; }
  code { font: 9.5pt "Liberation Mono", monospace; }`;

const footer = `<div style="font: 8pt sans-serif; width: 100%; text-align: center; color: #777">
  <span class="pageNumber"></span> / <span class="totalPages"></span></div>`;

async function makePdfs(executablePath: string): Promise<void> {
  const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"];
  const browser = await chromium.launch({ executablePath, args });
  try {
    for (const name of pdfs) {
      const tree = parse(name);
      const title = textOf(tree.children?.[0] ?? tree);
      const page = await browser.newPage();
      await page.setContent(
        `<!doctype html><html lang="en"><title>${escapeXml(title)}</title><style>${style}</style>${toHtml(tree)}</html>`,
      );
      const margin = { top: "22mm", bottom: "22mm", left: "24mm", right: "24mm" };
      const look = {
        format: "A4",
        margin,
        displayHeaderFooter: true,
        headerTemplate: "<span></span>",
        footerTemplate: footer,
      };
      writeFileSync(`demo/documents/${name}.pdf`, await page.pdf({ ...look, tagged: true, outline: true }));
      await page.close();
    }
  } finally {
    await browser.close();
  }
}

const main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const header = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const run = (text: string) => `<w:r><w:t xml:space="preserve">${escapeXml(text)}</w:t></w:r>`;

function paragraph(text: string, properties = ""): string {
  return `<w:p>${properties === "" ? "" : `<w:pPr>${properties}</w:pPr>`}${run(text)}</w:p>`;
}

function toDocx(node: Node, list?: "1" | "2"): string {
  const inner = (each?: "1" | "2") => (node.children ?? []).map((child) => toDocx(child, each)).join("");
  switch (node.type) {
    case "heading":
      return paragraph(textOf(node), `<w:pStyle w:val="Heading${node.depth}"/>`);
    case "paragraph":
      return paragraph(textOf(node), list ? `<w:numPr><w:ilvl w:val="0"/><w:numId w:val="${list}"/></w:numPr>` : "");
    case "list":
      return inner(node.ordered ? "2" : "1");
    case "listItem":
      return inner(list);
    case "table":
      return `<w:tbl><w:tblPr><w:tblStyle w:val="Grid"/><w:tblW w:w="0" w:type="auto"/></w:tblPr>${inner()}</w:tbl>${paragraph("")}`;
    case "tableRow":
      return `<w:tr>${inner()}</w:tr>`;
    case "tableCell":
      return `<w:tc><w:tcPr><w:tcW w:w="0" w:type="auto"/></w:tcPr>${paragraph(textOf(node))}</w:tc>`;
    case "root":
      return inner();
    default:
      throw new Error(`The demo's sources use “${node.type}”, which this script cannot write yet.`);
  }
}

const headingStyle = (level: number, halfPoints: number) =>
  `<w:style w:type="paragraph" w:styleId="Heading${level}"><w:name w:val="heading ${level}"/><w:pPr><w:keepNext/><w:spacing w:before="280" w:after="80"/><w:outlineLvl w:val="${level - 1}"/></w:pPr><w:rPr><w:b/><w:sz w:val="${halfPoints}"/></w:rPr></w:style>`;

const border = (side: string) => `<w:${side} w:val="single" w:sz="4" w:color="B9B2A6"/>`;

const styles = `${header}<w:styles xmlns:w="${main}"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri"/><w:sz w:val="22"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="120"/></w:pPr></w:pPrDefault></w:docDefaults>${headingStyle(1, 44)}${headingStyle(2, 30)}${headingStyle(3, 24)}<w:style w:type="table" w:styleId="Grid"><w:name w:val="Table Grid"/><w:tblPr><w:tblBorders>${["top", "left", "bottom", "right", "insideH", "insideV"].map(border).join("")}</w:tblBorders></w:tblPr></w:style></w:styles>`;

const level = (format: string, text: string) =>
  `<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="${format}"/><w:lvlText w:val="${text}"/><w:pPr><w:ind w:left="480" w:hanging="320"/></w:pPr></w:lvl>`;

const numbering = `${header}<w:numbering xmlns:w="${main}"><w:abstractNum w:abstractNumId="0">${level("bullet", "•")}</w:abstractNum><w:abstractNum w:abstractNumId="1">${level("decimal", "%1.")}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:numbering>`;

const word = "application/vnd.openxmlformats-officedocument.wordprocessingml";
const relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

const contentTypes = `${header}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="${word}.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="${word}.styles+xml"/><Override PartName="/word/numbering.xml" ContentType="${word}.numbering+xml"/></Types>`;

const relations = (targets: [string, string][]) =>
  `${header}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${targets.map(([type, target], i) => `<Relationship Id="rId${i + 1}" Type="${relation}/${type}" Target="${target}"/>`).join("")}</Relationships>`;

function makeDocx(name: string): void {
  const body = toDocx(parse(name));
  const parts: Record<string, string> = {
    "[Content_Types].xml": contentTypes,
    "_rels/.rels": relations([["officeDocument", "word/document.xml"]]),
    "word/_rels/document.xml.rels": relations([
      ["styles", "styles.xml"],
      ["numbering", "numbering.xml"],
    ]),
    "word/styles.xml": styles,
    "word/numbering.xml": numbering,
    "word/document.xml": `${header}<w:document xmlns:w="${main}"><w:body>${body}<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr></w:body></w:document>`,
  };
  // A fixed time in the archive: the same source gives the same bytes.
  const mtime = new Date("2026-11-01T12:00:00Z");
  const files = Object.fromEntries(Object.entries(parts).map(([path, xml]) => [path, strToU8(xml)]));
  writeFileSync(`demo/documents/${name}.docx`, zipSync(files, { mtime, level: 9 }));
}

for (const name of docxs) makeDocx(name);
const executable = ensureChromium();
if (executable) await makePdfs(executable);
else console.error("There is no Chromium here: the PDF documents were not made again.");
