import type { Reading } from "../reading.ts";

const kinds = {
  picture: ["picture", "Nothing says in words what is on it."],
  object: ["embedded object", "It is a file of another program."],
  formula: [
    "formula",
    "The file does not hold its result. Open it in a spreadsheet program, save it there, and upload it again.",
  ],
  sheet: ["hidden sheet", "It is hidden."],
  slide: ["hidden slide", "It is hidden."],
  end: ["end of the file", "It may be missing. Save the file anew and upload it again."],
  part: ["inserted document", "It could not be read."],
} as const;

/** Counts what an office document holds and no reader reads. */
export class LeftOut {
  readonly #counts = new Map<keyof typeof kinds, number>();

  count(kind: keyof typeof kinds, more = 1): void {
    if (more > 0) this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + more);
  }

  /** Has it said on the document. */
  tell(reading: Pick<Reading, "leaveOut">): void {
    for (const [kind, count] of this.#counts) {
      const [name, reason] = kinds[kind];
      reading.leaveOut(count === 1 ? `1 ${name}` : `${count} ${name}s`, reason);
    }
  }
}
