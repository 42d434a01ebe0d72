import { damagedArchive } from "../archive/zip-archive.ts";
import { DocumentBlocks } from "../document-blocks.ts";
import { LeftOut } from "../office/left-out.ts";
import { assembleDocument, type Block, type ParsedDocument, tooMuchText } from "../parsed-document.ts";
import type { Reading } from "../reading.ts";
import { SectionPath } from "../section-path.ts";
import { TableBlocks } from "../text/table-blocks.ts";
import { UnreadableDocument } from "../unreadable-document.ts";
import { CompoundFile } from "./compound-file.ts";
import { viewOf } from "./doc-file.ts";
import { readOleProperties } from "./ole-properties.ts";
import { type PptSlide, readPresentation, type SlideText, TextReader } from "./ppt-presentation.ts";
import type { PptRecord, PptRecords } from "./ppt-records.ts";

const types = {
  showInfo: 0x3f9,
  group: 0xf003,
  shape: 0xf004,
  textBox: 0xf00d,
  anchor: 0xf00f,
  moreProperties: 0xf122,
  outlineRef: 0xf9e,
};
const tableProperties = 0x39f;
const maxColumns = 100;
const maxDepth = 30;

interface Cell {
  left: number;
  top: number;
  text: string;
}

/** Texts of one slide. */
const maxParts = 20_000;

/** Reads what stands in the shapes of one slide. */
class SlideReader {
  readonly parts: (SlideText | string[][])[] = [];
  readonly #records: PptRecords;
  readonly #outline: SlideText[];

  constructor(records: PptRecords, outline: SlideText[]) {
    this.#records = records;
    this.#outline = outline;
  }

  /** Reads the shapes in `container`; a group that is a table as one. */
  read(container: PptRecord, depth = 0): void {
    if (depth > maxDepth) return;
    for (const record of this.#records.in(container)) {
      if (this.parts.length > maxParts) throw tooMuchText();
      if (record.type === types.shape) for (const text of this.#textsOf(record)) this.parts.push(text);
      else if (record.type === types.group && this.#isTable(record)) this.#readTable(record);
      else if (record.isContainer) this.read(record, depth + 1);
    }
  }

  #textsOf(shape: PptRecord): SlideText[] {
    const reader = new TextReader(this.#records.budget);
    const texts: SlideText[] = [];
    for (const record of this.#records.within(shape)) {
      // Texts of placeholders stand in the list of slides.
      const text =
        record.type === types.outlineRef && record.data.length >= 4
          ? this.#outline[viewOf(record.data).getUint32(0, true)]
          : reader.read(record);
      if (text) texts.push(text);
    }
    return texts;
  }

  /** A table is a group whose first shape, which stands for the group, has the properties of one. */
  #isTable(group: PptRecord): boolean {
    for (const shape of this.#records.in(group)) {
      for (const { type, instance, data } of this.#records.in(shape)) {
        if (type !== types.moreProperties) continue;
        const view = viewOf(data);
        for (let i = 0; i < instance && 6 * i + 2 <= data.length; i++)
          if ((view.getUint16(6 * i, true) & 0x3fff) === tableProperties) return true;
      }
      return false;
    }
    return false;
  }

  #readTable(group: PptRecord): void {
    const cells: Cell[] = [];
    for (const shape of this.#records.in(group)) {
      const inside = [...this.#records.in(shape)];
      // Borders are lines, which have no text.
      if (!inside.some(({ type }) => type === types.textBox)) continue;
      for (const { type, data } of inside) {
        if (type !== types.anchor || data.length < 8) continue;
        const text = this.#textsOf(shape)
          .map((each) => each.text)
          .join(" ");
        cells.push({ left: viewOf(data).getInt32(0, true), top: viewOf(data).getInt32(4, true), text });
        break;
      }
    }
    const placesOf = (side: "left" | "top") => [...new Set(cells.map((cell) => cell[side]))].sort((a, b) => a - b);
    const [columns, rows] = [placesOf("left"), placesOf("top")];
    if (columns.length > maxColumns) {
      for (const { text } of cells) this.parts.push({ text, isTitle: false, isNote: false });
      return;
    }
    const [columnOf, rowOf] = [columns, rows].map((places) => new Map(places.map((place, i) => [place, i])));
    this.#records.budget.spend(rows.length * columns.length);
    const table = rows.map(() => new Array<string>(columns.length).fill(""));
    for (const { left, top, text } of cells) {
      const row = table[rowOf?.get(top) ?? 0];
      if (row) row[columnOf?.get(left) ?? 0] = text;
    }
    this.parts.push(table);
  }
}

const isHidden = (records: PptRecords, slide: PptRecord): boolean =>
  [...records.in(slide)].some(({ type, data }) => type === types.showInfo && ((data[10] ?? 0) & 4) !== 0);

function blocksOf(records: PptRecords, { container, outline, notes }: PptSlide, page: number): Block[] {
  const slide = new SlideReader(records, outline);
  slide.read(container);
  const speaker = new SlideReader(records, []);
  if (notes) speaker.read(notes);
  const isTitle = (part: SlideText | string[][]) => !Array.isArray(part) && part.isTitle;
  const parts = [
    ...slide.parts.filter(isTitle),
    ...slide.parts.filter((part) => !isTitle(part)),
    ...speaker.parts.filter((part) => !Array.isArray(part) && part.isNote),
  ];
  const path = new SectionPath();
  const blocks: Block[] = [];
  for (const part of parts) {
    if (Array.isArray(part)) {
      const table = new TableBlocks({ page, section: path.current });
      for (const row of part) table.add(row);
      for (const block of table.end()) blocks.push(block);
      continue;
    }
    const { text } = part;
    // What stands for the slide's number or date.
    if (text === "" || text === "*") continue;
    if (part.isTitle) {
      const title = text.replaceAll("\n", " ");
      blocks.push({ text: title, page, section: path.enter(1, title), heading: true });
    } else blocks.push({ text, page, section: path.current });
  }
  return blocks;
}

/** Reads an old PowerPoint presentation (.ppt, PowerPoint 97 to 2003; macros are never opened); its slides are its pages. Throws `UnreadableDocument`. */
export function parsePpt(bytes: Uint8Array, reading: Pick<Reading, "budget" | "leaveOut">): ParsedDocument {
  const file = new CompoundFile(bytes);
  try {
    const { records, slides } = readPresentation(file, reading.budget);
    const all = new DocumentBlocks();
    const leftOut = new LeftOut();
    for (const [i, slide] of slides.entries()) {
      if (isHidden(records, slide.container)) leftOut.count("slide");
      else all.addAll(blocksOf(records, slide, i + 1));
    }
    leftOut.tell(reading);
    return assembleDocument(all.blocks, slides.length, readOleProperties(file));
  } catch (cause) {
    // What the file says of places in it leads out of it.
    if (cause instanceof UnreadableDocument || !(cause instanceof RangeError)) throw cause;
    throw damagedArchive(cause);
  }
}
