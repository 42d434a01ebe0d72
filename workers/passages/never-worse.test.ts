import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { embedText, offlineHashDimensions } from "../models/offline/hash-embedder.ts";
import { offlineHashId } from "../models/offline-ids.ts";
import { cloneIndex, type IndexQuery } from "./clone-index.ts";
import { inParts, putInIndex } from "./put-in-index.ts";

/** Words by number that look like those of a language, in Latin or Cyrillic letters. */
function word(number: number, syllables: string[]): string {
  let [text, rest] = ["", number + syllables.length];
  for (; rest > 0; rest = Math.floor(rest / syllables.length)) text += syllables[rest % syllables.length];
  return text;
}

const latin = "ba co di fu ge hi ka lo mi nu pe ra".split(" ");
const cyrillic = "ба ко ди фу ге хи ка ло ми ну пе ра".split(" ");

/** Forty subjects of six passages each, which share their subject's words; each passage has four words of its own. */
function collection(syllables: string[], endings: string[]) {
  let state = 3;
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  const inflected = (number: number) => word(number, syllables) + endings[below(endings.length)];
  const passages = Array.from({ length: 240 }, (_, i) => {
    const subject = Math.floor(i / 6);
    const own = [0, 1, 2, 3].map((n) => 1_000 + i * 4 + n);
    const shared = Array.from({ length: 16 }, () => 500 + subject * 8 + below(8));
    const common = Array.from({ length: 16 }, () => 100 + below(100));
    return {
      subject,
      own,
      text: [...shared, ...own, ...common]
        .sort(() => below(3) - 1)
        .map(inflected)
        .join(" "),
    };
  });
  /** Asks for one passage, by its subject's words and two of its own. */
  const one = passages.map(({ subject, own }) =>
    [500 + subject * 8, 501 + subject * 8, own[below(4)] as number, own[below(4)] as number, 100 + below(100)]
      .map(inflected)
      .join(" "),
  );
  return { passages, one };
}

async function put(cloneId: string, texts: string[]): Promise<void> {
  const chunks = texts.map((text, ordinal) => {
    return { ordinal, text, page: ordinal, section: null, start: 0, end: text.length };
  });
  const vectors = new Float32Array(texts.length * offlineHashDimensions);
  for (const [i, text] of texts.entries()) vectors.set(embedText(text), i * offlineHashDimensions);
  await putInIndex(env, { id: "doc", cloneId, kind: "text" }, inParts({ chunks, embedderId: offlineHashId, vectors }));
  await cloneIndex(env, cloneId).learn();
}

/** How well the passages asked for stand, 1 for all first: nDCG@10 with one right passage each. */
async function measured(cloneId: string, questions: string[], mode: IndexQuery["mode"]): Promise<number> {
  let sum = 0;
  for (const [wanted, query] of questions.entries()) {
    const vector = { embedderId: offlineHashId, values: embedText(query) };
    const hits = await cloneIndex(env, cloneId).search({ query, vector, topK: 10, mode });
    const at = hits.findIndex(({ page }) => page === wanted);
    if (at >= 0) sum += 1 / Math.log2(at + 2);
  }
  return sum / questions.length;
}

it.each([
  ["one form a word", latin, [""]],
  ["inflected", latin, ["", "s", "em", "ului"]],
  ["inflected in another script", cyrillic, ["", "а", "ами", "ого"]],
])("words and vectors together are no worse than the better alone: %s", async (name, syllables, endings) => {
  const cloneId = `clone ${name}`;
  const { passages, one } = collection(syllables, endings);
  await put(
    cloneId,
    passages.map(({ text }) => text),
  );
  const questions = one.slice(0, 60);
  const [keyword, vector, hybrid] = [
    await measured(cloneId, questions, "keyword"),
    await measured(cloneId, questions, "vector"),
    await measured(cloneId, questions, "hybrid"),
  ];
  expect(keyword).toBeGreaterThan(0.8);
  expect(hybrid).toBeGreaterThanOrEqual(Math.max(keyword, vector) - 0.005);
});
