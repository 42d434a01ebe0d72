import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { call, jsonOf, makeClone, signUp } from "../../testing/client.ts";
import { eventually } from "../../testing/eventually.ts";
import { fileOf, settled, stateOf, upload } from "../testing/documents.ts";

const handbook = Array.from(
  { length: 60 },
  (_, i) => `# Tool ${i}\n\nTool number ${i} is kept in drawer ${i * 3}. It is oiled in spring, and lent to nobody.`,
).join("\n\n");

interface Config {
  chunking: { strategy: string; size: number; overlap: number };
  embedding: { model: string | null };
  retrieval: { method: string; top_k: number; threshold: number };
  refreshing: number;
}

async function withHandbook() {
  const { token } = await signUp();
  const clone = await makeClone(token);
  const [document] = await upload(token, clone.id, fileOf("tools.md", handbook));
  const id = document?.id ?? "";
  const state = await settled(token, id);
  const path = `/api/v1/pipeline/config?clone_id=${clone.id}`;
  const put = (json: unknown) => call("PUT", path, { token, json });
  const search = async (json: object) =>
    (
      await jsonOf<{ data: { text: string; score: number }[] }>(
        await call("POST", "/api/v1/documents/search", { token, json: { clone_id: clone.id, ...json } }),
        200,
      )
    ).data;
  return { token, clone, id, state, path, put, search };
}

/** Waits until every document is read in the way that is set. */
const refreshed = (token: string, path: string) =>
  eventually(async () =>
    expect(await jsonOf(await call("GET", path, { token }), 200)).toMatchObject({ refreshing: 0 }),
  );

describe("a clone’s pipeline", () => {
  it("is as by default until it is changed, and what is left out is so again", async () => {
    const { token, path, put } = await withHandbook();
    const defaults = {
      chunking: { strategy: "structure", size: 225, overlap: 50 },
      embedding: { model: null },
      retrieval: { method: "hybrid", top_k: 8, rewrite: true, reranker: null, threshold: 0 },
    };
    expect(await jsonOf(await call("GET", path, { token }), 200)).toEqual({ ...defaults, refreshing: 0 });
    const changed = await jsonOf<Config>(await put({ retrieval: { top_k: 3 } }), 200);
    expect(changed).toEqual({ ...defaults, retrieval: { ...defaults.retrieval, top_k: 3 }, refreshing: 0 });
    await put({ chunking: { size: 225 } });
    expect(await jsonOf(await call("GET", path, { token }), 200)).toEqual({ ...defaults, refreshing: 0 });
  });

  it("reads documents anew when they are to be cut otherwise; they are found all the while", async () => {
    const { token, id, state, put, search } = await withHandbook();
    expect(state.chunk_count).toBe(60);
    const changed = await jsonOf<Config>(await put({ chunking: { strategy: "sentence", size: 400, overlap: 0 } }), 200);
    expect(changed.refreshing).toBe(1);
    expect(await search({ query: "Where is tool 17 kept?" })).not.toEqual([]);
    expect((await stateOf(token, id)).status).toBe("indexed");
    await eventually(async () => expect((await stateOf(token, id)).chunk_count).toBeLessThan(10));
    expect((await search({ query: "Where is tool 17 kept?" }))[0]?.text).toContain("drawer 51");
    const kept = async () => (await env.UPLOADS.list()).objects.map(({ key }) => key.split("/").slice(4).join("/"));
    await eventually(async () => expect(await kept()).toEqual(["original", "text.json"]));
  });

  it("ends at the last of several changes that come at once", async () => {
    const { token, id, path, put } = await withHandbook();
    await put({ chunking: { strategy: "sentence", size: 400, overlap: 0 } });
    await put({ chunking: { strategy: "fixed", size: 100, overlap: 10 } });
    await put({ chunking: { strategy: "fixed", size: 1_000, overlap: 0 } });
    await refreshed(token, path);
    expect((await stateOf(token, id)).chunk_count).toBe(2);
    const running = "SELECT count(*) AS n FROM pipeline_runs WHERE status = 'running'";
    await eventually(async () => expect(await env.DB.prepare(running).first("n")).toBe(0));
    expect((await stateOf(token, id)).chunk_count).toBe(2);
  });

  it("finds as many as it is set to, by its method, and nothing below its threshold", async () => {
    const { put, search } = await withHandbook();
    const query = "Where is tool number 17 kept?";
    expect(await search({ query })).toHaveLength(8);
    await put({ retrieval: { top_k: 2, method: "keyword" } });
    expect(await search({ query })).toHaveLength(2);
    expect(await search({ query, top_k: 5 })).toHaveLength(5);
    await put({ retrieval: { threshold: 1 } });
    expect(await search({ query: "Who won at chess?" })).toEqual([]);
  });

  it("is written as YAML and read back, and given to another clone", async () => {
    const { token, path, put } = await withHandbook();
    await put({ chunking: { strategy: "fixed", size: 300, overlap: 20 }, retrieval: { threshold: 0.25 } });
    const file = await call("GET", path, { token, headers: { Accept: "application/yaml" } });
    expect(file.headers.get("Content-Type")).toContain("application/yaml");
    const yaml = new TextDecoder().decode(await file.arrayBuffer());
    expect(yaml).toContain("strategy: fixed\n");
    const other = await makeClone(token);
    const headers = { "Content-Type": "application/yaml" };
    const theirs = `/api/v1/pipeline/config?clone_id=${other.id}`;
    const read = await jsonOf<Config>(await call("PUT", theirs, { token, body: yaml, headers }), 200);
    expect(read).toMatchObject({
      chunking: { strategy: "fixed", size: 300, overlap: 20 },
      retrieval: { threshold: 0.25, method: "hybrid" },
    });
    await refreshed(token, path);
  });

  it.each([
    ["an unknown field", { chunk: {} }, 422, "chunk"],
    ["a size beyond the limits", { chunking: { size: 5 } }, 422, "chunking.size"],
    ["an overlap of more than half", { chunking: { size: 100, overlap: 51 } }, 422, "chunking.overlap"],
    ["a method that there is not", { retrieval: { method: "magic" } }, 422, "retrieval.method"],
    ["a model that there is not", { embedding: { model: "offline/none" } }, 422, "embedding.model"],
  ])("refuses %s, and keeps what it has", async (_, json, status, field) => {
    const { token, path, put } = await withHandbook();
    const problem = await jsonOf<{ errors?: { path: string }[] }>(await put(json), status);
    expect(problem.errors?.map(({ path }) => path)).toContain(field);
    expect(await jsonOf(await call("GET", path, { token }), 200)).toMatchObject({ chunking: { size: 225 } });
  });

  it.each([
    ["no YAML", "a: [", 400],
    ["a bomb of aliases", "a: &a [1]\nb: &b [*a, *a]\nc: [*b, *b]", 400],
    ["a list", "- 1", 422],
    ["nothing of a configuration", "chunking: ordinary", 422],
  ])("refuses YAML that is %s", async (_, body, status) => {
    const { token } = await signUp();
    const clone = await makeClone(token);
    const path = `/api/v1/pipeline/config?clone_id=${clone.id}`;
    const response = await call("PUT", path, { token, body, headers: { "Content-Type": "application/yaml" } });
    expect(response.headers.get("Content-Type")).toContain("problem+json");
    expect(response.status).toBe(status);
  });
});

