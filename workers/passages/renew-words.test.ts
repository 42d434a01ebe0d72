import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { embedText } from "../models/offline/hash-embedder.ts";
import { offlineHashId } from "../models/offline-ids.ts";
import { cloneIndex } from "./clone-index.ts";
import { inParts, putInIndex } from "./put-in-index.ts";

const index = () => cloneIndex(env, "clone_renewed");
const find = async (query: string) =>
  (await index().search({ query, vector: null, topK: 1, mode: "keyword" }))[0]?.text;

it("cuts passages into words again that an earlier version cut, by itself", async () => {
  const texts = ["The reset code for pump XR-500A is 7431.", "Парковка стоит сто рублей.", "The gates close at dusk."];
  const chunks = texts.map((text, ordinal) => ({
    ordinal,
    text,
    page: null,
    section: null,
    start: 0,
    end: text.length,
  }));
  const vectors = new Float32Array(texts.flatMap((text) => [...embedText(text)]));
  const passages = inParts({ chunks, embedderId: offlineHashId, vectors });
  await putInIndex(env, { id: "doc_old", cloneId: "clone_renewed", kind: "text" }, passages);
  await runInDurableObject(index(), async (_, { storage }) => {
    // As a version left them whose table knew nothing of versions, and whose words were others.
    storage.sql.exec("DROP INDEX chunks_words");
    storage.sql.exec("ALTER TABLE chunks DROP COLUMN words");
    storage.sql.exec("UPDATE chunks SET terms = 'forgotten' || id, length = 1");
    storage.sql.exec("DELETE FROM chunk_terms");
    storage.sql.exec("INSERT INTO chunk_terms (rowid, terms) SELECT id, terms FROM chunks");
    await storage.deleteAlarm();
  });
  await evictDurableObject(index());
  expect(await find("стоимость парковки")).toBeUndefined();
  expect(await runDurableObjectAlarm(index())).toBe(true);
  expect(await find("стоимость парковки")).toBe(texts[1]);
  expect(await find("code of XR-500A")).toBe(texts[0]);
  await runInDurableObject(index(), (_, { storage }) => {
    expect(storage.sql.exec("SELECT count(*) AS n FROM chunks WHERE words > 0 AND length > 1").one().n).toBe(3);
    expect(storage.sql.exec("SELECT count(*) AS n FROM term_counts WHERE term LIKE 'forgotten%'").one().n).toBe(0);
  });
});
