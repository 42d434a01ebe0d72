import { CodeLines, spanLength } from "./markers/code-spans.ts";
import { type Form, formAt, opensForm } from "./markers/marker-forms.ts";

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
 * goes. `quoted` are the parts of this passage that the answer quotes already, and `beside` the passages that are named for the same words.
 */
export type FindQuote = (
  offered: number,
  said: string,
  quoted: readonly Quote[],
  beside?: readonly number[],
) => Quote | null;

/** What an answer that is being continued has cited already. */
export interface Cited {
  offered: number;
  index: number;
  quote: Quote;
}

/** Characters that are kept of what was said: a long sentence and its markers. */
const saidLength = 1_200;
/** What a marker, code or a formula may begin with. */
const special = /[[【［(（〔〖`$\\]/g;
/** As far as is looked ahead from there: further than all bounds of what it may be. */
const furthest = 4_000;
/** Markers of the same words that are held against their passages together. */
const mostTogether = 12;
/** What stands between markers of the same words. */
const separator = /^(?:\s?[,;]?[ \u00a0]?)(?=[[【［(（〔〖])/;
const openSeparator = /^\s?[,;]?[ \u00a0]?$/;

/** Markers that follow each other, as one. */
interface Group {
  length: number;
  /** Each marker's numbers, with what stands before it. */
  markers: { before: string; numbers: number[] }[];
}

/**
 * Turns the markers that a model writes into ones that can be trusted, while its text streams by: `[n]` of an offered passage is
 * renumbered by first appearance of the part that it quotes, and announced by a `cite` piece just before; numbers of nothing, and
 * of passages that do not say what the sentence says, are taken out; `[1, 2]`, `[1-2]` and `【1】` become `[1][2]` and `[1]`. Code, formulas and
 * links are left as they are, and so is all of an answer that nothing was offered to. Markers may be split over deltas at any point.
 */
export class CitationMarkers {
  readonly #offered: ReadonlySet<number>;
  readonly #cited: Cited[];
  readonly #findQuote: FindQuote;
  /** The end of what was given out, to tell what a marker stands behind. */
  #said = "";
  #held = "";
  /** Which lines are code, as far as the text was looked at. */
  readonly #lines = new CodeLines();
  /** The end of the text as the model wrote it. */
  #before = "";
  #pieces: MarkedPiece[] = [];
  #text = "";

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
    if (this.#offered.size === 0) return input === "" ? [] : [{ kind: "text", text: input }];
    this.#pieces = [];
    let at = 0;
    while (at < input.length) {
      const taken = this.#take(input, at, isEnd);
      if (taken === null) break;
      this.#look(input.slice(at, at + taken));
      at += taken;
    }
    this.#held = input.slice(at);
    // A space stays back with what may follow it: where that turns out to be a marker of nothing, both go.
    const isSpaced = !isEnd && this.#text.endsWith(" ");
    if (isSpaced) this.#text = this.#text.slice(0, -1);
    this.#flush();
    if (isSpaced) this.#text = " ";
    return this.#pieces;
  }

  /** Takes what stands at one place of the input, and says how much that was; null where more has to come to tell. */
  #take(input: string, at: number, isEnd: boolean): number | null {
    special.lastIndex = at;
    const next = special.exec(input)?.index ?? input.length;
    if (next > at) {
      this.#text += input.slice(at, next);
      return next - at;
    }
    const rest = input.slice(at, at + furthest);
    const verbatim = (length: number) => {
      this.#text += rest.slice(0, length);
      return length;
    };
    if (this.#lines.isCode) return verbatim(1);
    if (/^\\[\\`$]/.test(rest)) return verbatim(2);
    const span = /^[`$\\]/.test(rest) ? spanLength(rest, isEnd) : 0;
    if (span === null) return null;
    if (span > 0) return verbatim(span);
    if (rest.startsWith("`")) return verbatim(/^`+/.exec(rest)?.[0].length ?? 1);
    if (!opensForm.test(rest.charAt(0))) return verbatim(1);
    const found = this.#groupAt(rest, isEnd);
    if (found === null) return null;
    if (found === 0) return verbatim(1);
    if (!("markers" in found)) return verbatim(found.length);
    this.#write(found);
    return found.length;
  }

  /** The markers that begin `rest`, as far as they follow each other. */
  #groupAt(rest: string, isEnd: boolean): Group | Form | 0 | null {
    const group: Group = { length: 0, markers: [] };
    for (;;) {
      const behind = rest.slice(group.length);
      if (group.markers.length >= mostTogether) return group;
      const before = group.length === 0 ? "" : (separator.exec(behind)?.[0] ?? null);
      if (!isEnd && group.length > 0 && openSeparator.test(behind)) return null;
      if (before === null) return group;
      const line = group.length === 0 ? this.#before.slice(this.#before.lastIndexOf("\n") + 1) : " ";
      const form = formAt(behind.slice(before.length), line, isEnd);
      if (form === null) return null;
      if (form === 0 || form.numbers === null) return group.length > 0 ? group : form;
      group.markers.push({ before, numbers: form.numbers });
      group.length += before.length + form.length;
    }
  }

  /** What was looked at, to tell code and what a marker is glued to. */
  #look(text: string): void {
    this.#lines.push(text);
    this.#before = (this.#before + text).slice(-100);
  }

  #flush(): void {
    if (this.#text) this.#pieces.push({ kind: "text", text: this.#text });
    this.#said = (this.#said + this.#text).slice(-saidLength);
    this.#text = "";
  }

  #write({ markers }: Group): void {
    // Only the end is looked at, for each marker; its space may still go.
    if (this.#text.length > saidLength) {
      const end = this.#text.slice(-1);
      this.#text = this.#text.slice(0, -1);
      this.#flush();
      this.#text = end;
    }
    const named = [...new Set(markers.flatMap(({ numbers }) => numbers))].filter((each) => this.#offered.has(each));
    const said = this.#said + this.#text;
    const written = new Set<number>();
    for (const { before, numbers } of markers) {
      let isFirst = true;
      for (const offered of numbers) {
        const found = named.includes(offered) ? this.#resolve(offered, said, named) : null;
        if (!found || written.has(found.index)) continue;
        if (found.isNew) {
          this.#text += isFirst && written.size > 0 ? before : "";
          this.#flush();
          this.#pieces.push({ kind: "cite", offered, index: found.index, quote: found.quote });
        } else if (isFirst && written.size > 0) this.#text += before;
        isFirst = false;
        written.add(found.index);
        this.#text += `[${found.index}]`;
      }
    }
    if (written.size === 0 && this.#text.endsWith(" ")) this.#text = this.#text.slice(0, -1);
  }

  #resolve(offered: number, said: string, named: readonly number[]): (Cited & { isNew: boolean }) | null {
    const known = this.#cited.filter((each) => each.offered === offered);
    const quotes = known.map((each) => each.quote);
    const quote = this.#findQuote(
      offered,
      said,
      quotes,
      named.filter((each) => each !== offered),
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
