/** A part of an offered passage, by its place in it: what is quoted. */
export interface Quote {
  start: number;
  end: number;
}

/** What the filter gives out, in the order in which it must be stored and shown. */
export type MarkedPiece =
  | { kind: "text"; text: string }
  | { kind: "cite"; offered: number; index: number; quote: Quote };

/**
 * Finds the part of an offered passage that supports what was said just before a marker; null where there is none, and the marker
 * goes. `quoted` are the parts of this passage that the answer quotes already.
 */
export type FindQuote = (offered: number, said: string, quoted: readonly Quote[]) => Quote | null;

/** What an answer that is being continued has cited already. */
export interface Cited {
  offered: number;
  index: number;
  quote: Quote;
}

const opening = /[[【]/;
/** A marker that may still be going on: `[`, `[1`, `[1, 2`, `【3†source`. */
const unfinished = /^(?:\[\s*(?:\d{1,3}\s*(?:[,;]\s*(?:\d{1,3}\s*)?)*)?|【\s*\d{0,3}[^】\n]{0,40})$/;
const complete = /^(?:\[\s*(\d{1,3}(?:\s*[,;]\s*\d{1,3})*)\s*\]|【\s*(\d{1,3})[^】\n]{0,40}】)/;

/** Longer than any list of markers, in characters. */
const longestMarker = 200;
/** Characters that are kept of what was said: a long sentence and its markers. */
const saidLength = 1_200;

/**
 * Turns the markers that a model writes into ones that can be trusted, while its text streams by: `[n]` of an offered passage is
 * renumbered by first appearance of the part that it quotes, and announced by a `cite` piece just before; numbers of nothing, and
 * of passages that do not say what the sentence says, are taken out; `[1, 2]` and `【1】` become `[1][2]` and `[1]`. Code is left as it is. Markers may be split over deltas at any point.
 */
export class CitationMarkers {
  readonly #offered: ReadonlySet<number>;
  readonly #cited: Cited[];
  readonly #findQuote: FindQuote;
  /** The end of what was given out, to tell what a marker stands behind. */
  #said = "";
  #held = "";
  #ticks = 0;
  /** Length of the run of backticks that opened the code we are in; 0 outside. */
  #code = 0;

  constructor(offered: Iterable<number>, findQuote: FindQuote, cited: readonly Cited[] = []) {
    this.#offered = new Set(offered);
    this.#findQuote = findQuote;
    this.#cited = [...cited];
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
      this.#said = (this.#said + text).slice(-saidLength);
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
      const rest = input.slice(at, at + longestMarker);
      const match = complete.exec(rest);
      if (!match && !isEnd && rest.length < longestMarker && unfinished.test(rest)) {
        this.#held = rest;
        break;
      }
      if (!match) {
        text += character;
        at++;
        continue;
      }
      at += match[0].length;
      // Only the end is looked at, for each marker; its space may still go.
      if (text.length > saidLength) {
        const end = text.slice(-1);
        text = text.slice(0, -1);
        flush();
        text = end;
      }
      const resolved = (match[1] ?? match[2] ?? "").split(/[,;]/).map((part) => this.#resolve(Number(part), text));
      if (resolved.every((each) => each === null)) text = text.endsWith(" ") ? text.slice(0, -1) : text;
      for (const found of resolved) {
        if (!found) continue;
        if (found.isNew) {
          flush();
          pieces.push({ kind: "cite", offered: found.offered, index: found.index, quote: found.quote });
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

  #resolve(offered: number, pending: string): (Cited & { isNew: boolean }) | null {
    if (!this.#offered.has(offered)) return null;
    const known = this.#cited.filter((each) => each.offered === offered);
    const quote = this.#findQuote(
      offered,
      this.#said + pending,
      known.map((each) => each.quote),
    );
    if (!quote) return null;
    const same = known.find((each) => each.quote.start === quote.start && each.quote.end === quote.end);
    if (same) return { ...same, isNew: false };
    const index = Math.max(0, ...this.#cited.map((each) => each.index)) + 1;
    const cited = { offered, index, quote };
    this.#cited.push(cited);
    return { ...cited, isNew: true };
  }
}
