import type { ReadingBudget } from "../budget.ts";
import { kindOfName, type StyleKind } from "../word/docx-styles.ts";
import { type DocFile, viewOf } from "./doc-file.ts";

/** How a paragraph of a Word document is meant. */
export interface ParagraphFormat {
  kind: StyleKind | null;
  inTable: boolean;
  /** It is the mark at the end of a row. */
  endsRow: boolean;
  isListItem: boolean;
}

interface Run<T> {
  start: number;
  end: number;
  value: T;
}

const pageSize = 512;
const plain: ParagraphFormat = { kind: null, inTable: false, endsRow: false, isListItem: false };
const sprms = { inTable: 0x2416, endsRow: 0x2417, outlineLevel: 0x2640, list: 0x460b, hidden: 0x083c, deleted: 0x0800 };

/** The properties in `bytes`, each with its first byte, or two. */
function* propertiesOf(bytes: Uint8Array, budget: ReadingBudget): Generator<[id: number, value: number]> {
  const view = viewOf(bytes);
  const lengths = [1, 1, 2, 4, 2, 2, 0, 3];
  for (let at = 0; at + 3 <= bytes.length; ) {
    budget.spend(10);
    const id = view.getUint16(at, true);
    at += 2;
    const length = lengths[id >> 13] ?? 0;
    yield [id, length === 2 && at + 2 <= bytes.length ? view.getUint16(at, true) : (bytes[at] ?? 0)];
    if (length > 0) at += length;
    // Definitions of tables have two bytes for their length.
    else if (id === 0xd608 || id === 0xd606) at += at + 2 <= bytes.length ? view.getUint16(at, true) + 1 : 2;
    else at += 1 + (bytes[at] ?? 0);
  }
}

/** Runs that a table of pages describes: where each is in the stream, and its page with the place of what is said of it. */
function* describedRuns(file: DocFile, part: number, placeSize: number): Generator<[Run<Uint8Array>, number]> {
  const plc = file.part(part);
  const view = viewOf(plc);
  const count = Math.floor((plc.length - 4) / 8);
  const seen = new Set<number>();
  for (let i = 0; i < count; i++) {
    const number = view.getUint32(4 * (count + 1) + 4 * i, true) & 0x3fffff;
    const page = file.stream.subarray(number * pageSize, (number + 1) * pageSize);
    // No two ranges share a page, unless to make much of little.
    if (page.length < pageSize || seen.has(number)) continue;
    seen.add(number);
    const runs = page[pageSize - 1] ?? 0;
    const places = 4 * (runs + 1);
    if (places + runs * placeSize > pageSize) continue;
    const pageView = viewOf(page);
    for (let run = 0; run < runs; run++) {
      const [start, end] = [pageView.getUint32(4 * run, true), pageView.getUint32(4 * run + 4, true)];
      yield [{ start, end, value: page }, 2 * (page[places + run * placeSize] ?? 0)];
    }
  }
}

/** The runs in order, and the one that a place is in. */
class Runs<T> {
  readonly #runs: Run<T>[] = [];

  add(run: Run<T>): void {
    if (run.end <= run.start) return;
    this.#runs.push(run);
  }

  sort(): this {
    this.#runs.sort((a, b) => a.start - b.start);
    return this;
  }

  /** The first run that ends behind `place`, from `from` on. */
  after(place: number): Run<T> | undefined {
    let [low, high] = [0, this.#runs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#runs[middle]?.end ?? 0) <= place) low = middle + 1;
      else high = middle;
    }
    return this.#runs[low];
  }
}

