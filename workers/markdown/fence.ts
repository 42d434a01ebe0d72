/** A block of code between two lines of backticks or tildes. */
export interface Fence {
  sign: string;
  length: number;
  /** The column of the opening line, and from which the text around it counts. */
  base: number;
}

const opening = /^(?:(`{3,})[^`]*|(~{3,}).*)$/;
const closing = /^(`{3,}|~{3,})[ \t]*$/;

/** The fence that a line's text opens at `column`; null where it opens none. */
export function fenceIn(text: string, column: number, base: number): Fence | null {
  const found = column - base < 4 && opening.exec(text);
  const run = found && (found[1] ?? found[2]);
  return run ? { sign: run.charAt(0), length: run.length, base } : null;
}

/** Whether a line's text at `column` ends the fence. */
export function closesFence({ sign, length, base }: Fence, text: string, column: number): boolean {
  const run = column - base < 4 ? (closing.exec(text)?.[1] ?? "") : "";
  return run.charAt(0) === sign && run.length >= length;
}
