import { randomOf } from "../../workers/chat/testing/faults.ts";
import type { DocumentKind } from "../../workers/reading/formats.ts";
import { latin1 } from "../../workers/reading/testing/files.ts";
import { seedsOf, throughMembers } from "./fuzz-seeds.ts";

/** An input grows to so many bytes at most. */
const largest = 1_000_000;
/** What parsers stumble over: brackets that stay open, numbers without measure, names that objects have. */
const tokens = [
  ..."[ ( { < > \" ' ` * _ - | \\ / = : ; , # & ! ~ \n \t \0".split(" "),
  ..."<!-- --> <![CDATA[ ]]> &amp; &#1; &#x110000; </ /> <a <p> <td> <table> <li> <svg> <pre> <?xml <!DOCTYPE".split(
    " ",
  ),
  ..."{\\rtf \\u65535 \\bin2147483647 \\'ff \\par \\cell \\row {\\footnote \\constructor \\*".split(" "),
  ..."obj endobj stream endstream << >> /W /Index /Length /Kids 0 R [0 Do Tj TJ BT ET q Q cm".split(" "),
  ..."-1 0 1 255 65535 65536 2147483647 4294967295 9999999999 1e309 NaN null true __proto__ constructor".split(" "),
  ..."\r\n \n\n \n--x\n \n--y\n From =?utf-8?q? ?= Content-Type: boundary= ﷽ \u{1f345} é 東京".split(" "),
  "From a Mon Jun 01 10:00:00 2009\n",
  "- ",
  "> ",
  "1. ",
  '"x",',
  " ",
];
const bytesOf = new TextEncoder();

type Random = (below: number) => number;
type Mutation = (bytes: Uint8Array, random: Random, seeds: Uint8Array[]) => Uint8Array;

function joined(...parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const insert = (bytes: Uint8Array, at: number, part: Uint8Array) =>
  joined(bytes.subarray(0, at), part, bytes.subarray(at));

function repeated(part: Uint8Array, times: number): Uint8Array {
  const most = Math.floor(Math.min(times, largest / Math.max(1, part.length)));
  const whole = new Uint8Array(part.length * most);
  for (let i = 0; i < most; i++) whole.set(part, i * part.length);
  return whole;
}

const tokenOf = (random: Random) => bytesOf.encode(tokens[random(tokens.length)] ?? "");
/** Mostly few, at times very many. */
const manyTimes = (random: Random) => 10 ** (random(6) * (random(100) / 100)) * (1 + random(3));

const mutations: Mutation[] = [
  function flip(bytes, random) {
    const copy = bytes.slice();
    for (let i = 1 + random(8); i > 0 && copy.length > 0; i--) copy[random(copy.length)] = random(256);
    return copy;
  },
  function extreme(bytes, random) {
    const copy = bytes.slice();
    const [at, length] = [random(copy.length + 1), 1 + random(8)];
    copy.fill([0, 0xff, 0x7f, 0x80][random(4)] ?? 0, at, at + length);
    return copy;
  },
  (bytes, random) => insert(bytes, random(bytes.length + 1), tokenOf(random)),
  (bytes, random) => insert(bytes, random(bytes.length + 1), repeated(tokenOf(random), manyTimes(random))),
  function repeatSlice(bytes, random) {
    const at = random(bytes.length + 1);
    return insert(bytes, at, repeated(bytes.subarray(at, at + 1 + random(60)), manyTimes(random)));
  },
  function remove(bytes, random) {
    const at = random(bytes.length + 1);
    return joined(bytes.subarray(0, at), bytes.subarray(at + 1 + random(60)));
  },
  (bytes, random) => (random(4) === 0 ? bytes.subarray(0, random(bytes.length + 1)) : bytes),
  function splice(bytes, random, seeds) {
    const other = seeds[random(seeds.length)] ?? bytes;
    const from = random(other.length + 1);
    return insert(bytes, random(bytes.length + 1), other.subarray(from, from + random(2_000)));
  },
  function number(bytes, random) {
    const text = Array.from(bytes.subarray(0, 100_000), (byte) => String.fromCharCode(byte)).join("");
    const numbers = [...text.matchAll(/\d+/g)];
    const found = numbers[random(numbers.length)];
    if (!found) return bytes;
    const other = latin1(["0", "-1", "4294967295", "1000000000", "65536", "3"][random(6)] ?? "");
    return joined(bytes.subarray(0, found.index), other, bytes.subarray(found.index + found[0].length));
  },
];

/** Makes the inputs of a kind; the same for the same seed and number. */
export function fuzzInputs(kind: DocumentKind, seed: number): (trial: number) => Uint8Array {
  const seeds = seedsOf(kind);
  return (trial) => {
    const share = randomOf(seed * 1_000_003 + trial);
    const random: Random = (below) => Math.floor(share() * below);
    let bytes: Uint8Array = seeds[random(seeds.length)] ?? new Uint8Array();
    // Archives are packed anew in half of the trials, so that the change comes through to what they hold.
    const inside = random(2) === 0;
    for (let i = 1 + random(3); i > 0; i--) {
      const mutation = mutations[random(mutations.length)] as Mutation;
      const change = (part: Uint8Array) => mutation(part, random, seeds);
      bytes = (inside ? throughMembers(bytes, share(), change) : change(bytes)).subarray(0, 2 * largest);
    }
    return bytes;
  };
}
