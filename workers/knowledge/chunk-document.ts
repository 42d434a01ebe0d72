import type { ParsedDocument, PlacedBlock } from "./parsing/parsed-document.ts";

/** A piece of a document that is found and cited: exactly `text.slice(start, end)` of the document's text. */
export interface Chunk {
  ordinal: number;
  start: number;
  end: number;
  page: number | null;
  section: string | null;
  text: string;
}

export interface ChunkSizes {
  /** Characters of a chunk, about. */
  size: number;
  /** Characters that a chunk may repeat of the one before it, in whole sentences. */
  overlap: number;
}

export const defaultChunkSizes: ChunkSizes = { size: 900, overlap: 200 };

interface Unit {
  start: number;
  end: number;
}

/** The place, or the one before it where a character of two units would be cut in half. */
const betweenCharacters = (text: string, at: number) => ((text.codePointAt(at - 1) ?? 0) > 0xffff ? at - 1 : at);

/** A sentence that is longer than a chunk is cut at spaces, and a word that is, anywhere between its characters. */
function* cutLong(text: string, unit: Unit, size: number): Generator<Unit> {
  let { start } = unit;
  while (unit.end - start > size) {
    const space = text.lastIndexOf(" ", start + size);
    const end = space > start + size / 2 ? space : betweenCharacters(text, start + size);
    yield { start, end };
    start = end;
  }
  yield { start, end: unit.end };
}

function* sentencesOf(text: string, block: Unit, size: number, segmenter: Intl.Segmenter): Generator<Unit> {
  for (const { index, segment } of segmenter.segment(text.slice(block.start, block.end))) {
    const start = block.start + index;
    yield* cutLong(text, { start, end: start + segment.length }, size);
  }
}

/** Runs of blocks that may share a chunk: of one page and under one heading. A heading with nothing under it joins the next. */
function* runsOf(blocks: PlacedBlock[]): Generator<[PlacedBlock, ...PlacedBlock[]]> {
  let run: PlacedBlock[] = [];
  for (const block of blocks) {
    const first = run[0];
    const isOther = first && (first.section !== block.section || block.heading) && !run.every(({ heading }) => heading);
    if (first && (first.page !== block.page || isOther)) {
      yield run as [PlacedBlock, ...PlacedBlock[]];
      run = [];
    }
    run.push(block);
  }
  if (run.length > 0) yield run as [PlacedBlock, ...PlacedBlock[]];
}

/** Cuts a document at its own joints: never across pages or headings, between sentences wherever one fits. */
export function chunkDocument(
  { text, blocks }: ParsedDocument,
  { size, overlap }: ChunkSizes = defaultChunkSizes,
): Chunk[] {
  const segmenter = new Intl.Segmenter(undefined, { granularity: "sentence" });
  const chunks: Chunk[] = [];
  for (const run of runsOf(blocks)) {
    const units = run.flatMap((block) => [...sentencesOf(text, block, size, segmenter)]);
    for (const { start, end } of packed(units, size, overlap)) {
      const piece = text.slice(start, end);
      const trimmed = piece.trim();
      if (!trimmed) continue;
      const from = start + piece.indexOf(trimmed);
      chunks.push({
        ordinal: chunks.length,
        start: from,
        end: from + trimmed.length,
        page: run[0].page,
        section: (run.at(-1) ?? run[0]).section,
        text: trimmed,
      });
    }
  }
  return chunks;
}

function* packed(units: Unit[], size: number, overlap: number): Generator<Unit> {
  let from = 0;
  for (let i = 0; i < units.length; i++) {
    const [first, next] = [units[from], units[i + 1]];
    if (!first || !units[i]) return;
    if (next && next.end - first.start <= size) continue;
    yield { start: first.start, end: (units[i] as Unit).end };
    let back = i + 1;
    const end = (units[i] as Unit).end;
    while (
      next &&
      back - 1 > from &&
      end - (units[back - 1] as Unit).start <= overlap &&
      next.end - (units[back - 1] as Unit).start <= size
    )
      back--;
    from = back;
  }
}
