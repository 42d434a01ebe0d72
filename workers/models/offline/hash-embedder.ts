import { isFunctionWord, wordsOf } from "../../text/words.ts";
import { offlineHashId } from "../offline-ids.ts";
import type { Embedder } from "../ports/embedder.ts";
import { toUnit } from "../unit-vector.ts";

/** Measured on cranfield and med: 384 loses 0.01–0.02 of nDCG to collisions, 1,024 gains as much for twice the bytes. */
export const offlineHashDimensions = 512;

const gramLength = 4;
const gramWeight = 0.5;
/** Two places a feature: one unlucky collision then spoils half of it only. */
const placesPerFeature = 2;

/** FNV-1a over a slice, with a final mix so that neighbouring words land far apart. */
function hash(text: string, start: number, end: number, seed: number): number {
  let h = 0x811c9dc5 ^ seed;
  for (let i = start; i < end; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix(h);
}

function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

interface Feature {
  count: number;
  weight: number;
}

function featuresOf(text: string): Map<number, Feature> {
  const features = new Map<number, Feature>();
  const add = (key: number, weight: number) => {
    const known = features.get(key);
    if (known) known.count++;
    else features.set(key, { count: 1, weight });
  };
  for (const word of wordsOf(text)) {
    if (isFunctionWord(word.text)) continue;
    const { stem } = word;
    // Long words are rarer: the only idf that a weight-free embedder can have.
    add(hash(stem, 0, stem.length, 0x77), Math.min(1.5, 0.6 + stem.length * 0.08));
    const padded = `^${word.text}$`;
    for (let i = 0; i + gramLength <= padded.length; i++) add(hash(padded, i, i + gramLength, 0x63), gramWeight);
  }
  return features;
}

/**
 * The unit vector of `text`: stemmed words and character 4-grams, hashed with signs, counts taken sublinearly. It knows no
 * meaning, only likeness of words; accents are folded, scripts without spaces are compared by pairs of characters.
 * A text without any word gives the zero vector.
 */
export function embedText(text: string): Float32Array {
  const vector = new Float32Array(offlineHashDimensions);
  for (const [key, { count, weight }] of featuresOf(text)) {
    const value = weight * (1 + Math.log(count));
    let h = key;
    for (let place = 0; place < placesPerFeature; place++) {
      h = mix(h + 0x9e3779b1);
      const at = h % offlineHashDimensions;
      vector[at] = (vector[at] ?? 0) + (h & 0x80000000 ? value : -value);
    }
  }
  return toUnit(vector);
}

export const offlineHash: Embedder = {
  id: offlineHashId,
  dimensions: offlineHashDimensions,
  batchSize: 256,
  async embed(texts, { signal }) {
    signal?.throwIfAborted();
    return texts.map(embedText);
  },
};
