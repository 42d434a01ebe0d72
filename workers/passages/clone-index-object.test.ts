import { evictDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { embedText } from "../models/offline/hash-embedder.ts";
import { offlineHashId } from "../models/offline-ids.ts";
import { toUnit } from "../models/unit-vector.ts";
import type { IndexQuery } from "./clone-index.ts";
import { cloneIndex } from "./clone-index.ts";
import { inParts, putInIndex } from "./put-in-index.ts";

const cloneId = "clone_indexed";
const index = () => cloneIndex(env, cloneId);

interface Passage {
  text: string;
  section?: string | null;
}

const chunksOf = (passages: Passage[]) =>
  passages.map(({ text, section = null }, ordinal) => ({
    ordinal,
    text,
    page: ordinal + 1,
    section,
    start: 0,
    end: text.length,
  }));

const concatenated = (vectors: Float32Array[]) => {
  const all = new Float32Array(vectors.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const vector of vectors) {
    all.set(vector, at);
    at += vector.length;
  }
  return all;
};

async function put(id: string, passages: Passage[], kind: "markdown" | "pdf" = "markdown"): Promise<void> {
  const texts = passages.map(({ text, section }) => (section ? `${section}\n${text}` : text));
  const vectors = concatenated(texts.map(embedText));
  const parts = inParts({ chunks: chunksOf(passages), embedderId: offlineHashId, vectors });
  await putInIndex(env, { id, cloneId, kind }, parts);
}

const ask = (query: string, fields: Partial<IndexQuery> = {}) =>
  index().search({
    query,
    vector: { embedderId: offlineHashId, values: embedText(query) },
    topK: 10,
    mode: "hybrid",
    ...fields,
  });

const garden: Passage[] = [
  { section: "Watering", text: "Tomatoes need two litres of water a day in July." },
  { section: "Pruning", text: "Apple trees are cut in February, before the buds open." },
  { section: "Pests", text: "Slugs are picked off the lettuce by hand after dusk." },
];
const modes = ["hybrid", "keyword", "vector"] as const;

/** What the tests below say nothing of. */
const uploaded = { runId: "run_01", access: "public", createdBy: null } as const;

describe("a document in the index", () => {
  it("takes the place of what was there of it, and of nothing else", async () => {
    await put("doc_a", garden);
    await put("doc_b", [{ text: "Tomatoes are red." }]);
    await put("doc_a", [{ text: "Tomatoes are sown indoors." }]);
    for (const mode of modes) {
      const texts = (await ask("tomatoes", { mode })).map(({ text }) => text);
      expect(texts.sort()).toEqual(["Tomatoes are red.", "Tomatoes are sown indoors."]);
      expect((await ask("slugs on the lettuce", { mode })).map(({ text }) => text).join()).not.toContain("Slugs");
    }
  });

  it("stays as it was until the last part of the new one is in", async () => {
    await put("doc_a", garden);
    const next: Passage[] = [{ text: "Tomatoes are sown in March." }, { text: "Tomatoes are planted in May." }];
    const part = (i: number) => ({
      documentId: "doc_a",
      ...uploaded,
      kind: "markdown",
      embedderId: offlineHashId,
      part: i,
      parts: 2,
      chunks: chunksOf(next).slice(i, i + 1),
      vectors: embedText(next[i]?.text ?? ""),
    });
    await index().putDocument(part(0));
    await evictDurableObject(index());
    expect((await ask("tomatoes", { mode: "keyword" })).map(({ section }) => section)).toEqual(["Watering"]);
    await index().putDocument(part(0));
    await index().putDocument(part(1));
    expect((await ask("tomatoes")).map(({ text }) => text).sort()).toEqual(next.map(({ text }) => text).sort());
  });

  it("stays as it was when the new one cannot be kept", async () => {
    await put("doc_a", garden);
    // SQLite keeps what is not a number as NULL, which the column refuses: the second passage fails after the first is in.
    const chunks = chunksOf([{ text: "Tomatoes are blue." }, { text: "x" }]).map((chunk, i) =>
      i === 0 ? chunk : { ...chunk, start: Number.NaN },
    );
    const vectors = concatenated([embedText("tomatoes"), embedText("x")]);
    const document = {
      documentId: "doc_a",
      kind: "markdown",
      embedderId: offlineHashId,
      part: 0,
      parts: 1,
      ...uploaded,
    };
    const failure = await index()
      .putDocument({ ...document, chunks, vectors })
      .then(() => null, String);
    expect(failure).toMatch(/NOT NULL/);
    for (const mode of modes) expect((await ask("tomatoes", { mode }))[0]?.section).toBe("Watering");
    expect((await ask("tomatoes")).map(({ text }) => text).join()).not.toContain("blue");
  });

  it("does not go back to what an older run read", async () => {
    const text = "Tomatoes are sown in March.";
    const document = {
      documentId: "doc_a",
      kind: "markdown",
      embedderId: offlineHashId,
      part: 0,
      parts: 1,
      ...uploaded,
    };
    const of = (text: string, runId: string) => ({
      ...document,
      runId,
      chunks: chunksOf([{ text }]),
      vectors: embedText(text),
    });
    await index().putDocument(of(text, "run_02"));
    await index().putDocument(of("Tomatoes are blue.", "run_01"));
    expect((await ask("tomatoes")).map(({ text }) => text)).toEqual([text]);
    await index().putDocument(of("Tomatoes are red.", "run_03"));
    expect((await ask("tomatoes")).map(({ text }) => text)).toEqual(["Tomatoes are red."]);
  });

  it("goes when it is removed, and everything goes with the clone", async () => {
    await put("doc_a", garden);
    await put("doc_b", [{ text: "Tomatoes are red." }]);
    await index().removeDocument("doc_a");
    await index().removeDocument("doc_never");
    for (const mode of modes)
      expect((await ask("tomatoes", { mode })).map(({ documentId }) => documentId)).toEqual(["doc_b"]);
    await index().destroy();
    for (const mode of modes) expect(await ask("tomatoes", { mode })).toEqual([]);
    await put("doc_a", garden);
    expect(await ask("tomatoes")).not.toEqual([]);
  });

  it("is found as before after the object was evicted", async () => {
    await put("doc_a", garden);
    await put("doc_b", [{ text: "Tomatoes are red." }]);
    const before = await Promise.all(modes.map((mode) => ask("water for tomatoes", { mode })));
    await evictDurableObject(index());
    expect(await Promise.all(modes.map((mode) => ask("water for tomatoes", { mode })))).toEqual(before);
  });

  it("keeps its page, section and offsets", async () => {
    await put("doc_a", garden);
    expect((await ask("When are apple trees cut?"))[0]).toMatchObject({
      documentId: "doc_a",
      page: 2,
      section: "Pruning",
      start: 0,
      end: garden[1]?.text.length,
    });
  });
});

describe("a search", () => {
  it("looks only where the filter says, however long it is", async () => {
    await put("doc_a", garden);
    await put("doc_b", [{ text: "Tomatoes are red." }], "pdf");
    const many = Array.from({ length: 1_000 }, (_, i) => `doc_${i}`);
    for (const mode of modes) {
      const found = async (filter: Partial<IndexQuery>) =>
        [...new Set((await ask("tomatoes", { mode, ...filter })).map(({ documentId }) => documentId))].sort();
      expect(await found({ documentIds: [...many, "doc_b"] })).toEqual(["doc_b"]);
      expect(await found({ kinds: ["pdf"] })).toEqual(["doc_b"]);
      expect(await found({ kinds: ["markdown"], documentIds: ["doc_b"] })).toEqual([]);
      expect(await found({ documentIds: [] })).toEqual([]);
      expect(await found({ kinds: ["markdown", "pdf"] })).toEqual(["doc_a", "doc_b"]);
    }
  });

  it("by words finds other forms of a word, by vectors also parts of one", async () => {
    await put("doc_a", garden);
    expect((await ask("watered tomato", { mode: "keyword" }))[0]?.section).toBe("Watering");
    expect(await ask("lettuces' slugfest", { mode: "keyword" })).toHaveLength(1);
    expect(await ask("slugfest", { mode: "keyword" })).toEqual([]);
    expect((await ask("slugfest", { mode: "vector" }))[0]?.section).toBe("Pests");
    expect((await ask("slugfest", { mode: "hybrid" }))[0]?.section).toBe("Pests");
  });

  it("finds text in scripts without spaces, and in any case and accents", async () => {
    await put("doc_a", [{ text: "番茄每天需要两升水。" }, { text: "Die Brühe wird täglich ABGESCHÖPFT." }]);
    expect((await ask("番茄", { mode: "keyword" }))[0]?.text).toContain("番茄");
    expect((await ask("bruhe taglich", { mode: "keyword" }))[0]?.text).toContain("Brühe");
  });

  it("counts the words of the section's title too", async () => {
    await put("doc_a", [
      { section: "Refunds", text: "Within thirty days the full price is given back." },
      { section: "Delivery", text: "Within thirty days the parcel arrives." },
    ]);
    expect((await ask("refunds within thirty days", { mode: "keyword" }))[0]?.section).toBe("Refunds");
  });

  it("never compares vectors of different embedders, and goes on by words", async () => {
    await put("doc_a", garden);
    const other = { embedderId: "openai/other", values: embedText("slugfest") };
    const shorter = { embedderId: offlineHashId, values: new Float32Array([1, 0]) };
    for (const vector of [other, shorter, null]) {
      expect(await ask("slugfest", { mode: "vector", vector })).toEqual([]);
      expect((await ask("tomatoes", { mode: "hybrid", vector }))[0]?.section).toBe("Watering");
    }
  });

  it("takes any question for words, and never for syntax", async () => {
    await put("doc_a", garden);
    const hostile = [
      "",
      " ",
      '"',
      "''",
      "NEAR(",
      "a AND OR NOT",
      "section:x",
      "terms:tomatoes",
      "*",
      "tomato*",
      "^tomato",
      "{a b} : c",
      "-tomato +water",
      "🍅🥬",
      "the of and",
      "\u0000",
      "tomatoes\u0000water",
      "\ud800",
      "' OR 1=1 --",
      "water ".repeat(400),
      Array.from({ length: 300 }, (_, i) => `w${i}`).join(" "),
      "x".repeat(2_000),
      "水".repeat(2_000),
    ];
    for (const query of hostile) {
      for (const mode of modes) {
        for (const { score } of await ask(query, { mode })) {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
        }
      }
    }
  });

  it("gives no more than asked for, and nothing from an empty index", async () => {
    for (const mode of modes) expect(await ask("tomatoes", { mode })).toEqual([]);
    await put("doc_a", garden);
    expect(await ask("tomatoes", { topK: 1 })).toHaveLength(1);
  });
});

describe("a score", () => {
  it("never rises down the list, is high for what answers and low for what does not", async () => {
    await put("doc_a", garden);
    for (const mode of modes) {
      const fits = await ask("How much water do tomatoes need in July?", { mode });
      const scores = fits.map(({ score }) => score);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      expect(scores[0]).toBeGreaterThan(0.6);
      for (const { score } of await ask("Who won the chess championship in Reykjavik?", { mode }))
        expect(score).toBeLessThan(0.25);
    }
  });

  it("is a number, also where one passage is all there is", async () => {
    const text = "Tomatoes need two litres of water a day in July.";
    await put("doc_a", [{ text }]);
    await put("doc_b", garden);
    for (const mode of modes) {
      const [only] = await ask(text, { mode, documentIds: ["doc_a"] });
      expect(only?.score).toBeGreaterThan(0.6);
    }
  });
});

describe("the vectors as bytes", () => {
  it("find nine and a half of the ten that exact arithmetic finds, in blocks old and new", async () => {
    const [count, dimensions] = [2_500, 96];
    let seed = 7;
    const random = () => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed / 2 ** 32 - 0.5;
    };
    const vector = () => toUnit(Float32Array.from({ length: dimensions }, () => random() + random() + random()));
    const vectors = Array.from({ length: count }, vector);
    const chunks = chunksOf(vectors.map((_, i) => ({ text: `p${i}` })));
    for (const [from, to] of [
      [0, 700],
      [700, 2_500],
    ] as const) {
      const passages = inParts({
        chunks: chunks.slice(from, to),
        embedderId: "test/random",
        vectors: concatenated(vectors.slice(from, to)),
      });
      await putInIndex(env, { id: `doc_${from}`, cloneId, kind: "text" }, passages);
    }
    await put("doc_other", garden);
    const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
    let found = 0;
    for (let round = 0; round < 20; round++) {
      const values = vector();
      const exact = vectors.map((each, i) => ({ text: `p${i}`, score: dot(each, values) }));
      const best = new Set(
        exact
          .sort((a, b) => b.score - a.score)
          .slice(0, 10)
          .map(({ text }) => text),
      );
      const hits = await ask("", { mode: "vector", vector: { embedderId: "test/random", values } });
      found += hits.filter(({ text }) => best.has(text)).length;
    }
    expect(found / 200).toBeGreaterThanOrEqual(0.95);
  });
});
