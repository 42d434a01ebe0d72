import { localName, type XmlReader } from "../markup/read-xml.ts";

/** A text or table of a slide, in the order of the file. */
export type SlidePart = { text: string; isTitle: boolean } | { rows: string[][] };

/** Placeholders for what stands on every slide, or repeats the slide itself. */
const repeated = /^(?:sldNum|dt|ftr|hdr|sldImg)$/;

/** Reads the DrawingML of a slide, of its notes, or of a diagram. */
export class SlideReader implements XmlReader {
  readonly parts: SlidePart[] = [];
  /** Whether the slide is left out when it is shown. */
  isHidden = false;
  #skipping = 0;
  #placeholder = "";
  #lines: string[] = [];
  #line: string | null = null;
  #inText = false;
  #rows: string[][] | null = null;

  open(qualified: string, attributes: Record<string, string>): void {
    if (this.#skipping > 0 || qualified === "mc:Fallback") {
      this.#skipping++;
      return;
    }
    const name = localName(qualified);
    if (name === "sld") this.isHidden = /^(?:0|false)$/.test(attributes.show ?? "");
    else if (name === "sp") this.#placeholder = "";
    else if (name === "ph") this.#placeholder = attributes.type ?? "body";
    else if (qualified === "a:tbl") this.#rows = [];
    else if (qualified === "a:tr") this.#rows?.push([]);
    else if (qualified === "a:p") this.#line = "";
    else if (qualified === "a:t") this.#inText = true;
    else if (qualified === "a:br" && this.#line !== null) this.#line += "\n";
  }

  close(qualified: string): void {
    if (this.#skipping > 0) {
      this.#skipping--;
      return;
    }
    if (qualified === "a:t") this.#inText = false;
    else if (qualified === "a:p") this.#closeLine();
    else if (qualified === "a:tc") this.#rows?.at(-1)?.push(this.#take());
    else if (qualified === "a:tbl") this.#closeTable();
    else if (/^(?:sp|pt|txBody)$/.test(localName(qualified)) && !this.#rows) this.#closeShape();
  }

  text(text: string): void {
    if (this.#inText && this.#line !== null) this.#line += text;
  }

  #closeLine(): void {
    if (this.#line?.trim()) this.#lines.push(this.#line.trim());
    this.#line = null;
  }

  #take(): string {
    const text = this.#lines.join("\n");
    this.#lines = [];
    return text;
  }

  #closeShape(): void {
    const text = this.#take();
    if (text && !repeated.test(this.#placeholder))
      this.parts.push({ text, isTitle: /^(?:title|ctrTitle)$/.test(this.#placeholder) });
  }

  #closeTable(): void {
    if (this.#rows) this.parts.push({ rows: this.#rows });
    this.#rows = null;
  }
}