/** What styles make of paragraphs, by their numbers: by their built-in kind, or that of the style they derive from. */
function readStyles(file: DocFile): (StyleKind | null)[] {
  const part = file.part(1);
  if (part.length < 6) return [];
  const view = viewOf(part);
  const kinds: (StyleKind | null)[] = [];
  const bases: number[] = [];
  const count = Math.min(view.getUint16(2, true), 4_096);
  const nameAt = 2 + view.getUint16(4, true);
  for (let at = 2 + view.getUint16(0, true); kinds.length < count && at + 2 <= part.length; ) {
    const length = view.getUint16(at, true);
    const isWhole = length >= 4 && at + 6 <= part.length;
    const name =
      at + nameAt + 2 <= part.length
        ? part.subarray(at + nameAt + 2).subarray(0, 2 * (part[at + nameAt] ?? 0))
        : part.subarray(0, 0);
    kinds.push(
      isWhole
        ? (builtIn(view.getUint16(at + 2, true) & 0xfff) ?? kindOfName(new TextDecoder("utf-16le").decode(name)))
        : null,
    );
    bases.push(isWhole ? view.getUint16(at + 4, true) >> 4 : 0xfff);
    at += 2 + length + (length & 1);
  }
  return kinds.map((kind, i) => {
    let found = kind;
    for (let hops = 0, base = bases[i]; !found && base !== undefined && hops < 10; hops++, base = bases[base])
      found = kinds[base] ?? null;
    return found;
  });
}

function builtIn(style: number): StyleKind | null {
  if (style >= 1 && style <= 9) return { heading: style };
  if (style === 62) return { heading: 0 };
  return style >= 19 && style <= 27 ? "contents" : null;
}

/** How the paragraphs and characters of a document are meant, by their places in its stream. */
export class DocFormatting {
  readonly #paragraphs = new Runs<ParagraphFormat>();
  readonly #hidden = new Runs<true>();

  constructor(file: DocFile, budget: ReadingBudget) {
    const styles = readStyles(file);
    for (const [{ start, end, value: page }, place] of describedRuns(file, 13, 13)) {
      // Its length is in words, and in the second byte where the first is none.
      const words = page[place] ?? 0;
      const first = place + (words === 0 ? 2 : 1);
      const length = words === 0 ? 2 * (page[place + 1] ?? 0) : 2 * words - 1;
      if (place === 0 || length < 2) continue;
      const style = (page[first] ?? 0) | ((page[first + 1] ?? 0) << 8);
      const value = { ...plain, kind: styles[style] ?? null };
      for (const [id, operand] of propertiesOf(page.subarray(first + 2, first + length), budget)) {
        if (id === sprms.inTable) value.inTable = operand !== 0;
        else if (id === sprms.endsRow) value.endsRow = operand !== 0;
        else if (id === sprms.list) value.isListItem = operand !== 0 && operand < 0xf800;
        else if (id === sprms.outlineLevel && value.kind !== "contents")
          value.kind = operand < 9 ? { heading: operand + 1 } : null;
      }
      budget.keep();
      this.#paragraphs.add({ start, end, value });
    }
    for (const [{ start, end, value: page }, place] of describedRuns(file, 12, 1)) {
      const properties = page.subarray(place + 1, place + 1 + (page[place] ?? 0));
      for (const [id, operand] of place === 0 ? [] : propertiesOf(properties, budget))
        if ((id === sprms.hidden || id === sprms.deleted) && (operand & 1) === 1) {
          budget.keep();
          this.#hidden.add({ start, end, value: true });
          break;
        }
    }
    this.#paragraphs.sort();
    this.#hidden.sort();
  }

  /** The format of the paragraph whose mark is at this place. */
  paragraphAt(place: number): ParagraphFormat {
    const run = this.#paragraphs.after(place);
    return run && run.start <= place ? run.value : plain;
  }

  /** The parts of a range of places that are seen, without hidden text and deletions that are only recorded. */
  *seenIn(start: number, end: number): Generator<[start: number, end: number]> {
    let from = start;
    while (from < end) {
      const hidden = this.#hidden.after(from);
      const to = Math.min(end, hidden?.start ?? end);
      if (to > from) yield [from, to];
      from = Math.max(from, hidden?.end ?? end);
    }
  }
}
