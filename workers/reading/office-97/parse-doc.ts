import { damagedArchive } from "../archive/zip-archive.ts";
import type { ReadingBudget } from "../budget.ts";
import { DocumentBlocks } from "../document-blocks.ts";
import { addressOfField, shownByField } from "../office/field-code.ts";
import { addressBeside } from "../office/link-text.ts";
import { assembleDocument, type ParsedDocument } from "../parsed-document.ts";
import type { Reading } from "../reading.ts";
import { SectionPath } from "../section-path.ts";
import { TableBlocks } from "../text/table-blocks.ts";
import { UnreadableDocument } from "../unreadable-document.ts";
import { CompoundFile } from "./compound-file.ts";
import { DocFile, type Piece } from "./doc-file.ts";
import { DocFormatting, type ParagraphFormat } from "./doc-formatting.ts";
import { readOleProperties } from "./ole-properties.ts";

const [cellMark, lineBreak, pageBreak, paragraphMark] = [0x07, 0x0b, 0x0c, 0x0d];
const [fieldBegin, fieldSeparator, fieldEnd, noBreakHyphen] = [0x13, 0x14, 0x15, 0x1e];
// biome-ignore lint/suspicious/noControlCharactersInRegex: Word marks with them.
const special = /[\u0000-\u0008\u000b-\u001f]/g;

/** Makes blocks of a document's characters while they go by. */
class BodyReader {
  readonly #blocks: DocumentBlocks;
  readonly #formatting: DocFormatting;
  readonly #budget: ReadingBudget;
  readonly #path = new SectionPath();
  #text = "";
  /** Open fields: whether it is still their code that goes by, that code, and where the result begins; and how many are at their code. */
  #fields: { isCode: boolean; code: string; from: number }[] = [];
  #codes = 0;
  #table: { rows: TableBlocks; cells: string[]; cell: string[] } | null = null;

  constructor(blocks: DocumentBlocks, formatting: DocFormatting, budget: ReadingBudget) {
    this.#blocks = blocks;
    this.#formatting = formatting;
    this.#budget = budget;
  }

  /** Reads the characters of a piece from `from` to `to`, counted in the piece. */
  read({ text, at, size }: Piece, from: number, to: number): void {
    special.lastIndex = from;
    for (let start = from; start < to; start = special.lastIndex) {
      const found = special.exec(text);
      const end = Math.min(to, found?.index ?? to);
      if (this.#codes > 0) {
        const field = this.#fields.at(-1);
        if (field?.isCode) field.code = (field.code + text.slice(start, end)).slice(0, 4_000);
      } else {
        for (const [first, last] of this.#formatting.seenIn(at + start * size, at + end * size))
          this.#text += text.slice((first - at) / size, (last - at) / size);
      }
      if (!found || found.index >= to) break;
      this.#mark(text.charCodeAt(found.index), at + found.index * size);
    }
  }

  end(): void {
    this.#endParagraph({ kind: null, inTable: false, endsRow: false, isListItem: false }, paragraphMark);
    this.#endTable();
  }

  #mark(mark: number, place: number): void {
    if (mark === fieldBegin) {
      this.#fields.push({ isCode: true, code: "", from: 0 });
      this.#codes++;
    } else if (mark === fieldSeparator) this.#beginResult();
    else if (mark === fieldEnd) this.#endField();
    else if (mark === lineBreak) this.#text += "\n";
    else if (mark === noBreakHyphen) this.#text += "-";
    else if (mark === paragraphMark || mark === cellMark || mark === pageBreak)
      this.#endParagraph(this.#formatting.paragraphAt(place), mark);
  }

  #beginResult(): void {
    const field = this.#fields.at(-1);
    if (!field?.isCode) return;
    field.isCode = false;
    field.from = this.#text.length;
    this.#codes--;
  }

  /** A field is shown by its result, or by its code where it has none; a link says where it leads. */
  #endField(): void {
    const field = this.#fields.pop();
    if (field?.isCode) this.#codes--;
    if (!field || this.#codes > 0) return;
    this.#text += field.isCode
      ? shownByField(field.code)
      : addressBeside(this.#text.slice(field.from), addressOfField(field.code));
  }

  #endParagraph(format: ParagraphFormat, mark: number): void {
    // Code does not go over paragraphs; where it seems to, its end is lost.
    if (this.#codes > 0) {
      this.#budget.spend(this.#fields.length);
      this.#fields = this.#fields.filter(({ isCode }) => !isCode);
    }
    this.#codes = 0;
    const text = this.#text.trim();
    this.#text = "";
    if (mark === cellMark || format.inTable) {
      this.#endInTable(text, format, mark);
      return;
    }
    this.#endTable();
    if (!text || format.kind === "contents") return;
    if (format.kind) {
      const section = this.#path.enter(format.kind.heading, text);
      this.#blocks.add({ text, page: null, section, heading: true });
    } else this.#blocks.add({ text: format.isListItem ? `- ${text}` : text, page: null, section: this.#path.current });
  }

  #endInTable(text: string, { endsRow }: ParagraphFormat, mark: number): void {
    this.#table ??= { rows: new TableBlocks({ page: null, section: this.#path.current }), cells: [], cell: [] };
    const table = this.#table;
    if (text) table.cell.push(text);
    if (mark !== cellMark) return;
    if (endsRow) {
      table.rows.add(table.cells);
      table.cells = [];
    } else table.cells.push(table.cell.join(" "));
    table.cell = [];
  }

  #endTable(): void {
    if (!this.#table) return;
    const { rows, cells, cell } = this.#table;
    rows.add([...cells, cell.join(" ")]);
    this.#blocks.addAll(rows.end());
    this.#table = null;
  }
}

function blocksOf(file: DocFile, budget: ReadingBudget): DocumentBlocks {
  const formatting = new DocFormatting(file, budget);
  const pieces = [...file.pieces(budget)];
  const blocks = new DocumentBlocks();
  for (const [start, end] of file.ranges()) {
    const body = new BodyReader(blocks, formatting, budget);
    for (const piece of pieces) {
      const [from, to] = [Math.max(start, piece.start), Math.min(end, piece.start + piece.text.length)];
      if (from < to) body.read(piece, from - piece.start, to - piece.start);
    }
    body.end();
  }
  return blocks;
}

/** Reads an old Word document (.doc, Word 97 to 2003; macros are never opened). Throws `UnreadableDocument`. */
export function parseDoc(bytes: Uint8Array, { budget }: Pick<Reading, "budget">): ParsedDocument {
  const compound = new CompoundFile(bytes);
  try {
    return assembleDocument(blocksOf(new DocFile(compound), budget).blocks, null, readOleProperties(compound));
  } catch (cause) {
    // What the file says of places in it leads out of it.
    if (cause instanceof UnreadableDocument || !(cause instanceof RangeError)) throw cause;
    throw damagedArchive(cause);
  }
}
