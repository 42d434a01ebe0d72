import type { ReadingBudget } from "../budget.ts";

/** What the styles of an OpenDocument file say about its text. */
export class OdfStyles {
  readonly #parents = new Map<string, string>();
  readonly #hiddenTables = new Set<string>();
  readonly #budget: ReadingBudget;
  #current = "";

  constructor(budget: ReadingBudget) {
    this.#budget = budget;
  }

  /** Takes note of an element of the styles. */
  open(name: string, attributes: Record<string, string>): void {
    if (name === "style:style") {
      this.#budget.keep();
      this.#current = attributes["style:name"] ?? "";
      this.#parents.set(this.#current, attributes["style:parent-style-name"] ?? "");
    } else if (name === "style:table-properties" && attributes["table:display"] === "false") {
      this.#hiddenTables.add(this.#current);
    }
  }

  isTitle(style: string | undefined): boolean {
    return style === "Title" || (style !== undefined && this.#parents.get(style) === "Title");
  }

  hidesTable(style: string | undefined): boolean {
    return style !== undefined && this.#hiddenTables.has(style);
  }
}
