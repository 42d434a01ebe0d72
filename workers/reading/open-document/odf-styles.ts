import type { ReadingBudget } from "../budget.ts";
import type { Align } from "../office/run-text.ts";
import { OdfLists } from "./odf-lists.ts";

interface Style {
  parent: string;
  isHidden: boolean;
  align: Align;
  list: string | null;
}

/** What `style:text-position` means: how far text is raised or lowered, then its size. */
function alignOf(position: string | undefined): Align {
  if (position === undefined) return null;
  const shift = position.startsWith("super") ? 1 : position.startsWith("sub") ? -1 : Number.parseFloat(position);
  return shift > 0 ? "raised" : shift < 0 ? "lowered" : null;
}

/** What the styles of an OpenDocument file say about its text. */
export class OdfStyles {
  readonly lists = new OdfLists();
  readonly #styles = new Map<string, Style>();
  readonly #hidden = new Set<string>();
  readonly #budget: ReadingBudget;
  #current = "";

  constructor(budget: ReadingBudget) {
    this.#budget = budget;
  }

  /** Takes note of an element of the styles. */
  open(name: string, attributes: Record<string, string>): void {
    const style = this.#styles.get(this.#current);
    if (name === "style:style") {
      this.#budget.keep();
      this.#current = attributes["style:name"] ?? "";
      this.#styles.set(this.#current, {
        parent: attributes["style:parent-style-name"] ?? "",
        isHidden: false,
        align: null,
        list: attributes["style:list-style-name"] ?? null,
      });
    } else if (name === "style:text-properties" && style) {
      style.isHidden = attributes["text:display"] === "none";
      style.align = alignOf(attributes["style:text-position"]);
    } else if (attributes["table:display"] === "false" || attributes["presentation:visibility"] === "hidden") {
      this.#hidden.add(this.#current);
    } else this.lists.define(name, attributes, this.#budget);
  }

  isTitle(style: string | undefined): boolean {
    return style === "Title" || (style !== undefined && this.#styles.get(style)?.parent === "Title");
  }

  /** Whether a table or a slide of a style is hidden. */
  hides(style: string | undefined): boolean {
    return style !== undefined && this.#hidden.has(style);
  }

  /** Whether text of a style is hidden. */
  hidesText(style: string | undefined): boolean {
    return this.#found(style, ({ isHidden }) => isHidden || null) ?? false;
  }

  align(style: string | undefined): Align {
    return this.#found(style, ({ align }) => align);
  }

  /** What a style says, or the nearest that it derives from. */
  #found<T>(name: string | undefined, of: (style: Style) => T | null): T | null {
    let style = this.#styles.get(name ?? "");
    for (let hops = 0; style && hops < 10; hops++) {
      const found = of(style);
      if (found !== null) return found;
      style = this.#styles.get(style.parent);
    }
    return null;
  }
}