describe("hints", () => {
  it("name documents that say almost the same, and those that contradict each other", async () => {
    const { token } = await signUp();
    const clone = await makeClone(token);
    const old = handbook.replace("Tool number 3 is kept in drawer 9", "Tool number 3 was kept in drawer 8");
    const documents = await upload(
      token,
      clone.id,
      fileOf("tools.md", handbook),
      fileOf("tools-old.md", old),
      fileOf("pump.md", "# Pump\n\nThe warranty of the pump lasts 24 months. It is blue."),
      fileOf("terms.md", "# Terms\n\nOrders are final. Warranty of a pump: lasting 12 months."),
    );
    for (const { id } of documents) await settled(token, id);
    const path = `/api/v1/documents/hints?clone_id=${clone.id}`;
    const hints = await jsonOf<{
      near_duplicates: { documents: { filename: string }[]; similarity: number }[];
      contradictions: { statements: { filename: string; quote: string }[] }[];
    }>(await call("GET", path, { token }), 200);
    expect(hints.near_duplicates.map((pair) => pair.documents.map(({ filename }) => filename).sort())).toEqual([
      ["tools-old.md", "tools.md"],
    ]);
    expect(hints.near_duplicates[0]?.similarity).toBeGreaterThan(0.9);
    expect(hints.contradictions.map((pair) => pair.statements.map(({ quote }) => quote).sort())).toEqual([
      ["The warranty of the pump lasts 24 months.", "Warranty of a pump: lasting 12 months."],
    ]);
    for (const { id, filename } of documents)
      if (filename === "terms.md" || filename === "tools-old.md")
        await call("DELETE", `/api/v1/documents/${id}`, { token });
    expect(await jsonOf(await call("GET", path, { token }), 200)).toEqual({ near_duplicates: [], contradictions: [] });
  });
});
