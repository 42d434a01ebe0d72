import type { IndexHit } from "../../passages/clone-index.ts";

/** Characters of a joined passage: about three of the usual size, which a reader still takes in as one. */
const longest = 4_000;
/** Between passages that follow each other directly there is a space, or the blank line between two paragraphs. */
const widestGap = 2;

const samePlace = (a: IndexHit, b: IndexHit) =>
  a.documentId === b.documentId && a.page === b.page && a.section === b.section;

/** Whether one begins where the other ends or before, and both together are not too long. */
function adjoin(a: IndexHit, b: IndexHit): boolean {
  if (!samePlace(a, b)) return false;
  const [start, end] = [Math.min(a.start, b.start), Math.max(a.end, b.end)];
  const gap = Math.max(a.start, b.start) - Math.min(a.end, b.end);
  return gap <= widestGap && end - start <= longest;
}

/** Two passages as one, with the better one's score. Its text has every character in its place, so that offsets stay true. */
function joined(a: IndexHit, b: IndexHit): IndexHit {
  const [first, second] = a.start <= b.start ? [a, b] : [b, a];
  const score = Math.max(a.score, b.score);
  if (second.end <= first.end) return { ...first, score };
  const gap = second.start - first.end;
  const between = gap > 1 ? "\n".repeat(gap) : " ".repeat(Math.max(0, gap));
  const text = first.text + between + second.text.slice(Math.max(0, -gap));
  return { ...first, end: second.end, text, score };
}

/** Hits that stand beside each other on a page and under a heading become one passage, where the better of them was. */
export function joinNeighbours(hits: IndexHit[]): IndexHit[] {
  const passages: IndexHit[] = [];
  for (const hit of hits) {
    let grown = hit;
    let place = passages.length;
    // One that closes the gap between two others joins all three.
    for (let i = passages.findIndex((each) => adjoin(each, grown)); i >= 0; ) {
      grown = joined(passages[i] as IndexHit, grown);
      passages.splice(i, 1);
      place = Math.min(place, i);
      i = passages.findIndex((each) => adjoin(each, grown));
    }
    passages.splice(place, 0, grown);
  }
  return passages;
}
