import { bounds, costs } from "./bounds.ts";
import { closesFence, type Fence, fenceIn } from "./fence.ts";
import { columnsOf, isUnderline, type LineStart, readLineStart } from "./read-line.ts";

const heading = /^#{1,6}(?:[ \t]|$)/;

const newLeaf = () => ({ lines: 0, emphases: 0, brackets: 0, columns: 0, rows: 0 });

/**
 * Measures a block line by line, in one pass: what parsing it will take, and whether that is within the bounds. Where it cannot be
 * sure what a parser makes of a line, it takes the dearer.
 */
export class Meter {
  work = 0;
  /** Whether the block is more than a parser may be given. */
  isBeyond = false;
  /** The columns from which the text of the open lists' entries counts. */
  #open: number[] = [];
  /** Lists and quotes that may be open around a line. */
  #depth = 0;
  #fence: (Fence & { atMargin: boolean }) | null = null;
  #afterBlank = true;
  /** Whether a parser may see other entries than `#open` says: then no line of the block counts as code in one. */
  #isUnsure = false;
  #leaves = 0;
  #characters = 0;
  #underlines = 0;
  /** The paragraph, or the table, that the last line belongs to. */
  #leaf = newLeaf();

  /** Whether code at the margin is open, in which nothing else begins. */
  get inCode(): boolean {
    return this.#fence?.atMargin ?? false;
  }

  get inList(): boolean {
    return this.#open.length > 0;
  }

  get afterBlank(): boolean {
    return this.#afterBlank;
  }

  /** How the line begins, where it stands. */
  look(line: string): LineStart {
    return readLineStart(line, (indent) => this.#baseFor(indent));
  }

  count(line: string, start: LineStart): void {
    this.work += line.length * costs.character;
    if (this.#fence && this.#isCode(this.#fence, line, start)) {
      this.work += costs.codeLine;
      return;
    }
    this.work += costs.line;
    this.#characters += line.length + 1;
    if (start.isBlank) {
      this.#afterBlank = true;
      this.#leaf = newLeaf();
      return;
    }
    this.#enter(start);
    const text = line.slice(start.at);
    const fence = fenceIn(text, start.column, this.#baseFor(start.column));
    const atMargin = fence !== null && start.column === 0;
    if (fence && (atMargin || !this.#isUnsure)) {
      this.#fence = { ...fence, atMargin };
      this.#leaf = newLeaf();
    } else {
      if (this.#afterBlank || start.items.length > 0 || heading.test(text)) {
        this.#leaf = newLeaf();
        this.#leaves++;
        this.work += costs.leaf;
      }
      this.#countText(text);
    }
    this.#afterBlank = false;
    this.isBeyond ||=
      this.#characters > bounds.blockCharacters ||
      this.#leaves > bounds.leaves ||
      this.#depth > bounds.depth ||
      this.#underlines > bounds.underlines;
  }

  #baseFor(indent: number): number {
    return this.#open.findLast((column) => column <= indent) ?? 0;
  }

  /** Whether the line is code, or the end of it. Code in an entry ends with the entry. */
  #isCode(fence: Fence, line: string, { isBlank, indent }: LineStart): boolean {
    const hasLeft = !isBlank && indent < fence.base;
    const isEnd = !hasLeft && closesFence(fence, line.trimStart(), indent);
    if (hasLeft || isEnd) this.#fence = null;
    if (isEnd) this.#afterBlank = true;
    return !hasLeft;
  }

  #enter({ indent, quotes, inner, items, number, hasText }: LineStart): void {
    const opened = quotes + items.length;
    const interrupts = items.length > 0 && !this.#afterBlank && number !== null && number !== 1;
    this.#isUnsure ||= quotes > 0 || items.length > 1 || interrupts || (items.length > 0 && !hasText);
    // A line without a sign of its own may go on with a paragraph, however deep that lies.
    if (opened > 0 || this.#afterBlank) {
      const kept = this.#open.filter((column) => column <= indent);
      const within = quotes === 0 ? 0 : Math.min(Math.max(0, this.#depth - quotes - kept.length), inner >> 1);
      this.#depth = kept.length + opened + within;
      this.#open = [...kept, ...items];
    }
    this.work += this.#depth * costs.container + items.length * costs.item;
  }

  #countText(text: string): void {
    const leaf = this.#leaf;
    const columns = leaf.lines === 1 ? columnsOf(text) : 0;
    if (columns > 0) leaf.columns = columns;
    if (leaf.columns > 0) {
      // Each row of a table is read by itself, and filled up to its columns.
      leaf.rows++;
      this.#leaves++;
      leaf.emphases = leaf.brackets = 0;
      this.work += leaf.columns * costs.cell;
    } else leaf.lines++;
    if (isUnderline(text)) this.#underlines++;
    const emphases = text.match(/\*+|_+|~+/g)?.length ?? 0;
    const brackets = text.match(/[[\]]/g)?.length ?? 0;
    const signs = text.match(/[`<&\\|@]|:\/\/|www\./gi)?.length ?? 0;
    const formulas = text.match(/\ufdd0/g)?.length ?? 0;
    this.work += formulas * costs.formula;
    leaf.emphases += emphases;
    leaf.brackets += brackets;
    this.work += emphases * costs.emphasis + brackets * costs.bracket + signs * costs.sign;
    this.isBeyond ||=
      leaf.lines * (1 + this.#depth) > bounds.lines ||
      leaf.emphases > bounds.emphases ||
      leaf.brackets > bounds.brackets ||
      leaf.columns * (leaf.rows + 1) > bounds.cells;
  }
}

/** Whether a line ends whatever stood before it: a heading or a fence at the margin. */
export const opensBlock = (line: string): boolean => heading.test(line) || fenceIn(line, 0, 0) !== null;
