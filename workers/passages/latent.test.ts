import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { embedText, offlineHashDimensions } from "../models/offline/hash-embedder.ts";
import { offlineHashId } from "../models/offline-ids.ts";
import { cloneIndex } from "./clone-index.ts";
import { inParts, putInIndex } from "./put-in-index.ts";

const cloneId = "clone_latent";
const index = () => cloneIndex(env, cloneId);

/** Cars are told of with the words of one list, gardens with those of the other: the company that “automobile” and “car” keep. */
const subjects = [
  ["car", "automobile", "engine", "brake", "wheel", "garage", "driver", "petrol", "gearbox", "clutch"],
  ["garden", "tomato", "soil", "compost", "seedling", "watering", "pruning", "orchard", "harvest", "greenhouse"],
];

/** A sentence of six of a subject's words; never both of its first two. */
function sentence(subject: number, seed: number): string {
  const [first = "", second = "", ...others] = subjects[subject] ?? [];
  const shuffled = others.toSorted((a, b) => ((a.length * 7 + seed * 13) % 11) - ((b.length * 5 + seed * 3) % 11));
  return `Report ${seed}: the ${seed % 2 ? first : second} with ${shuffled.slice(0, 5).join(", ")}.`;
}

async function put(id: string, texts: string[]): Promise<void> {
  const chunks = texts.map((text, ordinal) => {
    return { ordinal, text, page: null, section: null, start: ordinal * 1_000, end: ordinal * 1_000 + text.length };
  });
  const vectors = new Float32Array(texts.length * offlineHashDimensions);
  for (const [i, text] of texts.entries()) vectors.set(embedText(text), i * offlineHashDimensions);
  const passages = inParts({ chunks, embedderId: offlineHashId, vectors });
  await putInIndex(env, { id, cloneId, kind: "text" }, passages);
}

const subjectOf = (count: number, subject: number) => Array.from({ length: count }, (_, i) => sentence(subject, i));

const ask = async (query: string) =>
  index().search({
    query,
    vector: { embedderId: offlineHashId, values: embedText(query) },
    topK: 10,
    mode: "hybrid",
  });

const rows = (select: string) =>
  runInDurableObject(index(), (_, state) => state.storage.sql.exec(select).toArray()) as Promise<
    Record<string, unknown>[]
  >;

describe("what an index learns from its passages", () => {
  it("finds what is said in other words, once the alarm has come", async () => {
    await put("doc_cars", subjectOf(150, 0));
    await put("doc_gardens", subjectOf(150, 1));
    await put("doc_odd", ["The gearbox and the clutch were mended in the garage of the driver."]);
    expect((await ask("automobile")).every(({ text }) => text.includes("automobile"))).toBe(true);
    expect(await runDurableObjectAlarm(index())).toBe(true);
    const found = (await index().search({
      query: "automobile",
      vector: { embedderId: offlineHashId, values: embedText("automobile") },
      topK: 300,
      mode: "hybrid",
    })) as { documentId: string }[];
    expect(found.map(({ documentId }) => documentId)).toContain("doc_odd");
    expect(found.slice(0, 10).every(({ documentId }) => documentId === "doc_cars")).toBe(true);
    // Nothing has changed since.
    expect(await runDurableObjectAlarm(index())).toBe(false);
    // A twentieth is not worth it while more may come, but when none does.
    const wait = async () =>
      Number(await runInDurableObject(index(), (_, state) => state.storage.getAlarm())) - Date.now();
    await put("doc_later", subjectOf(20, 0));
    expect(await wait()).toBeGreaterThan(10_000);
    await put("doc_many", subjectOf(80, 1));
    expect(await wait()).toBeLessThan(5_000);
    expect(await runDurableObjectAlarm(index())).toBe(true);
    expect(await rows("SELECT passages, changed FROM latent_space")).toEqual([{ passages: 401, changed: 0 }]);
  });

  it("takes in what came while it was learning already, for who asks for all", async () => {
    await put("doc_cars", subjectOf(250, 0));
    const learning = index().learn();
    await put("doc_gardens", subjectOf(250, 1));
    await Promise.all([learning, index().learn()]);
    expect(await rows("SELECT passages, changed FROM latent_space")).toEqual([{ passages: 500, changed: 0 }]);
  });

  it("takes in what came later, and forgets the words of what went", async () => {
    await put("doc_cars", subjectOf(150, 0));
    await put("doc_secret", ["The clutch of the xylograph stood in the garage.", "A xylograph has no brake."]);
    await put("doc_gardens", subjectOf(150, 1));
    await index().learn();
    expect(await rows("SELECT term FROM latent_terms WHERE term LIKE 'xylo%'")).toHaveLength(1);
    await put("doc_late", ["The driver knows the clutch, the petrol and the wheel."]);
    const ids = (await ask("automobile gearbox")).map(({ documentId }) => documentId);
    expect(ids).not.toContain("doc_gardens");
    await index().removeDocument("doc_secret");
    expect(await rows("SELECT term FROM latent_terms WHERE term LIKE 'xylo%'")).toEqual([]);
    expect(await rows("SELECT term FROM latent_terms WHERE term = 'clutch'")).toHaveLength(1);
  });

  it("answers as before while it learns, and starts over where it was cut off", async () => {
    await put("doc_cars", subjectOf(150, 0));
    await put("doc_gardens", subjectOf(150, 1));
    await index().learn();
    const before = await ask("automobile");
    await put("doc_more", subjectOf(120, 0));
    await runInDurableObject(index(), (_, state) => {
      state.storage.sql.exec("INSERT INTO latent_terms VALUES (2, 'half', 1, 1, x'00')");
    });
    await evictDurableObject(index());
    expect((await ask("automobile")).map(({ text }) => text).sort()).not.toEqual([]);
    const [learned] = await Promise.all([index().learn(), index().learn(), ask("automobile")]);
    expect(learned).toBeUndefined();
    expect(await rows("SELECT DISTINCT generation FROM latent_terms")).toEqual([{ generation: 2 }]);
    expect(await rows("SELECT term FROM latent_terms WHERE term = 'half'")).toEqual([]);
    expect(await rows("SELECT DISTINCT embedder_id FROM vector_blocks ORDER BY 1")).toEqual([
      { embedder_id: "latent/2" },
      { embedder_id: offlineHashId },
    ]);
    const vectors = await rows("SELECT sum(count) AS count FROM vector_blocks WHERE embedder_id = 'latent/2'");
    expect(vectors).toEqual([{ count: 420 }]);
    expect(before.length).toBe(10);
  });

  it("gives up its space when hardly anything is left", async () => {
    await put("doc_cars", subjectOf(250, 0));
    await index().learn();
    expect(await rows("SELECT generation FROM latent_space")).toEqual([{ generation: 1 }]);
    await index().removeDocument("doc_cars");
    await put("doc_few", subjectOf(3, 1));
    await index().learn();
    expect(await rows("SELECT generation FROM latent_space")).toEqual([{ generation: 0 }]);
    expect(await rows("SELECT term FROM latent_terms")).toEqual([]);
    expect((await ask("tomato")).length).toBeGreaterThan(0);
  });
});
