import { maxBlocks, maxTextLength, type ReadingBudget } from "../budget.ts";
import { GrowingText, mapLines } from "../growing-text.ts";
import { addressBeside } from "../office/link-text.ts";
import { listNumber } from "../office/list-number.ts";
import { type Block, BlockList, tooMuchText } from "../parsed-document.ts";
import { lowered, raised } from "../raised-text.ts";
import type { LeaveOut } from "../reading.ts";
import { SectionPath } from "../section-path.ts";
import { MathText } from "./math-text.ts";
import {
  altText,
  breaking,
  controlledBy,
  fieldText,
  framing,
  isSaid,
  listOf,
  type PageList,
  type Skip,
  shownAs,
  skipOf,
} from "./page-elements.ts";
import { blocksOfRows, type PageItem, PageTable } from "./page-table.ts";

/** So many list items in a row that are nothing but a link are a menu. */
const menuItems = 4;
/** Addresses of links that a paragraph says; one with more is a list of them for clicking. */
const mostAddresses = 3;
/** Less of what is hidden is not told of. */
const toldLength = 20;

/** What stands in the page's main part, where it says which that is and most of the text is in it. */
function mainPart(items: PageItem[]): PageItem[] {
  const main = items.filter(({ inMain }) => inMain);
  const lengthOf = ({ text, rows = [] }: PageItem) =>
    text.length + rows.reduce((sum, { cells }) => sum + cells.reduce((all, cell) => all + cell.length, 0), 0);
  const length = (of: PageItem[]) => of.reduce((sum, item) => sum + lengthOf(item), 0);
  return length(main) > length(items) / 2 ? main : items;
}

/** The items without menus that are not marked as such. */
function withoutMenus(items: PageItem[]): PageItem[] {
  const isMenu = new Set<number>();
  for (let from = 0; from < items.length; from++) {
    let to = from;
    while (items[to]?.linkOnly) to++;
    if (to - from >= menuItems) for (let i = from; i < to; i++) isMenu.add(i);
    from = Math.max(from, to);
  }
  return items.filter((_, i) => !isMenu.has(i));
}

/** Text that is gathered by itself before it joins what stands before it. */
interface Aside {
  name: string;
  attributes: Record<string, string>;
  before: GrowingText;
  /** How many elements are open in it. */
  depth: number;
}

const asides = new Set(["sup", "sub", "button"]);
/** Each copies what is in it. */
const mostAsides = 8;

/** Collects what a page says while its tags go by. */
export class PageReader {
  readonly #items: PageItem[] = [];
  readonly #budget: ReadingBudget;
  readonly #leaveOut: LeaveOut | undefined;
  readonly #open: string[] = [];
  readonly #controlled = new Set<string>();
  readonly #tables: PageTable[] = [];
  readonly #lists: PageList[] = [];
  readonly #links: { href: string | null; from: number; text: string }[] = [];
  readonly #asides: Aside[] = [];
  #text = new GrowingText();
  #math: MathText | null = null;
  /** Characters of the page so far. */
  #total = 0;
  /** Characters of the block that are not in a link, and addresses that it says. */
  #unlinked = 0;
  #addresses = 0;
  /** The level of the heading that the block is, or 0. */
  #heading = 0;
  #pre = 0;
  #mark = "";
  #isListItem = false;
  #isBelowButton = false;
  /** How many elements were open before the one that is skipped, and what is lost of it. */
  #skipping: { depth: number; why: Skip; lost: number } | null = null;
  /** How deep the element of the main part is, while it is open. */
  #mainDepth: number | null = null;

  constructor(budget: ReadingBudget, leaveOut?: LeaveOut) {
    this.#budget = budget;
    this.#leaveOut = leaveOut;
  }

