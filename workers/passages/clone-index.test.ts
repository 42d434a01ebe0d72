import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { embedText } from "../models/offline/hash-embedder.ts";
import { offlineHashId } from "../models/offline-ids.ts";
import { cloneIndex } from "./clone-index.ts";
import { inParts, putInIndex } from "./put-in-index.ts";

const texts: Record<string, string> = {
  clone_a: "The vault’s code is forty-two.",
  clone_b: "The garden is open on Sundays.",
};

const search = (cloneId: string, query: string, mode: "hybrid" | "keyword" | "vector") =>
  cloneIndex(env, cloneId).search({
    query,
    vector: { embedderId: offlineHashId, values: embedText(query) },
    topK: 10,
    mode,
  });

it("clones never see each other’s passages, and forgetting one leaves the other", async () => {
  for (const [cloneId, text] of Object.entries(texts)) {
    const chunks = [{ ordinal: 0, start: 0, end: text.length, page: null, section: null, text }];
    // The same document id in both: the clone alone keeps them apart.
    const passages = inParts({ chunks, embedderId: offlineHashId, vectors: embedText(text) });
    await putInIndex(env, { id: "doc_same", cloneId, kind: "text" }, passages);
  }
  for (const mode of ["hybrid", "keyword", "vector"] as const) {
    for (const [cloneId, text] of Object.entries(texts)) {
      const found = await search(cloneId, "the vault’s code, the garden on Sundays", mode);
      expect(found.map((hit) => hit.text)).toEqual([text]);
    }
  }
  await cloneIndex(env, "clone_a").destroy();
  expect(await search("clone_a", "vault", "hybrid")).toEqual([]);
  expect(await search("clone_b", "garden", "hybrid")).toHaveLength(1);
});
