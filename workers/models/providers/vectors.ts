import { problemOfGarbledAnswer, problemOfSaid } from "../failures.ts";
import { toUnit } from "../unit-vector.ts";
import { errorIn } from "./openai-compatible/chunk-reader.ts";

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const unusable = (why: string) => problemOfGarbledAnswer(new Error(`The embedding server answered ${why}.`));

/** Numbers in a list, or as some servers have them in base64: little-endian floats of 4 bytes. */
function numbersIn(value: unknown): Float32Array {
  const numbers = Array.isArray(value)
    ? Float32Array.from(value, (each) => (typeof each === "number" ? each : Number.NaN))
    : null;
  if (numbers) return numbers;
  // Without its padding it has to be decoded too, and any other length to be refused.
  const digits = typeof value === "string" ? value.replace(/={1,2}$/, "") : "";
  if (!/^[A-Za-z\d+/]+$/.test(digits) || digits.length % 4 === 1) throw unusable("without a vector");
  const bytes = Uint8Array.from(atob(digits), (character) => character.charCodeAt(0));
  if (bytes.length % 4 !== 0) throw unusable("with half a number");
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

/** The entries of an answer: in OpenAI's wire under `data`, in others under `embeddings`, or bare. */
function entriesIn(body: unknown): unknown[] {
  if (Array.isArray(body)) return body;
  if (!isFields(body)) throw unusable("with no list");
  const error = errorIn(body);
  if (error !== undefined) throw problemOfSaid(error);
  const list = body.data ?? body.embeddings ?? (body.embedding ? [body.embedding] : undefined);
  if (!Array.isArray(list)) throw unusable("with no list");
  return list;
}

/** Where an entry belongs: as it says itself, else where it stands. */
const placeOf = (entry: unknown, at: number) =>
  isFields(entry) && entry.index !== undefined && entry.index !== null ? Number(entry.index) : at;

/**
 * Unit vectors out of an answer, each at its text's place. Throws where a text has none or two, where they are of different sizes, or of another than `dimensions`,
 * and where one holds what is no number: nothing that is nearly right may be stored.
 */
export function vectorsIn(body: unknown, count: number, dimensions: number | null): Float32Array[] {
  const vectors = new Array<Float32Array | undefined>(count);
  const entries = entriesIn(body);
  if (entries.length !== count) throw unusable(`with ${entries.length} vectors for ${count} texts`);
  for (const [at, entry] of entries.entries()) {
    const place = placeOf(entry, at);
    if (!Number.isInteger(place) || place < 0 || place >= count || vectors[place])
      throw unusable("with vectors out of place");
    vectors[place] = toUnit(numbersIn(isFields(entry) ? (entry.embedding ?? entry.vector) : entry));
  }
  const size = dimensions ?? vectors[0]?.length ?? 0;
  for (const vector of vectors) {
    if (vector?.length !== size || size === 0)
      throw unusable(`with a vector of ${vector?.length ?? 0} numbers where others have ${size}`);
    if (vector.some((each) => !Number.isFinite(each))) throw unusable("with a vector that holds no numbers");
  }
  return vectors as Float32Array[];
}
