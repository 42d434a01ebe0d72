import { maxTextLength, ReadingBudget } from "../budget.ts";
import { GrowingText, mapLines } from "../growing-text.ts";
import { propertiesOfHtml } from "../html-properties.ts";
import { assembleDocument, type Block, BlockList, type ParsedDocument, tooMuchText } from "../parsed-document.ts";
import { SectionPath } from "../section-path.ts";
import { CountedParser } from "./counted-parser.ts";

/** Not part of what a page says: code, chrome, embedded things. */
const skipped = new Set([
  "script",
  "style",
  "noscript",
  "template",
  "svg",
  "math",
  "iframe",
  "object",
  "canvas",
  "nav",
  "footer",
  "form",
  "button",
  "select",
  "head",
  "dialog",
]);
const breaking = new Set(
  "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure h1 h2 h3 h4 h5 h6 header hr html li main ol p pre section summary table tbody tfoot thead tr ul".split(
    " ",
  ),
);
const voids = new Set([
  "area",
  "base",
  "br",
  "col",
  "embed",
  "hr",
  "img",
  "input",
  "link",
  "meta",
  "source",
  "track",
  "wbr",
]);

const chromeRoles = /^(?:navigation|banner|contentinfo|search|menu|menubar|toolbar|dialog|alertdialog)$/;

function isHidden(attributes: Record<string, string>): boolean {
  const style = attributes.style ?? "";
  return (
    chromeRoles.test(attributes.role ?? "") ||
    "hidden" in attributes ||
    attributes["aria-hidden"] === "true" ||
    /display\s*:\s*none|visibility\s*:\s*hidden/i.test(style)
  );
}

/** So many list items in a row that are nothing but a link are a menu. */
const menuItems = 4;

interface PageBlock extends Block {
  /** A list item that is nothing but links. */
  linkOnly: boolean;
  inMain: boolean;
}

/** What stands in the page's main part, where it says which that is and most of the text is in it. */
function mainPart(blocks: PageBlock[]): PageBlock[] {
  const main = blocks.filter(({ inMain }) => inMain);
  const length = (of: PageBlock[]) => of.reduce((sum, { text }) => sum + text.length, 0);
  return length(main) > length(blocks) / 2 ? main : blocks;
}

/** The blocks without menus that are not marked as such. */
function withoutMenus(blocks: PageBlock[]): Block[] {
  const isMenu = new Set<number>();
  for (let from = 0; from < blocks.length; from++) {
    let to = from;
    while (blocks[to]?.linkOnly) to++;
    if (to - from >= menuItems) for (let i = from; i < to; i++) isMenu.add(i);
    from = Math.max(from, to);
  }
  return blocks.filter((_, i) => !isMenu.has(i));
}

/** Collects blocks while the page's tags go by. */
class PageReader {
  readonly #blocks = new BlockList<PageBlock>();
  #text = new GrowingText();
  /** Characters of the page so far. */
  #total = 0;
  #links = 0;
  /** Characters of the block that are not in a link. */
  #unlinked = 0;
  readonly #path = new SectionPath();
  /** The level of the heading that the block is, or 0. */
  #heading = 0;
  #pre = 0;
  #table = 0;
  #listItem = false;
  /** Open elements of a skipped one, itself among them. */
  #skipping: string[] = [];
  #depth = 0;
  /** How deep the element of the main part is, while it is open. */
  #mainDepth: number | null = null;

