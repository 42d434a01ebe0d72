import { type Chunking, defaultChunking } from "./chunking.ts";
import type { ParsedDocument, PlacedBlock } from "./parsed-document.ts";
import { Sentences } from "./sentences.ts";
import { TokenRuler, unitsPerToken } from "./token-ruler.ts";

/** A piece of a document that is found and cited: exactly `text.slice(start, end)` of the document's text. */
export interface Chunk {
  ordinal: number;
  start: number;
  end: number;
  page: number | null;
  section: string | null;
  text: string;
}

interface Unit {
  start: number;
  end: number;
}

type Run = [PlacedBlock, ...PlacedBlock[]];

/** A text, and how long its parts and chunks are, in units of the ruler. */
interface Material {
  text: string;
  ruler: TokenRuler;
  size: number;
  overlap: number;
}

/** The place, or the one before it where a character of two units would be cut in half. */
const betweenCharacters = (text: string, at: number) => ((text.codePointAt(at - 1) ?? 0) > 0xffff ? at - 1 : at);

/** The last space between two places, the latter among them; -1 where there is none. Nothing before `from` is looked at. */
function lastSpace(text: string, from: number, to: number): number {
  const space = text.slice(from, to + 1).lastIndexOf(" ");
  return space < 0 ? -1 : from + space;
}

/** A sentence that is longer than a chunk is cut at spaces, and a word that is, anywhere between its characters. */
function* cutLong({ text, ruler, size }: Material, unit: Unit): Generator<Unit> {
  let { start } = unit;
  while (ruler.units(start, unit.end) > size) {
    const reach = ruler.reach(start, size);
    const space = lastSpace(text, start + Math.floor((reach - start) / 2) + 1, reach);
    const end = space >= 0 ? space : betweenCharacters(text, reach);
    yield { start, end };
    start = end;
  }
  yield { start, end: unit.end };
}

/** The rows of a table: all of a block that fits, as it says first what its cells are, else row by row. */
function* rowsOf({ text, ruler, size }: Material, { start, end }: Unit): Generator<Unit> {
  if (ruler.units(start, end) <= size) {
    yield { start, end };
    return;
  }
  for (let from = start; from < end; ) {
    const at = text.indexOf("\n", from);
    const to = at < 0 || at >= end ? end : at + 1;
    yield { start: from, end: to };
    from = to;
  }
}

function* sentencesOf(material: Material, run: Run, sentences: Sentences): Generator<Unit> {
  for (const block of run)
    for (const sentence of block.table ? rowsOf(material, block) : sentences.of(block))
      yield* cutLong(material, sentence);
}

/** Runs of blocks that stand together: on one page, and by structure in one section, where a heading with nothing under it joins the next. */
function* runsOf(blocks: PlacedBlock[], strategy: Chunking["strategy"]): Generator<Run> {
  let run: PlacedBlock[] = [];
  let isHeadings = true;
  for (const block of blocks) {
    const [first] = run;
    const isOtherSection = strategy === "structure" && (first?.section !== block.section || block.heading);
    if (first && (first.page !== block.page || (isOtherSection && !isHeadings))) {
      yield run as Run;
      run = [];
      isHeadings = true;
    }
    run.push(block);
    isHeadings &&= block.heading;
  }
  if (run.length > 0) yield run as Run;
}

/** Sentences that fill chunks, each of which may repeat the end of the one before it. Only those of one chunk are held. */
function* packed(units: Iterable<Unit>, { ruler, size, overlap }: Material): Generator<Unit> {
  let chunk: Unit[] = [];
  for (const next of units) {
    const [first, last] = [chunk[0], chunk.at(-1)];
    if (first && last && ruler.units(first.start, next.end) > size) {
      yield { start: first.start, end: last.end };
      let back = chunk.length;
      while (
        back > 1 &&
        ruler.units((chunk[back - 1] as Unit).start, last.end) <= overlap &&
        ruler.units((chunk[back - 1] as Unit).start, next.end) <= size
      )
        back--;
      chunk = chunk.slice(back);
    }
    chunk.push(next);
  }
  const [first, last] = [chunk[0], chunk.at(-1)];
  if (first && last) yield { start: first.start, end: last.end };
}

/** Windows of one size over a run, whatever is written there; only words stay whole. */
function* windows(material: Material, run: Unit): Generator<Unit> {
  const { text, ruler, overlap } = material;
  let { start } = run;
  for (;;) {
    const [first] = cutLong(material, { start, end: run.end });
    const end = first?.end ?? run.end;
    yield { start, end };
    if (end >= run.end) return;
    // As much of the end again as the overlap allows, from the beginning of a word.
    let again = end;
    for (let space = lastSpace(text, start, end - 1); space > start; space = lastSpace(text, start, space - 1)) {
      if (ruler.units(space, end) > overlap) break;
      again = space;
    }
    start = again;
  }
}

function* unitsOf(material: Material, run: Run, strategy: Chunking["strategy"], sentences: Sentences) {
  if (strategy === "fixed") {
    yield* windows(material, { start: run[0].start, end: (run.at(-1) ?? run[0]).end });
    return;
  }
  yield* packed(sentencesOf(material, run, sentences), material);
}

/** The section that each place in a run belongs to, for places in their order. */
function sectionsOf(run: Run): (place: number) => string | null {
  let i = 0;
  return (place) => {
    while ((run[i + 1]?.start ?? Number.POSITIVE_INFINITY) <= place) i++;
    return run[i]?.section ?? run[0].section;
  };
}

/**
 * Cuts a document at its own joints, chunk by chunk: never across pages, by structure neither across headings, and between sentences
 * wherever one fits. The chunks of `fixed` are as long as they may be.
 */
export function* chunksOf(
  { text, blocks }: Pick<ParsedDocument, "text" | "blocks">,
  chunking: Chunking = defaultChunking,
): Generator<Chunk> {
  const sentences = new Sentences(text);
  const { strategy, size, overlap } = chunking;
  const material = {
    text,
    ruler: new TokenRuler(text),
    size: size * unitsPerToken,
    overlap: overlap * unitsPerToken,
  };
  let ordinal = 0;
  for (const run of runsOf(blocks, strategy)) {
    const sectionAt = sectionsOf(run);
    for (const { start, end } of unitsOf(material, run, strategy, sentences)) {
      const piece = text.slice(start, end);
      const trimmed = piece.trim();
      if (!trimmed) continue;
      const from = start + piece.indexOf(trimmed);
      yield {
        ordinal: ordinal++,
        start: from,
        end: from + trimmed.length,
        page: run[0].page,
        section: strategy === "structure" ? (run.at(-1) ?? run[0]).section : sectionAt(from),
        text: trimmed,
      };
    }
  }
}

/** All chunks of a document at once: see `chunksOf`. */
export const chunkDocument = (
  document: Pick<ParsedDocument, "text" | "blocks">,
  chunking: Chunking = defaultChunking,
): Chunk[] => [...chunksOf(document, chunking)];
