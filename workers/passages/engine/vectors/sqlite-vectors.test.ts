import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { cloneIndex } from "../../clone-index.ts";
import { vectorizeIndex } from "../../testing/vectorize.ts";
import { SqliteVectors } from "./sqlite-vectors.ts";
import type { VectorLimits } from "./vector-clusters.ts";
import { VectorMirror } from "./vector-mirror.ts";

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

/** Vectors as a test uses them: `tidy` does what the object's alarm does, and lets time pass until it counts. */
interface Bench {
  vectors: SqliteVectors;
  sql: SqlStorage;
  tidy(pause?: () => Promise<void>): Promise<void>;
  find(
    values: Float32Array,
    count: number,
    allowed?: { has(doc: number): boolean },
  ): Promise<ReturnType<SqliteVectors["search"]>>;
}

function within(withMirror: boolean, run: (bench: Bench) => Promise<void>, mirrored = vectorizeIndex()) {
  return runInDurableObject(cloneIndex(env, "clone_vectors"), (_, { storage }) => {
    const mirror = withMirror ? new VectorMirror(storage.sql, mirrored.service, "clone_vectors") : null;
    const vectors = new SqliteVectors(storage.sql, small, mirror);
    return run({
      vectors,
      sql: storage.sql,
      async tidy(pause = noPause) {
        await vectors.cluster((change) => storage.transactionSync(change), pause);
        await vectors.mirror();
        if (withMirror) await mirrored.settle();
      },
      async find(values, count, allowed) {
        const asked = query(values, allowed !== undefined);
        return vectors.search(asked, count, allowed ?? everything, await vectors.lookAround(asked));
      },
    });
  });
}

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

/** What every way of keeping vectors has to do. */
describe.each([
  ["in SQLite alone", false],
  ["in SQLite with a mirror in Vectorize", true],
])("vectors %s", (_, withMirror) => {
  it("are all compared while they fit into memory, in steps of a byte", () =>
    within(withMirror, async ({ vectors, find }) => {
      fill(vectors, 1, 700);
      const values = vectorOf(5_001);
      const found = await find(values, 10);
      const nearest = found?.nearest.map(({ id }) => id) ?? [];
      expect(nearest.filter((id) => exact(values, 10, upTo(700)).includes(id)).length).toBeGreaterThanOrEqual(9);
      const [first] = found?.nearest ?? [];
      expect(found?.similarityOf(first?.id ?? 0)).toBeCloseTo(first?.similarity ?? 0, 5);
      expect(vectors.isCrowded()).toBe(false);
    }));

  it("are put into clusters when they do not, and found there", () =>
    within(withMirror, async ({ vectors, sql, find, tidy }) => {
      fill(vectors, 1, 4_000);
      expect(vectors.isCrowded()).toBe(true);
      await tidy();
      expect(vectors.isCrowded()).toBe(false);
      expect(vectors.isMirrorBehind()).toBe(false);
      expect(sql.exec("SELECT sum(count) AS count FROM vector_blocks").one()).toEqual({ count: 4_000 });
      expect(vectors.lastId("test/made-up")).toBe(4_000);
      let right = 0;
      for (let i = 0; i < 20; i++) {
        const values = vectorOf(10_000 + i);
        const nearest = (await find(values, 10))?.nearest.map(({ id }) => id) ?? [];
        right += nearest.filter((id) => exact(values, 10, upTo(4_000)).includes(id)).length;
      }
      expect(right / 200).toBeGreaterThan(0.9);
    }));

  it("are found under a filter that leaves only what is far away", () =>
    within(withMirror, async ({ vectors, find, tidy }) => {
      fill(vectors, 1, 4_000);
      await tidy();
      vectors.add("test/made-up", [{ id: 4_001, doc: 77, vector: vectorOf(4_001) }]);
      const found = await find(vectorOf(2), 10, { has: (doc) => doc === 77 });
      expect(found?.nearest.map(({ id }) => id)).toEqual([4_001]);
    }));

  it("are found as soon as they are stored, and never again once they are removed", () =>
    within(withMirror, async ({ vectors, find, tidy }) => {
      fill(vectors, 1, 4_000);
      await tidy();
      vectors.add("test/made-up", [{ id: 4_001, doc: 77, vector: vectorOf(9_999) }]);
      expect((await find(vectorOf(9_999), 1))?.nearest[0]?.id).toBe(4_001);
      await tidy();
      expect((await find(vectorOf(9_999), 1))?.nearest[0]?.id).toBe(4_001);
      vectors.remove(77);
      expect((await find(vectorOf(9_999), 1))?.nearest[0]?.id).not.toBe(4_001);
    }));

  it("come and go while they lie in clusters", () =>
    within(withMirror, async ({ vectors, sql, find, tidy }) => {
      fill(vectors, 1, 4_000);
      await tidy();
      vectors.remove(3);
      expect(sql.exec("SELECT sum(count) AS count FROM vector_blocks").one()).toEqual({ count: 3_600 });
      fill(vectors, 4_001, 2_000);
      await tidy(async () => vectors.remove(4));
      const found = await find(vectorOf(5_555), 5);
      expect(found?.nearest.length).toBe(5);
      expect(found?.nearest.every(({ id }) => id % 10 !== 4)).toBe(true);
      vectors.drop("test/made-up");
      expect(await find(vectorOf(5_555), 5)).toBeNull();
      expect(sql.exec("SELECT count(*) AS count FROM vector_centroids").one()).toEqual({ count: 0 });
    }));
});

