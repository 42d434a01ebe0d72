import { MathText } from "../markup/math-text.ts";
import { localName, type XmlReader } from "../markup/read-xml.ts";
import { DrawingText } from "./drawing-text.ts";
import type { Relations } from "./office-relations.ts";
import { pictureText } from "./picture-text.ts";

/** A text or table of a drawing, or a chart by its relation, in the order of the file. */
export type DrawingPart = { text: string; isTitle: boolean } | { rows: string[][]; heads: number } | { chart: string };

/** Placeholders for what stands on every slide, or repeats the slide itself. */
const repeated = /^(?:sldNum|dt|sldImg)$/;
const running = /^(?:ftr|hdr)$/;
const shapes = new Set(["sp", "pt", "txBody"]);

/** Reads the DrawingML of a slide, of its notes, of a sheet's drawings, or of a diagram. */
export class DrawingReader implements XmlReader {
  readonly parts: DrawingPart[] = [];
  /** What stands at the head and foot of every slide. */
  readonly running: string[] = [];
  /** Whether the slide is left out when it is shown. */
  isHidden = false;
  /** Pictures that nothing describes, and files of other programs. */
  readonly unread = { picture: 0, object: 0 };
  readonly #relations: Pick<Relations, "address">;
  readonly #text: DrawingText;
  #skipping = 0;
  #placeholder = "";
  #rows: string[][] | null = null;
  #heads = 0;
  /** The cell that is open goes on one above it. */
  #goesOn = false;
  #isPicture = false;
  #math: MathText | null = null;

  constructor(relations: Pick<Relations, "address">) {
    this.#relations = relations;
    this.#text = new DrawingText();
  }

  open(qualified: string, attributes: Record<string, string>): void {
    if (this.#skipping > 0 || qualified === "mc:Fallback") this.#skipping++;
    else if (this.#math || qualified === "m:oMath") {
      this.#math ??= new MathText();
      this.#math.open(localName(qualified), attributes);
    } else if (qualified.startsWith("a:")) this.#openText(qualified, attributes);
    else this.#openShape(qualified, attributes);
  }

  close(qualified: string): void {
    if (this.#skipping > 0) this.#skipping--;
    else if (this.#math) {
      const said = this.#math.close();
      if (said === null) return;
      this.#math = null;
      this.#text.addFormula(said);
    } else if (qualified === "a:tc") this.#closeCell();
    else if (qualified === "a:tbl") {
      if (this.#rows) this.parts.push({ rows: this.#rows, heads: this.#heads });
      this.#rows = null;
    } else if (qualified.startsWith("a:")) this.#text.close(qualified);
    else if (shapes.has(localName(qualified)) && !this.#rows) this.#closeShape();
    else if (localName(qualified) === "pic") this.#isPicture = false;
  }

  text(text: string): void {
    if (this.#skipping > 0) return;
    if (this.#math) this.#math.text(text);
    else this.#text.text(text);
  }

  #openText(name: string, attributes: Record<string, string>): void {
    if (name === "a:tbl") [this.#rows, this.#heads] = [[], 0];
    else if (name === "a:tblPr") this.#heads = /^(?:1|true)$/.test(attributes.firstRow ?? "") ? 1 : 0;
    else if (name === "a:tr") this.#rows?.push([]);
    else if (name === "a:tc") this.#goesOn = /^(?:1|true)$/.test(attributes.vMerge ?? "");
    else if (name === "a:hlinkClick") this.#text.link(this.#relations.address(attributes["r:id"]));
    else this.#text.open(name, attributes);
  }

  #openShape(qualified: string, attributes: Record<string, string>): void {
    const name = localName(qualified);
    if (name === "sld") this.isHidden = /^(?:0|false)$/.test(attributes.show ?? "");
    else if (name === "sp") this.#placeholder = "";
    else if (name === "ph") this.#placeholder = attributes.type ?? "body";
    else if (name === "pic") this.#isPicture = true;
    else if (name === "cNvPr") this.#describe(attributes);
    else if (name === "oleObj") this.unread.object++;
    else if (qualified === "c:chart" || qualified === "cx:chart") this.parts.push({ chart: attributes["r:id"] ?? "" });
  }

  #describe({ descr, title }: Record<string, string>): void {
    const said = pictureText(descr || title);
    if (said) this.parts.push({ text: `Picture: ${said}`, isTitle: false });
    else if (this.#isPicture) this.unread.picture++;
  }

  #closeCell(): void {
    const text = this.#text.take();
    const row = this.#rows?.at(-1);
    const above = this.#goesOn ? this.#rows?.at(-2)?.[row?.length ?? 0] : undefined;
    row?.push(text || (above ?? ""));
  }

  #closeShape(): void {
    const text = this.#text.take();
    if (!text || repeated.test(this.#placeholder)) return;
    if (running.test(this.#placeholder)) this.running.push(text);
    else this.parts.push({ text, isTitle: /^(?:title|ctrTitle)$/.test(this.#placeholder) });
  }
}
