import { cutText } from "../../text/cut-text.ts";
import { maxTextLength, type ReadingBudget } from "../budget.ts";
import type { documentProperties } from "../document-properties.ts";
import { type Block, BlockList, tooMuchText } from "../parsed-document.ts";
import { sectionBelow } from "../section-path.ts";

const maxBlock = 1_200;
const maxKey = 100;
/** Members of a list of short values share a line of this length. */
const maxListLine = 500;
/** Pictures and other files as text. */
const encodedFile = /^(?:data:[\w.+-]+\/[\w.+-]+;|[\w+/=-]{1000})/;

/** An object or array that is being read. */
interface Level {
  isArray: boolean;
  /** The member that is being read. */
  key: string;
  index: number;
  /** Whether the last line is of single values of this array. */
  hasLine: boolean;
  /** The section of an array's members, once it was asked for. */
  section?: string | null;
}

/**
 * Lines of `path: value` for the values of a JSON text as they go by: a block for each record, which is a member of the outermost
 * array, in the section of that array's name.
 */
export class JsonBlocks {
  readonly said: Parameters<typeof documentProperties>[0] = {};
  readonly #blocks = new BlockList();
  readonly #levels: Level[] = [];
  #lines: string[] = [];
  #blockLength = 0;
  #length = 0;
  /** How many levels are outside of the record that is being read; null outside of all records. */
  #record: number | null = null;
  readonly #budget: ReadingBudget;

  constructor(budget: ReadingBudget) {
    this.#budget = budget;
  }

  get depth(): number {
    return this.#levels.length;
  }

  get isInArray(): boolean {
    return this.#levels.at(-1)?.isArray ?? false;
  }

  key(key: string): void {
    const level = this.#levels.at(-1);
    if (level) level.key = cutText(key, maxKey);
  }

  open(isArray: boolean): void {
    const parent = this.#levels.at(-1);
    if (parent) parent.hasLine = false;
    if (this.#record === null && parent?.isArray) {
      this.#flush();
      this.#record = this.#levels.length;
    }
    this.#levels.push({ isArray, key: "", index: 0, hasLine: false });
  }

  close(): void {
    this.#levels.pop();
    if (this.#record === this.#levels.length || this.#levels.length === 0) {
      this.#flush();
      this.#record = null;
    }
  }

  /** The next member of an array begins. */
  next(): void {
    const level = this.#levels.at(-1);
    if (level) level.index++;
  }

  value(value: string): void {
    const text = encodedFile.test(value) ? "" : value.trim();
    if (!text) return;
    const level = this.#levels.at(-1);
    if (this.#levels.length === 1 && /^(?:title|name)$/i.test(level?.key ?? "")) this.said.title ??= text;
    const last = this.#lines.length - 1;
    const line = this.#lines[last] ?? "";
    if (level?.isArray && level.hasLine && last >= 0 && line.length + text.length < maxListLine) {
      this.#lines[last] = `${line}, ${text}`;
      this.#count(text.length + 2);
      return;
    }
    if (this.#blockLength > 0 && this.#blockLength + text.length > maxBlock) this.#flush();
    const path = this.#pathOf(level?.isArray ? -1 : undefined);
    if (level) level.hasLine = level.isArray;
    this.#lines.push(path ? `${path}: ${text}` : text);
    this.#count(path.length + text.length + 3);
  }

  end(): Block[] {
    this.#flush();
    return this.#blocks;
  }

  #count(length: number): void {
    this.#blockLength += length;
    this.#length += length;
    if (this.#length > maxTextLength) throw tooMuchText();
  }

  /** Where the value stands in its record: `text[1].href`; without the place in the array that it stands in itself. */
  #pathOf(end?: number): string {
    let path = "";
    this.#budget.spend(this.#levels.length);
    for (const { isArray, key, index } of this.#levels.slice(this.#record ?? 0, end)) {
      if (isArray) path += `[${index}]`;
      else path += path ? `.${key}` : key;
    }
    return path;
  }

  /** The section of the record that is being read: the name of its array, below those that this stands in. */
  #sectionOf(record: number): string | null {
    const array = this.#levels[record - 1];
    if (!array) return null;
    if (array.section === undefined) {
      this.#budget.spend(20 * record);
      array.section = sectionBelow(this.#keys(record));
    }
    return array.section;
  }

  /** The names of what is open outside of a record, from the nearest. */
  *#keys(record: number): Generator<string> {
    for (let i = record - 1; i >= 0; i--) yield this.#levels[i]?.key ?? "";
  }

  #flush(): void {
    const section = this.#lines.length > 0 && this.#record !== null ? this.#sectionOf(this.#record) : null;
    if (this.#lines.length > 0) this.#blocks.push({ text: this.#lines.join("\n"), page: null, section });
    this.#lines = [];
    this.#blockLength = 0;
  }
}
