/** What the filter gives out, in the order in which it must be stored and shown. */
export type MarkedPiece = { kind: "text"; text: string } | { kind: "cite"; offered: number; index: number };

const opening = /[[【]/;
/** A marker that may still be going on: `[`, `[1`, `[1, 2`, `【3†source`. */
const unfinished = /^(?:\[\s*(?:\d{1,3}\s*(?:[,;]\s*(?:\d{1,3}\s*)?)*)?|【\s*\d{0,3}[^】\n]{0,40})$/;
const complete = /^(?:\[\s*(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\s*\]|【\s*(\d{1,3})[^】\n]{0,40}】)/;

/**
 * Turns the markers that a model writes into ones that can be trusted, while its text streams by: `[n]` of an offered passage is
 * renumbered by first appearance and announced by a `cite` piece just before; numbers of nothing are taken out; `[1, 2]` and
 * `【1】` become `[1][2]` and `[1]`. Code is left as it is. Markers may be split over deltas at any point.
 */
export class CitationMarkers {
  readonly #offered: ReadonlySet<number>;
  readonly #indexOf: Map<number, number>;
  #held = "";
  #ticks = 0;
  /** Length of the run of backticks that opened the code we are in; 0 outside. */
  #code = 0;

  /** `cited` holds what an answer that is being continued has cited already: offered number to index. */
  constructor(offered: Iterable<number>, cited: ReadonlyMap<number, number> = new Map()) {
    this.#offered = new Set(offered);
    this.#indexOf = new Map(cited);
  }

  /** The pieces that are certain after `delta`. */
  push(delta: string): MarkedPiece[] {
    return this.#scan(this.#held + delta, false);
  }

  /** The rest, when the text has ended. */
  end(): MarkedPiece[] {
    return this.#scan(this.#held, true);
  }

  #scan(input: string, isEnd: boolean): MarkedPiece[] {
    const pieces: MarkedPiece[] = [];
    let text = "";
    const flush = () => {
      if (text) pieces.push({ kind: "text", text });
      text = "";
    };
    let at = 0;
    this.#held = "";
    while (at < input.length) {
      const character = input.charAt(at);
      this.#trackCode(character);
      if (this.#code > 0 || !opening.test(character)) {
        text += character;
        at++;
        continue;
      }
      const rest = input.slice(at);
      const match = complete.exec(rest);
      if (!match && !isEnd && unfinished.test(rest)) {
        this.#held = rest;
        break;
      }
      if (!match) {
        text += character;
        at++;
        continue;
      }
      at += match[0].length;
      const resolved = (match[1] ?? match[2] ?? "").split(/[,;]/).map((part) => this.#resolve(Number(part)));
      if (resolved.every((each) => each === null)) text = text.replace(/ $/, "");
      for (const found of resolved) {
        if (!found) continue;
        if (found.isNew) {
          flush();
          pieces.push({ kind: "cite", offered: found.offered, index: found.index });
        }
        text += `[${found.index}]`;
      }
    }
    // A space stays back with what may follow it: where that turns out to be a marker of nothing, both go.
    if (!isEnd && text.endsWith(" ")) {
      this.#held = ` ${this.#held}`;
      text = text.slice(0, -1);
    }
    flush();
    return pieces;
  }

  #trackCode(character: string): void {
    if (character === "`") {
      this.#ticks++;
      return;
    }
    if (this.#ticks === 0) return;
    if (this.#code === 0) this.#code = this.#ticks;
    else if (this.#ticks >= this.#code) this.#code = 0;
    this.#ticks = 0;
  }

  #resolve(offered: number): { offered: number; index: number; isNew: boolean } | null {
    const known = this.#indexOf.get(offered);
    if (known !== undefined) return { offered, index: known, isNew: false };
    if (!this.#offered.has(offered)) return null;
    const index = Math.max(0, ...this.#indexOf.values()) + 1;
    this.#indexOf.set(offered, index);
    return { offered, index, isNew: true };
  }
}
