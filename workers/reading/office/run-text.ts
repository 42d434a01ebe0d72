import { lowered, raised } from "../raised-text.ts";

/** Where a piece of text stands: on the line, above it or below it. */
export type Align = "raised" | "lowered" | null;

/** The text of a paragraph, which is added up of pieces; those above or below the line are set apart from what they stand behind. */
export class RunText {
  #text = "";
  #pending = "";
  #align: Align = null;

  add(text: string, align: Align = null): void {
    if (align !== this.#align) this.#settle();
    this.#align = align;
    if (align === null) this.#text += text;
    else this.#pending += text;
  }

  get text(): string {
    this.#settle();
    return this.#text;
  }

  get length(): number {
    this.#settle();
    return this.#text.length;
  }

  get isEmpty(): boolean {
    return this.#text === "" && this.#pending === "";
  }

  /** What was added since the text was `length` long. */
  since(length: number): string {
    return this.text.slice(length);
  }

  #settle(): void {
    if (this.#align === null) return;
    // Only what stands right before it matters.
    const before = this.#text.slice(-2);
    this.#text += this.#align === "raised" ? raised(this.#pending, before) : lowered(this.#pending, before);
    this.#pending = "";
    this.#align = null;
  }
}