  open(tag: string, attributes: Record<string, string>): void {
    const name = this.#math ? tag : shownAs(tag, attributes);
    const depth = this.#open.length;
    const why = this.#skipping || this.#math ? null : skipOf(name, attributes, this.#place);
    this.#open.push(name);
    if (why) this.#skipping = { depth, why, lost: 0 };
    if (this.#skipping) return;
    if (this.#math || name === "math") {
      this.#math ??= new MathText();
      this.#math.open(name, attributes);
      return;
    }
    for (const id of controlledBy(attributes)) this.#controlled.add(id);
    if (breaking.has(name)) this.#flush();
    if (name === "main" || attributes.role === "main") this.#mainDepth ??= this.#open.length;
    if (asides.has(name) && this.#asides.length < mostAsides) this.#openAside(name, attributes);
    else this.#openElement(name, attributes);
  }

  get #place() {
    return { open: this.#open, controlled: this.#controlled, isBelowButton: this.#isBelowButton };
  }

  #openElement(name: string, attributes: Record<string, string>): void {
    if (name === "a") this.#links.push({ href: attributes.href ?? null, from: this.#text.length, text: "" });
    else if (name === "br") this.#add("\n");
    else if (name === "table") {
      this.#tables.at(-1)?.holds();
      this.#tables.push(new PageTable(attributes, this.#budget));
    } else if (name === "ol" || name === "ul") this.#lists.push(listOf(name, attributes));
    else if (name === "li") this.#openListItem(attributes.value);
    else if (name === "pre" || name === "textarea") this.#pre++;
    else if (/^h[1-6]$/.test(name)) this.#heading = Number(name[1]);
    else if (name === "img") this.#say(altText(attributes));
    else if (name === "input") this.#say(fieldText(attributes));
    else if (name === "option") this.#say("selected" in attributes ? "• [x]" : "•");
    else this.#tables.at(-1)?.open(name, attributes);
  }

  #openListItem(value: string | undefined): void {
    const list = this.#lists.at(-1);
    this.#isListItem = true;
    if (!list?.way) {
      this.#mark = "- ";
      return;
    }
    const number = Number.parseInt(value ?? "", 10);
    if (!Number.isNaN(number)) list.next = number;
    this.#mark = `${listNumber(list.next, list.way)}. `;
    list.next += list.step;
  }

