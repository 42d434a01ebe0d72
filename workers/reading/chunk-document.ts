import { type Chunking, defaultChunking } from "./chunking.ts";
import type { ParsedDocument, PlacedBlock } from "./parsed-document.ts";
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

/** A sentence that is longer than a chunk is cut at spaces, and a word that is, anywhere between its characters. */
function* cutLong({ text, ruler, size }: Material, unit: Unit): Generator<Unit> {
  let { start } = unit;
  while (ruler.units(start, unit.end) > size) {
    const reach = ruler.reach(start, size);
    const space = text.lastIndexOf(" ", reach);
    const end = space > start + (reach - start) / 2 ? space : betweenCharacters(text, reach);
    yield { start, end };
    start = end;
  }
  yield { start, end: unit.end };
}

function* sentencesOf(material: Material, block: Unit, segmenter: Intl.Segmenter): Generator<Unit> {
  for (const { index, segment } of segmenter.segment(material.text.slice(block.start, block.end))) {
    const start = block.start + index;
    yield* cutLong(material, { start, end: start + segment.length });
  }
}

/** Runs of blocks that stand together, as `isOther` parts them. */
function* runsOf(blocks: PlacedBlock[], isOther: (block: PlacedBlock, run: Run) => boolean): Generator<Run> {
  let run: PlacedBlock[] = [];
  for (const block of blocks) {
    if (run.length > 0 && isOther(block, run as Run)) {
      yield run as Run;
      run = [];
    }
    run.push(block);
  }
  if (run.length > 0) yield run as Run;
}

const otherPage = (block: PlacedBlock, [first]: Run) => first.page !== block.page;

/** A heading with nothing under it joins the next. */
const otherSection = (block: PlacedBlock, run: Run) =>
  otherPage(block, run) ||
  ((run[0].section !== block.section || block.heading) && !run.every(({ heading }) => heading));

/** Sentences that fill chunks, each of which may repeat the end of the one before it. */
function* packed(units: Unit[], { ruler, size, overlap }: Material): Generator<Unit> {
  let from = 0;
  for (let i = 0; i < units.length; i++) {
    const [first, next] = [units[from], units[i + 1]];
    if (!first || !units[i]) return;
    if (next && ruler.units(first.start, next.end) <= size) continue;
    yield { start: first.start, end: (units[i] as Unit).end };
    let back = i + 1;
    const end = (units[i] as Unit).end;
    while (
      next &&
      back - 1 > from &&
      ruler.units((units[back - 1] as Unit).start, end) <= overlap &&
      ruler.units((units[back - 1] as Unit).start, next.end) <= size
    )
      back--;
    from = back;
  }
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
    for (let space = text.lastIndexOf(" ", end - 1); space > start; space = text.lastIndexOf(" ", space - 1)) {
      if (ruler.units(space, end) > overlap) break;
      again = space;
    }
    start = again;
  }
}

function* unitsOf(material: Material, run: Run, strategy: Chunking["strategy"], segmenter: Intl.Segmenter) {
  if (strategy === "fixed") {
    yield* windows(material, { start: run[0].start, end: (run.at(-1) ?? run[0]).end });
    return;
  }
  const sentences = run.flatMap((block) => [...sentencesOf(material, block, segmenter)]);
  yield* packed(sentences, material);
}

/** The section that a place in a run belongs to. */
const sectionAt = (run: Run, place: number) => run.findLast(({ start }) => start <= place)?.section ?? run[0].section;

/**
 * Cuts a document at its own joints: never across pages, by structure neither across headings, and between sentences wherever one
 * fits. The chunks of `fixed` are as long as they may be.
 */
export function chunkDocument({ text, blocks }: ParsedDocument, chunking: Chunking = defaultChunking): Chunk[] {
  const segmenter = new Intl.Segmenter(undefined, { granularity: "sentence" });
  const { strategy, size, overlap } = chunking;
  const material = {
    text,
    ruler: new TokenRuler(text),
    size: size * unitsPerToken,
    overlap: overlap * unitsPerToken,
  };
  const chunks: Chunk[] = [];
  for (const run of runsOf(blocks, strategy === "structure" ? otherSection : otherPage)) {
    for (const { start, end } of unitsOf(material, run, strategy, segmenter)) {
      const piece = text.slice(start, end);
      const trimmed = piece.trim();
      if (!trimmed) continue;
      const from = start + piece.indexOf(trimmed);
      chunks.push({
        ordinal: chunks.length,
        start: from,
        end: from + trimmed.length,
        page: run[0].page,
        section: strategy === "structure" ? (run.at(-1) ?? run[0]).section : sectionAt(run, from),
        text: trimmed,
      });
    }
  }
  return chunks;
}
