import { expect, inject, it } from "vitest";
import type { Embedder } from "../../models/ports/embedder.ts";
import { contentHash } from "../../passages/embedded-text.ts";
import type { Chunk } from "../../reading/chunk-document.ts";
import { call, jsonOf, makeClone, signUp } from "../../testing/client.ts";
import { fileOf, settled, upload } from "../testing/documents.ts";
import { embedChunks } from "./embed-chunks.ts";

const standIn = inject("openaiStandIn");
let models = 0;

/** The texts that the stand-in was asked to embed for passages of this model, call by call. */
async function asked(model: string): Promise<string[][]> {
  const response = await fetch(`${standIn.replace(/\/v1$/, "")}/_log?${new URLSearchParams({ model })}`);
  const { data } = await response.json<{ data: { outcome: string; body: { input: string[] } }[] }>();
  return data.filter(({ outcome }) => outcome === "complete").map(({ body }) => body.input);
}

async function cloneWith(orders: string) {
  models += 1;
  const model = `stand-in-embedding?${orders}&model=${models}`;
  const { token } = await signUp();
  const clone = await makeClone(token);
  const json = { embedding: { model: `openai/${model}` } };
  await jsonOf(await call("PUT", `/api/v1/pipeline/config?clone_id=${clone.id}`, { token, json }), 200);
  const stepOf = async (id: string) => {
    const { run_id, status } = await settled(token, id);
    expect(status).toBe("indexed");
    const run = await jsonOf<{ steps: { step: string; attempts: number; output: Record<string, number> }[] }>(
      await call("GET", `/api/v1/pipeline/status/${run_id}`, { token }),
      200,
    );
    return run.steps.find(({ step }) => step === "embedding");
  };
  return { token, clone, model, stepOf };
}

const chapter = (title: string, text: string) => `# ${title}\n\n${text}\n\n`;
const ropes = chapter("Ropes", "A bowline holds a ship to the quay and comes loose again after any load.");
const sails = chapter("Sails", "The jib is the sail before the mast, and is taken in first when the wind gets up.");
const tides = chapter("Tides", "At springs the tide runs four knots past the harbour mouth.");

it("pays for a text once in a clone: another file, or a new version, brings only what is new", async () => {
  const { token, clone, model, stepOf } = await cloneWith("");
  const [first] = await upload(token, clone.id, fileOf("sailing.md", ropes + sails));
  const step = await stepOf(first?.id ?? "");
  expect(step?.output).toMatchObject({ vectors: 2, reused: 0 });
  expect(step?.output.tokens).toBeGreaterThan(30);
  const [second] = await upload(token, clone.id, fileOf("more.md", sails + tides));
  expect((await stepOf(second?.id ?? ""))?.output).toMatchObject({ vectors: 2, reused: 1 });
  expect((await asked(model)).map((texts) => texts.map((text) => text.split("\n")[0]))).toEqual([
    ["Ropes", "Sails"],
    ["Tides"],
  ]);
  const found = await jsonOf<{ data: { text: string }[] }>(
    await call("POST", "/api/v1/documents/search", {
      token,
      json: { clone_id: clone.id, query: "Which sail stands before the mast?", mode: "vector", top_k: 4 },
    }),
    200,
  );
  expect(found.data[0]?.text).toContain("The jib");
});

it("forgets a vector with the last document that had its text", async () => {
  const { token, clone, model, stepOf } = await cloneWith("");
  const [first] = await upload(token, clone.id, fileOf("tides.md", tides));
  await stepOf(first?.id ?? "");
  await call("DELETE", `/api/v1/documents/${first?.id}`, { token });
  const [again] = await upload(token, clone.id, fileOf("tides.md", tides));
  expect((await stepOf(again?.id ?? ""))?.output).toMatchObject({ vectors: 1, reused: 0 });
  expect((await asked(model)).length).toBe(2);
});

it("asks a model that is busy again, without beginning the step anew", async () => {
  const { token, clone, model, stepOf } = await cloneWith("fault=429&retry_after=0&times=3");
  const [document] = await upload(token, clone.id, fileOf("ropes.md", ropes));
  expect((await stepOf(document?.id ?? ""))?.attempts).toBe(1);
  expect((await asked(model)).length).toBe(1);
});

it("embeds all anew where another model answers to the same name", async () => {
  const chunks: Chunk[] = ["one", "two"].map((text, ordinal) => ({
    ordinal,
    text,
    start: 0,
    end: 3,
    page: null,
    section: null,
  }));
  const embedder: Embedder = {
    id: "openai/swapped",
    dimensions: null,
    batchSize: 8,
    embed: async (texts) => texts.map(() => new Float32Array([0, 1, 0])),
  };
  const of = new Float32Array([1, 0]);
  const made = await embedChunks(embedder, chunks, async () => new Map([[contentHash(chunks[0] as Chunk), of]]));
  expect(made).toMatchObject({ reused: 0, vectors: new Float32Array([0, 1, 0, 0, 1, 0]) });
});