  open(name: string, attributes: Record<string, string>): void {
    this.#depth++;
    if (this.#skipping.length > 0 || skipped.has(name) || isHidden(attributes)) {
      if (!voids.has(name)) this.#skipping.push(name);
      return;
    }
    if (name === "a") this.#links++;
    if (name === "br") this.#add("\n");
    if (name === "table") this.#table++;
    if (this.#table > 0 && (name === "td" || name === "th") && this.#text.length > 0 && this.#text.last !== "\n")
      this.#add(" | ");
    if (name === "tr" && this.#table > 0) this.#line();
    else if (breaking.has(name) && this.#table === 0) this.#flush();
    if (name === "main" || attributes.role === "main") this.#mainDepth ??= this.#depth;
    if (name === "li") this.#listItem = true;
    if (name === "pre") this.#pre++;
    if (/^h[1-6]$/.test(name) && this.#table === 0) this.#heading = Number(name[1]);
  }

  text(data: string): void {
    if (this.#skipping.length > 0) return;
    this.#add(this.#pre > 0 ? data : data.replace(/\s+/g, " "));
    if (this.#links === 0) this.#unlinked += data.trim().length;
  }

  close(name: string): void {
    this.#closeElement(name);
    if (this.#depth === this.#mainDepth) this.#mainDepth = null;
    this.#depth--;
  }

  #closeElement(name: string): void {
    if (this.#skipping.length > 0) {
      const at = this.#skipping.lastIndexOf(name);
      if (at >= 0) this.#skipping.length = at;
      return;
    }
    if (name === "a" && this.#links > 0) this.#links--;
    if (name === "table" && this.#table > 0) {
      this.#table--;
      if (this.#table === 0) this.#flush();
    } else if (breaking.has(name) && this.#table === 0) this.#flush();
    if (name === "pre" && this.#pre > 0) this.#pre--;
  }

  end(): Block[] {
    this.#flush();
    return withoutMenus(mainPart(this.#blocks));
  }

  #add(text: string): void {
    this.#total += text.length;
    if (this.#total > 2 * maxTextLength) throw tooMuchText();
    this.#text.add(text);
  }

  #line(): void {
    if (this.#text.length > 0 && this.#text.last !== "\n") this.#add("\n");
  }

  #flush(): void {
    const text = mapLines(this.#text.whole, "\n", (line) =>
      this.#pre > 0 ? line.trimEnd() : line.replace(/ +/g, " ").trim(),
    ).trim();
    if (this.#text.length > 0) this.#text = new GrowingText();
    const [heading, linkOnly] = [this.#heading, this.#listItem && this.#unlinked <= 3];
    this.#heading = 0;
    this.#unlinked = 0;
    if (!text) return;
    const section = heading > 0 ? this.#path.enter(heading, text) : this.#path.current;
    this.#blocks.push({
      text: this.#listItem ? `- ${text}` : text,
      page: null,
      section,
      heading: heading > 0,
      linkOnly,
      inMain: this.#mainDepth !== null,
    });
    this.#listItem = false;
  }
}

/** Reads a page that comes piece by piece. XHTML has elements that end where they begin. Throws `UnreadableDocument`. */
export function openPage(
  budget: ReadingBudget,
  { isXhtml = false } = {},
): { write(source: string): void; end(): Block[] } {
  const reader = new PageReader();
  const parser = new CountedParser(
    {
      onopentag: (name, attributes) => reader.open(name, attributes),
      ontext: (data) => reader.text(data),
      onclosetag: (name) => reader.close(name),
    },
    { decodeEntities: true, lowerCaseTags: true, recognizeSelfClosing: isXhtml },
    budget,
  );
  return {
    write: (source) => parser.write(source),
    end() {
      parser.end();
      return reader.end();
    },
  };
}

/** The blocks of a page, or of a piece of one. Throws `UnreadableDocument`. */
export function blocksOfHtml(source: string, budget: ReadingBudget): Block[] {
  const page = openPage(budget);
  page.write(source);
  return page.end();
}

/** Reads what a person would see of a page: no scripts, navigation or hidden parts. Throws `UnreadableDocument`. */
export function parseHtml(source: string): ParsedDocument {
  return parsePage([source], new ReadingBudget("html", source.length));
}

/** `parseHtml` of a page that comes piece by piece, the first with all of its head. */
export function parsePage(pieces: Iterable<string>, budget: ReadingBudget): ParsedDocument {
  const page = openPage(budget);
  let said: ReturnType<typeof propertiesOfHtml> | null = null;
  for (const piece of pieces) {
    said ??= propertiesOfHtml(piece);
    page.write(piece);
  }
  return assembleDocument(page.end(), null, said ?? {});
}
