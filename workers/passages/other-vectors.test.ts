import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { embedText } from "../models/offline/hash-embedder.ts";
import { offlineHashId } from "../models/offline-ids.ts";
import { cloneIndex, type IndexQuery, type QueryVector } from "./clone-index.ts";
import { inParts, putInIndex } from "./put-in-index.ts";

const cloneId = "clone_two_embedders";
const other = "test/other";

/** A vector of three numbers that knows pears, ships, and nothing else. */
function otherVector(text: string): Float32Array {
  const vector = new Float32Array([Number(/pear|fruit/i.test(text)), Number(/ship|vessel/i.test(text)), 0.1]);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

async function put(id: string, text: string, embedderId: string): Promise<void> {
  const vectors = embedderId === other ? otherVector(text) : embedText(text);
  const chunks = [{ ordinal: 0, text, page: null, section: null, start: 0, end: text.length }];
  await putInIndex(env, { id, cloneId, kind: "markdown" }, inParts({ chunks, embedderId, vectors }));
}

const byHash = (query: string): QueryVector => ({ embedderId: offlineHashId, values: embedText(query) });
const byOther = (query: string): QueryVector => ({ embedderId: other, values: otherVector(query) });

async function ask(query: string, vectors: QueryVector[], mode: IndexQuery["mode"]): Promise<string[]> {
  const [vector = null, ...otherVectors] = vectors;
  const hits = await cloneIndex(env, cloneId).search({ query, vector, otherVectors, topK: 5, mode });
  for (const [i, { score }] of hits.entries()) expect(score).toBeLessThanOrEqual(hits[i - 1]?.score ?? 1);
  return hits.map(({ documentId }) => documentId);
}

it("passages of two embedders are each compared by their own, in one search", async () => {
  await put("pears", "Pears keep longest in a cool cellar.", offlineHashId);
  await put("ships", "Ships are scraped once a year.", other);
  const both = (query: string) => [byOther(query), byHash(query)];
  expect(await ask("Where do pears keep?", both("Where do pears keep?"), "vector")).toContain("pears");
  expect((await ask("vessel", both("vessel"), "vector"))[0]).toBe("ships");
  expect((await ask("vessel", both("vessel").reverse(), "vector"))[0]).toBe("ships");
  for (const query of ["cool cellar pears", "ships scraped year"])
    expect((await ask(query, both(query), "hybrid"))[0]).toBe(query.includes("pears") ? "pears" : "ships");
  expect(await ask("vessel", [byHash("vessel")], "vector"), "asked by one, the other's are not found").not.toContain(
    "ships",
  );
  await put("ships", "Ships are scraped once a year.", offlineHashId);
  expect(await ask("ships", [byOther("ships"), byHash("ships")], "vector")).toContain("ships");
});
