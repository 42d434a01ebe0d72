import { damagedArchive, openZip, type ZipArchive } from "../archive/zip-archive.ts";
import { ReadingBudget } from "../budget.ts";
import { DocumentBlocks, oneLine } from "../document-blocks.ts";
import { localName } from "../markup/read-xml.ts";
import { assembleDocument, type Block, type ParsedDocument } from "../parsed-document.ts";
import type { Reading } from "../reading.ts";
import { SectionPath } from "../section-path.ts";
import { tableBlocksOf } from "../text/table-blocks.ts";
import { chartBlocks } from "./chart.ts";
import { DrawingReader } from "./drawing-reader.ts";
import { LeftOut } from "./left-out.ts";
import { readOfficeProperties } from "./office-properties.ts";
import { mainPart, Relations, relationId } from "./office-relations.ts";
import { readOfficeXml } from "./office-xml.ts";

const usualMain = /^ppt\/presentation\.xml$/;

/** The members of the slides, in the order in which they are shown. */
function slidesOf(archive: ZipArchive, presentation: string, budget: ReadingBudget): string[] {
  const relations = new Relations(archive, presentation, budget);
  const slides: string[] = [];
  readOfficeXml(archive, presentation, budget, {
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

/** What people have remarked on a slide, in the old way or the new one. */
function commentsIn(archive: ZipArchive, member: string, budget: ReadingBudget): string[] {
  const comments: string[] = [];
  let [text, inText] = ["", false];
  readOfficeXml(archive, member, budget, {
    open(qualified) {
      inText = qualified === "a:t" || qualified === "p:text";
    },
    close(qualified) {
      inText = false;
      if (qualified === "a:p" || qualified === "p:text") text += " ";
      if (!/^(?:cm|reply)$/.test(localName(qualified)) && localName(qualified) !== "txBody") return;
      if (oneLine(text)) comments.push(`Comment: ${oneLine(text)}`);
      text = "";
    },
    text(data) {
      if (inText) text += data;
    },
  });
  return comments;
}

/** Reads the slides of one presentation. */
class PptxFile {
  readonly leftOut = new LeftOut();
  readonly #archive: ZipArchive;
  readonly #budget: ReadingBudget;
  /** Texts at the head and foot of slides, which stand on many of them. */
  readonly #running = new Set<string>();

  constructor(archive: ZipArchive, budget: ReadingBudget) {
    this.#archive = archive;
    this.#budget = budget;
  }

  /** The blocks of one slide: its title first, its texts, tables, charts and diagrams, then the speaker's notes and what was remarked. */
  blocksOf(member: string, page: number): Block[] {
    const relations = new Relations(this.#archive, member, this.#budget);
    const slide = this.#read(member, relations);
    if (slide.isHidden) {
      this.leftOut.count("slide");
      return [];
    }
    this.leftOut.count("picture", slide.unread.picture);
    this.leftOut.count("object", slide.unread.object);
    const path = new SectionPath();
    const blocks: Block[] = [];
    const add = (block: Block) => blocks.push(block);
    const isTitle = (part: (typeof slide.parts)[number]) => "isTitle" in part && part.isTitle;
    const parts = [...slide.parts.filter(isTitle), ...slide.parts.filter((each) => !isTitle(each))];
    for (const kind of ["diagramData", "notesSlide"]) {
      for (const other of relations.ofType(kind))
        for (const part of this.#read(other, new Relations(this.#archive, other, this.#budget)).parts) parts.push(part);
    }
    for (const part of parts) {
      const place = { page, section: path.current };
      if ("rows" in part) for (const block of tableBlocksOf(part.rows, place, part.heads)) add(block);
      else if ("chart" in part) for (const block of this.#chart(relations.member(part.chart), place)) add(block);
      else if (part.isTitle) {
        const text = part.text.replaceAll("\n", " ");
        add({ text, page, section: path.enter(1, text), heading: true });
      } else add({ text: part.text, ...place });
    }
    for (const other of relations.ofType("comments"))
      for (const text of commentsIn(this.#archive, other, this.#budget)) add({ text, page, section: path.current });
    for (const text of slide.running)
      if (!this.#running.has(text)) {
        this.#running.add(text);
        add({ text, page, section: path.current });
      }
    return blocks;
  }

  #read(member: string, relations: Relations): DrawingReader {
    const drawing = new DrawingReader(relations);
    readOfficeXml(this.#archive, member, this.#budget, drawing);
    return drawing;
  }

  #chart(member: string | null, place: Pick<Block, "page" | "section">): Block[] {
    return member === null ? [] : chartBlocks(this.#archive, member, place, this.#budget);
  }
}

/** Reads a PowerPoint presentation (.pptx, .pptm; macros are never opened); its slides are its pages. Throws `UnreadableDocument`. */
export function parsePptx(
  bytes: Uint8Array,
  budget = new ReadingBudget("pptx", bytes.length),
  reading?: Pick<Reading, "leaveOut">,
): ParsedDocument {
  const archive = openZip(bytes);
  const presentation = archive && mainPart(archive, usualMain, budget);
  if (!archive || !presentation) throw damagedArchive();
  const slides = slidesOf(archive, presentation, budget);
  const file = new PptxFile(archive, budget);
  const all = new DocumentBlocks();
  for (const [i, member] of slides.entries()) all.addAll(file.blocksOf(member, i + 1));
  if (reading) file.leftOut.tell(reading);
  return assembleDocument(all.blocks, slides.length, readOfficeProperties(archive, "docProps/core.xml", budget));
}
