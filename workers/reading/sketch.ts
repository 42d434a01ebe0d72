import { cutText } from "../text/cut-text.ts";

/** Characters of a shingle, spaces and punctuation aside: long enough that two texts share one only where they share words. */
const shingleLength = 20;
const bins = 128;
/** By chance two bins hold the same byte. */
const chance = 1 / 256;
/** Texts with less than this are too short to be compared. */
const shortest = 200;

/** Characters that are looked at once. */
const pieceLength = 64 * 1024;

const base = 0x01000193;

/** `base` to the power of `shingleLength`: what a character counts when it leaves the window. */
const leaving = Array.from({ length: shingleLength }).reduce((power: number) => Math.imul(power, base), 1);

/** Spreads the bits of a 32-bit hash (the finalizer of MurmurHash3). */
function mixed(hash: number): number {
  let h = hash ^ (hash >>> 16);
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Letters and digits of a text in lower case, piece by piece. */
function* lettersOf(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const piece = cutText(text.slice(from, from + pieceLength + 1), pieceLength);
    yield piece.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
    from += piece.length;
  }
}

/** The least hash of the shingles in each bin (one-permutation MinHash, Li, Owen and Zhang 2012); an empty bin takes its right neighbour's. */
function leastHashes(pieces: Iterable<string>): { least: Uint32Array; length: number } {
  const least = new Uint32Array(bins).fill(0xffffffff);
  /** The last characters, each at its place's remainder. */
  const window = new Uint16Array(shingleLength);
  let [rolling, length] = [0, 0];
  for (const piece of pieces) {
    for (let i = 0; i < piece.length; i++, length++) {
      const code = piece.charCodeAt(i);
      const at = length % shingleLength;
      rolling = (Math.imul(rolling, base) + code) | 0;
      if (length >= shingleLength) rolling = (rolling - Math.imul(window[at] ?? 0, leaving)) | 0;
      window[at] = code;
      if (length < shingleLength - 1) continue;
      const hash = mixed(rolling);
      const bin = hash >>> 25;
      const value = hash & 0x1ffffff;
      if (value < (least[bin] ?? 0)) least[bin] = value;
    }
  }
  const isEmpty = [...least].map((value) => value === 0xffffffff);
  for (let bin = 0; bin < bins; bin++) {
    let from = bin;
    while (isEmpty[from % bins] && from < bin + bins) from++;
    least[bin] = least[from % bins] ?? 0;
  }
  return { least, length };
}

/**
 * What a text says in 128 bytes, as base64: the share of bytes that two sketches have in common tells how much of two texts is
 * the same, wherever it stands. Null for a text that is too short to tell. Linear in the text.
 */
export function sketchOf(text: string): string | null {
  const { least, length } = leastHashes(lettersOf(text));
  if (length < shortest) return null;
  const bytes = Uint8Array.from(least, (value) => mixed(value) & 0xff);
  return btoa(String.fromCharCode(...bytes));
}

/** How much of two texts is the same, 0 to 1 (their Jaccard similarity, give or take 0.05), by their sketches. */
export function likeness(a: string, b: string): number {
  const [x, y] = [atob(a), atob(b)];
  let same = 0;
  for (let i = 0; i < bins; i++) if (x[i] === y[i]) same++;
  return Math.max(0, (same / bins - chance) / (1 - chance));
}

export interface Sketched {
  id: string;
  sketch: string;
}

/** Bytes that two sketches must have in common at one place at least to be looked at: of alike ones hardly a pair is missed. */
const bandLength = 4;

/** All pairs of texts that are alike by at least `least`, the most alike first. */
export function alikePairs(sketches: Sketched[], least: number): { a: string; b: string; similarity: number }[] {
  const pairs = new Map<string, { a: string; b: string; similarity: number }>();
  const decoded = sketches.map(({ id, sketch }) => ({ id, sketch, bytes: atob(sketch) }));
  for (let from = 0; from < bins; from += bandLength) {
    const byBand = new Map<string, typeof decoded>();
    for (const each of decoded) {
      const band = each.bytes.slice(from, from + bandLength);
      const others = byBand.get(band);
      if (!others) byBand.set(band, [each]);
      // Of very many copies, each is paired with the first.
      else if (others.push(each) <= 50) continue;
    }
    for (const group of byBand.values())
      for (const [i, first] of group.entries())
        for (const second of group.slice(i + 1, i === 0 ? undefined : 50)) {
          const key = `${first.id} ${second.id}`;
          if (pairs.has(key)) continue;
          const similarity = likeness(first.sketch, second.sketch);
          if (similarity >= least) pairs.set(key, { a: first.id, b: second.id, similarity });
        }
  }
  return [...pairs.values()].toSorted((x, y) => y.similarity - x.similarity);
}
