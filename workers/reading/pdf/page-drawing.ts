/** What is on a page beside its text: the pixels of its pictures, and the curves that are drawn. */
export interface PageDrawing {
  pixels: number;
  curves: number;
}

/** Of the page that is read at the moment; one document is read at a time (see `pdf-bounds.ts`). */
let drawing: PageDrawing = { pixels: 0, curves: 0 };

interface Entries {
  get(name: string, other?: string): unknown;
}

/** Called by pdf.js with the entries of every picture that it passes while it looks for text. */
export function pictureDrawn(entries: Entries): void {
  const [width, height] = [entries.get("W", "Width"), entries.get("H", "Height")];
  if (typeof width === "number" && typeof height === "number") drawing.pixels += width * height;
}

const endInlineImage = 65;
const curveTo = [15, 16, 17];

/** Called by pdf.js for every operator of a page that it passes while it looks for text. */
export function operatorPassed(operator: number, operands: unknown): void {
  if (curveTo.includes(operator)) drawing.curves++;
  if (operator !== endInlineImage) return;
  const entries = (operands as { dict?: Entries }[] | null)?.[0]?.dict;
  if (entries) pictureDrawn(entries);
}

/** What was drawn since this was asked last. */
export function takeDrawing(): PageDrawing {
  const taken = drawing;
  drawing = { pixels: 0, curves: 0 };
  return taken;
}