describe("a mirror in Vectorize", () => {
  it("holds what does not fit into memory, in batches that the service takes, and gives all of it back", async () => {
    const mirrored = vectorizeIndex();
    await within(
      true,
      async ({ vectors, tidy }) => {
        fill(vectors, 1, 700);
        await tidy();
        expect((await mirrored.log()).calls.upsert).toEqual([]);
        fill(vectors, 701, 3_000);
        vectors.add("test/long", [{ id: 9_000, doc: 1, vector: unit(new Float32Array(80).fill(1)) }]);
        await tidy();
        const { calls, count } = await mirrored.log();
        expect(count).toBe(3_700);
        expect(calls.upsert.reduce((sum, each) => sum + each, 0)).toBe(3_700);
        await vectors.destroyMirror();
        await mirrored.settle();
        expect((await mirrored.log()).count).toBe(0);
      },
      mirrored,
    );
  });

  it("says where to look before it has everything, and is not missed where it fails", async () => {
    const mirrored = vectorizeIndex();
    await within(
      true,
      async ({ vectors, find, tidy }) => {
        fill(vectors, 1, 4_000);
        await mirrored.fail(1);
        await expect(tidy()).rejects.toThrow("500");
        expect(vectors.isMirrorBehind()).toBe(true);
        expect((await find(vectorOf(10_001), 5))?.nearest.length).toBe(5);
        await tidy();
        expect(vectors.isMirrorBehind()).toBe(false);
        const asked = (await mirrored.log()).calls.query.length;
        await mirrored.fail(1);
        expect((await find(vectorOf(10_001), 5))?.nearest.length).toBe(5);
        await find(vectorOf(10_001), 5);
        expect((await mirrored.log()).calls.query.slice(asked)).toEqual([100]);
      },
      mirrored,
    );
  });

  it("keeps clones apart in one index of the service", async () => {
    const mirrored = vectorizeIndex();
    await within(
      true,
      async ({ vectors, tidy }) => {
        fill(vectors, 1, 4_000);
        await tidy();
      },
      mirrored,
    );
    await runInDurableObject(cloneIndex(env, "clone_other"), async (_, { storage }) => {
      const other = new VectorMirror(storage.sql, mirrored.service, "clone_other");
      expect(await other.nearest("test/made-up", vectorOf(1))).toEqual([]);
      other.put("test/made-up", [1]);
      await other.send((_embedder, ids) => new Map(ids.map((id) => [id, vectorOf(id)])));
      await mirrored.settle();
      expect(await other.nearest("test/made-up", vectorOf(1))).toEqual([1]);
      await other.destroy();
      await mirrored.settle();
      expect((await mirrored.log()).count).toBe(4_000);
    });
  });
});
