import { damagedArchive, openZip, type ZipArchive } from "../archive/zip-archive.ts";
import { ReadingBudget } from "../budget.ts";
import { DocumentBlocks } from "../document-blocks.ts";
import { localName, readXml } from "../markup/read-xml.ts";
import { assembleDocument, type Block, type ParsedDocument } from "../parsed-document.ts";
import { SectionPath } from "../section-path.ts";
import { TableBlocks } from "../text/table-blocks.ts";
import { readOfficeProperties } from "./office-properties.ts";
import { Relations, relationId } from "./office-relations.ts";
import { SlideReader } from "./pptx-slide.ts";

const presentation = "ppt/presentation.xml";

/** The members of the slides, in the order in which they are shown. */
function slidesOf(archive: ZipArchive, budget: ReadingBudget): string[] {
  const relations = new Relations(archive, presentation, budget);
  const slides: string[] = [];
  readXml(archive, presentation, budget, {
    open(qualified, attributes) {
      if (localName(qualified) !== "sldId") return;
      const member = relations.member(relationId(attributes));
      if (!member) return;
      budget.keep();
      slides.push(member);
    },
    close() {},
    text() {},
  });
  return slides;
}

/** The blocks of one slide: its title first, its texts, tables and diagrams, then the speaker's notes. */
function blocksOf(archive: ZipArchive, member: string, page: number, budget: ReadingBudget): Block[] {
  const slide = new SlideReader();
  readXml(archive, member, budget, slide);
  if (slide.isHidden) return [];
  const relations = new Relations(archive, member, budget);
  for (const kind of ["diagramData", "notesSlide"]) {
    for (const relation of relations.parts.filter(({ type }) => type === kind)) {
      const other = new SlideReader();
      readXml(archive, relation.member, budget, other);
      for (const part of other.parts) slide.parts.push(part);
    }
  }
  const path = new SectionPath();
  const blocks: Block[] = [];
  const isTitle = (part: (typeof slide.parts)[number]) => "isTitle" in part && part.isTitle;
  for (const part of [...slide.parts.filter(isTitle), ...slide.parts.filter((each) => !isTitle(each))]) {
    if ("rows" in part) {
      const table = new TableBlocks({ page, section: path.current });
      for (const row of part.rows) table.add(row);
      for (const block of table.end()) blocks.push(block);
    } else if (part.isTitle) {
      const text = part.text.replaceAll("\n", " ");
      blocks.push({ text, page, section: path.enter(1, text), heading: true });
    } else blocks.push({ text: part.text, page, section: path.current });
  }
  return blocks;
}

/** Reads a PowerPoint presentation (.pptx, .pptm; macros are never opened); its slides are its pages. Throws `UnreadableDocument`. */
export function parsePptx(bytes: Uint8Array, budget = new ReadingBudget("pptx", bytes.length)): ParsedDocument {
  const archive = openZip(bytes);
  if (!archive) throw damagedArchive();
  const slides = slidesOf(archive, budget);
  const all = new DocumentBlocks();
  for (const [i, member] of slides.entries()) all.addAll(blocksOf(archive, member, i + 1, budget));
  return assembleDocument(all.blocks, slides.length, readOfficeProperties(archive, "docProps/core.xml", budget));
}