  #openAside(name: string, attributes: Record<string, string>): void {
    this.#asides.push({ name, attributes, before: this.#text, depth: this.#open.length });
    this.#text = new GrowingText();
  }

  text(data: string): void {
    if (this.#skipping) {
      if (!/^(?:style|script)$/.test(this.#open.at(-1) ?? "")) this.#skipping.lost += data.trim().length;
      return;
    }
    if (this.#math) {
      this.#math.text(data);
      return;
    }
    const text = (this.#pre > 0 ? data : data.replace(/\s+/g, " ")).replace(/\u00ad/g, "");
    this.#add(text);
    const length = text.trim().length;
    if (length > 0 && this.#asides.at(-1)?.name !== "button") this.#isBelowButton = false;
    const link = this.#links.at(-1);
    if (link) link.text += link.text.length < 500 ? text : "";
    else this.#unlinked += length;
  }

  close(tag: string): void {
    const name = this.#open.at(-1) ?? tag;
    const depth = this.#open.length - 1;
    if (this.#skipping) {
      if (this.#skipping.depth === depth) this.#endSkip();
    } else if (this.#math) {
      const said = this.#math.close();
      if (said !== null) {
        this.#math = null;
        this.#say(said);
        this.#unlinked += said.length;
      }
    } else this.#closeElement(name);
    if (this.#open.length === this.#mainDepth) this.#mainDepth = null;
    this.#open.pop();
  }

  #endSkip(): void {
    const { why, depth, lost } = this.#skipping ?? { why: null, depth: 0, lost: 0 };
    this.#skipping = null;
    if (lost < toldLength) return;
    const frame = framing.get(this.#open[depth] ?? "");
    if (why === "hidden") this.#leaveOut?.("Hidden part", "The page does not show it.");
    else if (frame) this.#leaveOut?.(frame, "It stands beside what the page says.");
  }

  #closeElement(name: string): void {
    if (this.#asides.at(-1)?.depth === this.#open.length) this.#closeAside();
    else if (name === "a") this.#closeLink();
    else if (breaking.has(name)) this.#flush();
    if (name === "table") {
      const items = this.#tables.pop()?.end(this.#mainDepth !== null) ?? [];
      for (const item of items) this.#put(item);
    } else if (name === "ol" || name === "ul") this.#lists.pop();
    else if (name === "li") [this.#isListItem, this.#mark] = [false, ""];
    else if ((name === "pre" || name === "textarea") && this.#pre > 0) this.#pre--;
  }

  #closeAside(): void {
    const aside = this.#asides.pop();
    if (!aside) return;
    const { name, attributes, before } = aside;
    const text = this.#text.whole;
    this.#text = before;
    if (name === "button") this.#sayButton(text.replace(/\s+/g, " ").trim(), attributes);
    // A note in brackets is apart as it is.
    else if (/^\s*[[(].*[\])]\s*$/s.test(text)) this.#text.add(text);
    else this.#text.add(name === "sup" ? raised(text, before.last) : lowered(text, before.last));
  }

  #sayButton(text: string, attributes: Record<string, string>): void {
    if (text === "" || !(this.#heading > 0 || isSaid(text, attributes))) return;
    const isBlock = this.#heading === 0 && this.#asides.length === 0;
    if (isBlock) this.#flush();
    this.#text.add(text);
    if (isBlock) this.#flush();
    this.#isBelowButton = true;
  }

  /** Behind a link's text its address, where that says more. */
  #closeLink(): void {
    const link = this.#links.pop();
    const address = link ? addressBeside(link.text, link.href) : "";
    if (address === "" || this.#heading > 0 || (link?.text.trim() ?? "") === "") return;
    const isOfPerson = /^(?:mailto|tel):/i.test(link?.href ?? "");
    if (isOfPerson || ++this.#addresses <= mostAddresses) this.#add(address);
  }

  end(): Block[] {
    if (this.#skipping) this.#endSkip();
    this.#flush();
    while (this.#tables.length > 0) for (const item of this.#tables.pop()?.end(false) ?? []) this.#put(item);
    const kept = new Set(withoutMenus(mainPart(this.#items)));
    const path = new SectionPath();
    const blocks = new BlockList();
    for (const item of this.#items) {
      const { text, heading, rows } = item;
      const section = heading > 0 ? path.enter(heading, text) : path.current;
      if (!kept.has(item)) continue;
      if (rows) for (const block of blocksOfRows(rows, section)) blocks.push(block);
      else blocks.push({ text, page: null, section, heading: heading > 0 });
    }
    return blocks;
  }

  #add(text: string): void {
    this.#total += text.length;
    if (this.#total > 2 * maxTextLength) throw tooMuchText();
    this.#text.add(text);
  }

  /** Text of its own, apart from what stands before it. */
  #say(text: string): void {
    if (text === "") return;
    if (this.#text.length > 0 && !/\s/.test(this.#text.last)) this.#add(" ");
    this.#add(`${text} `);
  }

  #put(item: PageItem): void {
    const cell = this.#tables.at(-1)?.items;
    if (cell) cell.push(item);
    else if (this.#items.push(item) > maxBlocks) throw tooMuchText();
  }

  #flush(): void {
    // What is gathered by itself is one line.
    if (this.#asides.length > 0) {
      if (this.#text.length > 0 && this.#text.last !== " ") this.#add(" ");
      return;
    }
    const text = mapLines(this.#text.whole, "\n", (line) =>
      this.#pre > 0 ? line.trimEnd() : line.replace(/ +/g, " ").trim(),
    ).trim();
    if (this.#text.length > 0) this.#text = new GrowingText();
    const [heading, unlinked, mark] = [this.#heading, this.#unlinked, this.#mark];
    this.#unlinked = 0;
    this.#addresses = 0;
    if (!text) return;
    this.#heading = 0;
    this.#mark = "";
    const linkOnly = this.#isListItem && mark !== "" && unlinked <= 3;
    this.#put({ text: mark + text, heading, linkOnly, inMain: this.#mainDepth !== null });
  }
}
