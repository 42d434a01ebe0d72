import { type Block, BlockList } from "../parsed-document.ts";
import { SectionPath } from "../section-path.ts";
import { TableBlocks } from "../text/table-blocks.ts";
import { LineSeams } from "./line-seams.ts";
import { withoutFurniture } from "./page-furniture.ts";
import type { Line } from "./page-layout.ts";
import { joinOverPages, ordinary, type Paragraph, paragraphsOf } from "./paragraphs.ts";

/** Whether cells name columns. */
const isHead = (cells: string[]): boolean => cells.every((cell) => /\p{L}/u.test(cell));

/** The blocks of a table; one that goes on from the page before has its head said again. */
function tableBlocks({ lines }: Paragraph, section: string | null, head: string[] | null): Block[] {
  const table = new TableBlocks({ page: lines[0].page, section });
  const first = lines[0].cells ?? [];
  if (head?.length === first.length && !isHead(first)) table.add(head);
  for (const { cells = [] } of lines) table.add(cells);
  return table.end();
}

/** Joins lines into paragraphs, headings and tables; a block never spans two pages, but that it ends its last sentence. */
export function blocksOfLines(allLines: Line[]): Block[] {
  const lines = withoutFurniture(allLines, ordinary(allLines).size);
  const usual = ordinary(lines);
  const seams = new LineSeams(lines);
  const paragraphs = paragraphsOf(lines, usual, seams);
  joinOverPages(paragraphs, usual, seams);
  const blocks = new BlockList();
  const path = new SectionPath();
  let head: { cells: string[]; page: number } | null = null;
  for (const paragraph of paragraphs) {
    const { kind, lines: members } = paragraph;
    const { page } = members[0];
    if (kind === "table") {
      const goesOn: string[] | null = head !== null && head.page < page ? head.cells : null;
      for (const block of tableBlocks(paragraph, path.current, goesOn)) blocks.push(block);
      const own = members[0].cells ?? [];
      head = isHead(own) ? { cells: own, page } : goesOn ? { cells: goesOn, page } : null;
      continue;
    }
    const text = paragraph.text.replaceAll("\u00ad", "");
    // Larger print is further out.
    const size = Math.round(members.reduce((most, line) => Math.max(most, line.size), 0) * 2) / 2;
    const section = kind === "heading" ? path.enter(-size, text) : path.current;
    if (kind !== "aside") head = null;
    blocks.push({ text, page, section, heading: kind === "heading" });
  }
  return blocks;
}
