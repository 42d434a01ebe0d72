import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { cloneIndex } from "../clone-index.ts";
import { SqliteVectors, type VectorLimits } from "./sqlite-vectors.ts";

const dimensions = 40;
/** Two thousand vectors are more than fits into this memory. */
const small: VectorLimits = {
  arenaBytes: 90_000,
  probedBytes: 45_000,
  roundBytes: 40_000,
  probedShare: 0.2,
  fewestProbed: 100,
  perCluster: 100,
};

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

function unit(values: Float32Array): Float32Array {
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

/** Vectors in twenty groups; document `n` has every tenth. */
function vectorOf(id: number): Float32Array {
  const [middle, own] = [random((id % 20) + 7), random(id * 31 + 3)];
  return unit(Float32Array.from({ length: dimensions }, () => middle() + 0.5 * own()));
}

const everything = { has: () => true };
const query = (values: Float32Array, isFiltered = false) => ({ embedderId: "test/made-up", values, isFiltered });

const within = <T>(run: (vectors: SqliteVectors, sql: SqlStorage, transaction: (change: () => void) => void) => T) =>
  runInDurableObject(cloneIndex(env, "clone_vectors"), (_, { storage }) =>
    run(new SqliteVectors(storage.sql, small), storage.sql, (change) => storage.transactionSync(change)),
  );

function fill(vectors: SqliteVectors, from: number, count: number): void {
  const ids = Array.from({ length: count }, (_, i) => from + i);
  vectors.add(
    "test/made-up",
    ids.map((id) => ({ id, doc: id % 10, vector: vectorOf(id) })),
  );
}

const exact = (values: Float32Array, count: number, ids: number[]) =>
  ids
    .map((id) => ({ id, product: vectorOf(id).reduce((sum, value, i) => sum + value * (values[i] as number), 0) }))
    .sort((a, b) => b.product - a.product)
    .slice(0, count)
    .map(({ id }) => id);
const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1);
const noPause = async () => {};

describe("vectors in SQLite", () => {
  it("are all compared while they fit into memory, in steps of a byte", () =>
    within((vectors) => {
      fill(vectors, 1, 700);
      const values = vectorOf(5_001);
      const found = vectors.search(query(values), 10, everything);
      const nearest = found?.nearest.map(({ id }) => id) ?? [];
      expect(nearest.filter((id) => exact(values, 10, upTo(700)).includes(id)).length).toBeGreaterThanOrEqual(9);
      const [first] = found?.nearest ?? [];
      expect(found?.similarityOf(first?.id ?? 0)).toBeCloseTo(first?.similarity ?? 0, 5);
      expect(found?.towards([], 1)(first?.id ?? 0)).toBeCloseTo(first?.similarity ?? 0, 1);
      expect(vectors.isCrowded()).toBe(false);
    }));

  it("are put into clusters when they do not, and found there", () =>
    within(async (vectors, sql, transaction) => {
      fill(vectors, 1, 4_000);
      expect(vectors.isCrowded()).toBe(true);
      await vectors.cluster(transaction, noPause);
      expect(vectors.isCrowded()).toBe(false);
      expect(sql.exec("SELECT sum(count) AS count FROM vector_blocks").one()).toEqual({ count: 4_000 });
      expect(vectors.lastId("test/made-up")).toBe(4_000);
      let right = 0;
      for (let i = 0; i < 20; i++) {
        const values = vectorOf(10_000 + i);
        const nearest = vectors.search(query(values), 10, everything)?.nearest.map(({ id }) => id) ?? [];
        right += nearest.filter((id) => exact(values, 10, upTo(4_000)).includes(id)).length;
      }
      expect(right / 200).toBeGreaterThan(0.9);
    }));

  it("are found under a filter that leaves only what is far away", () =>
    within(async (vectors, _, transaction) => {
      fill(vectors, 1, 4_000);
      await vectors.cluster(transaction, noPause);
      vectors.add("test/made-up", [{ id: 4_001, doc: 77, vector: vectorOf(4_001) }]);
      const found = vectors.search(query(vectorOf(2), true), 10, { has: (doc) => doc === 77 });
      expect(found?.nearest.map(({ id }) => id)).toEqual([4_001]);
    }));

  it("come and go while they lie in clusters", () =>
    within(async (vectors, sql, transaction) => {
      fill(vectors, 1, 4_000);
      await vectors.cluster(transaction, noPause);
      vectors.remove(3);
      expect(sql.exec("SELECT sum(count) AS count FROM vector_blocks").one()).toEqual({ count: 3_600 });
      fill(vectors, 4_001, 2_000);
      await vectors.cluster(transaction, async () => vectors.remove(4));
      const found = vectors.search(query(vectorOf(5_555)), 5, everything);
      expect(found?.nearest.length).toBe(5);
      expect(found?.nearest.every(({ id }) => id % 10 !== 4)).toBe(true);
      vectors.drop("test/made-up");
      expect(vectors.search(query(vectorOf(5_555)), 5, everything)).toBeNull();
      expect(sql.exec("SELECT count(*) AS count FROM vector_centroids").one()).toEqual({ count: 0 });
    }));
});
