/** Vectors that anybody can make again from their number: they lie in groups, as those of real texts do. */
const groups = 2_000;
/** How far a vector strays from the middle of its group, beside the length of that: two of a group have a cosine of 0.6. */
const spread = 0.8;

/** Numbers between -1 and 1 from a seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}

function unit(vector: Float32Array): Float32Array {
  let squares = 0;
  for (const value of vector) squares += value * value;
  const length = Math.sqrt(squares) || 1;
  for (let i = 0; i < vector.length; i++) (vector[i] as number) /= length;
  return vector;
}

const middles = new Map<number, Float32Array>();

function middleOf(group: number, dimensions: number): Float32Array {
  let middle = middles.get(group);
  if (middle?.length !== dimensions) {
    const next = random(group * 7_919 + 1);
    middle = unit(Float32Array.from({ length: dimensions }, next));
    middles.set(group, middle);
  }
  return middle;
}

/** The unit vector number `index`. */
export function madeVector(index: number, dimensions: number): Float32Array {
  const next = random(index * 2_654_435_761 + 17);
  const middle = middleOf(Math.floor(((next() + 1) / 2) * groups), dimensions);
  const stray = spread / Math.sqrt(dimensions / 3);
  return unit(Float32Array.from(middle, (value) => value + stray * next()));
}

/** A question that is about what vector number `index` is about. */
export function madeQuery(index: number, dimensions: number): Float32Array {
  const next = random(index + 99_991);
  const stray = 0.6 / Math.sqrt(dimensions / 3);
  return unit(Float32Array.from(madeVector(index, dimensions), (value) => value + stray * next()));
}
