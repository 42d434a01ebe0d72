/** What is on a page beside its text: the area that its pictures cover, in square points, and the curves that are drawn. */
export interface PageDrawing {
  pictured: number;
  curves: number;
}

/** Of the page that is read at the moment; one document is read at a time (see `pdf-bounds.ts`). */
let drawing: PageDrawing = { pictured: 0, curves: 0 };

/** Called by pdf.js for every picture that it passes while it looks for text, with what makes points of the picture points of the page. */
export function pictureDrawn([a = 0, b = 0, c = 0, d = 0]: number[]): void {
  drawing.pictured += Math.abs(a * d - b * c);
}

const endInlineImage = 65;
const curveTo = [15, 16, 17];

/** Called by pdf.js for every operator of a page that it passes while it looks for text. */
export function operatorPassed(operator: number, matrix: number[]): void {
  if (curveTo.includes(operator)) drawing.curves++;
  if (operator === endInlineImage) pictureDrawn(matrix);
}

/** What was drawn since this was asked last. */
export function takeDrawing(): PageDrawing {
  const taken = drawing;
  drawing = { pictured: 0, curves: 0 };
  return taken;
}
