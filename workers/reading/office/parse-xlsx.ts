import { damagedArchive, entryOf, openZip, type ZipArchive } from "../archive/zip-archive.ts";
import { ReadingBudget } from "../budget.ts";
import { DocumentBlocks } from "../document-blocks.ts";
import { assembleDocument, type Block, type ParsedDocument } from "../parsed-document.ts";
import type { Reading } from "../reading.ts";
import { SectionPath } from "../section-path.ts";
import { TableBlocks, tableBlocksOf } from "../text/table-blocks.ts";
import { CellFormats } from "./cell-format.ts";
import { chartBlocks, diagramText } from "./chart.ts";
import { DrawingReader } from "./drawing-reader.ts";
import { LeftOut } from "./left-out.ts";
import { readOfficeProperties } from "./office-properties.ts";
import { mainPart, Relations } from "./office-relations.ts";
import { readOfficeXml } from "./office-xml.ts";
import { readBeside } from "./xlsx-beside.ts";
import { SheetReader } from "./xlsx-sheet.ts";
import { readFormats, readSharedStrings, readSheets } from "./xlsx-workbook.ts";

const usualMain = /^xl\/workbook\d*\.xml$/;

type Place = Pick<Block, "page" | "section">;

/** The blocks of what is drawn on a sheet: text boxes, charts, diagrams, and what is said of pictures. */
function drawnBlocks(
  archive: ZipArchive,
  member: string,
  place: Place,
  budget: ReadingBudget,
  leftOut: LeftOut,
): Block[] {
  const relations = new Relations(archive, member, budget);
  const drawing = new DrawingReader(relations);
  readOfficeXml(archive, member, budget, drawing);
  leftOut.count("picture", drawing.unread.picture);
  const blocks: Block[] = [];
  for (const part of drawing.parts) {
    if ("text" in part) blocks.push({ ...place, text: part.text });
    else if ("rows" in part) blocks.push(...tableBlocksOf(part.rows, place, part.heads));
    else {
      const chart = relations.member(part.chart);
      for (const block of chart ? chartBlocks(archive, chart, place, budget) : []) blocks.push(block);
    }
  }
  for (const diagram of relations.ofType("diagramData"))
    blocks.push({ ...place, text: diagramText(archive, diagram, budget) });
  return blocks.filter(({ text }) => text !== "");
}

/** Reads the sheets of an Excel workbook (.xlsx, .xlsm; macros are never opened). Throws `UnreadableDocument`. */
export function parseXlsx(
  bytes: Uint8Array,
  budget = new ReadingBudget("xlsx", bytes.length),
  reading?: Pick<Reading, "leaveOut">,
): ParsedDocument {
  const archive = openZip(bytes);
  const workbook = archive && mainPart(archive, usualMain, budget);
  if (!archive || !workbook) throw damagedArchive();
  const formats = new CellFormats(budget);
  const leftOut = new LeftOut();
  const relations = new Relations(archive, workbook, budget);
  const named = (type: string) => {
    const [said] = relations.ofType(type);
    return said !== undefined && entryOf(archive, said) ? said : `xl/${type}.xml`;
  };
  const sheets = readSheets(archive, workbook, relations, budget, formats, leftOut);
  const strings = readSharedStrings(archive, named("sharedStrings"), budget);
  readFormats(archive, named("styles"), budget, formats);
  const path = new SectionPath();
  const all = new DocumentBlocks();
  for (const { name, member } of sheets) {
    const place = { page: null, section: path.enter(1, name) };
    const table = new TableBlocks(place);
    const own = new Relations(archive, member, budget);
    const beside = readBeside(archive, member, own, budget);
    const sheet = new SheetReader(table, { strings, formats, beside, budget, leftOut });
    readOfficeXml(archive, member, budget, sheet);
    sheet.end();
    const blocks = table.end();
    for (const text of [...sheet.notes, ...beside.running]) blocks.push({ ...place, text });
    for (const drawing of own.ofType("drawing"))
      for (const block of drawnBlocks(archive, drawing, place, budget, leftOut)) blocks.push(block);
    if (blocks.length > 0) all.add({ text: name, ...place, heading: true });
    all.addAll(blocks);
  }
  if (reading) leftOut.tell(reading);
  return assembleDocument(all.blocks, null, readOfficeProperties(archive, "docProps/core.xml", budget));
}
