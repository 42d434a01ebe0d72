import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { cloneIndex } from "../passages/clone-index.ts";
import { createRuntime } from "../platform/runtime.ts";
import { call, jsonOf, makeClone, signUp } from "../testing/client.ts";
import { eventually } from "../testing/eventually.ts";
import { messageFor } from "./ingestion/ingest-message.ts";
import { sweepStalledDocuments } from "./ingestion/ingest-queue.ts";
import { purgeDeletedClones } from "./purge.ts";
import { clearedAway, deliver, fileOf, formOf, settled, stateOf, upload } from "./testing/documents.ts";

const handbook = `# Garden handbook

## Watering

Tomatoes need two litres of water a day in July. Water them in the morning, never on the leaves.

## Pruning

Cut the side shoots of tomatoes every week. Apple trees are pruned in February, before the buds open.
`;

interface Hit {
  document_id: string;
  section: string | null;
  page: number | null;
  text: string;
  score: number;
  start: number;
  end: number;
}

const search = async (token: string, clone_id: string, query: string, fields: Record<string, unknown> = {}) =>
  (
    await jsonOf<{ data: Hit[] }>(
      await call("POST", "/api/v1/documents/search", { token, json: { clone_id, query, ...fields } }),
      200,
    )
  ).data;

async function withHandbook() {
  const { token } = await signUp();
  const clone = await makeClone(token);
  const [document] = await upload(token, clone.id, fileOf("handbook.md", handbook));
  const id = document?.id ?? "";
  const state = await settled(token, id);
  const row = await env.DB.prepare(
    "SELECT id, clone_id AS cloneId, storage_key AS storageKey, bytes FROM documents WHERE id = ?",
  )
    .bind(id)
    .first<Parameters<typeof messageFor>[0]>();
  if (!row) throw new Error("The document is not there.");
  return { token, clone, id, state, storageKey: row.storageKey, message: messageFor(row, state.run_id) };
}

describe("a document", () => {
  it("is read step by step, and found with its section and exact offsets", async () => {
    const { token, clone, id, state } = await withHandbook();
    expect(state).toMatchObject({ status: "indexed", progress: 1, error: null });
    const run = await jsonOf<{ status: string; steps: object[] }>(
      await call("GET", `/api/v1/pipeline/status/${state.run_id}`, { token }),
      200,
    );
    expect(run.status).toBe("succeeded");
    expect(run.steps).toEqual(
      ["partition", "metadata", "enrichment", "chunking", "embedding", "storage"].map((step) =>
        expect.objectContaining({ step, status: "succeeded", attempts: 1 }),
      ),
    );
    const text = await jsonOf<{ parts: { start: number; text: string }[] }>(
      await call("GET", `/api/v1/documents/${id}/text`, { token }),
      200,
    );
    for (const mode of ["hybrid", "keyword", "vector"]) {
      const [best] = await search(token, clone.id, "When are apple trees pruned?", { mode });
      expect(best).toMatchObject({ document_id: id, section: "Garden handbook › Pruning" });
      const part = text.parts.findLast(({ start }) => start <= (best?.start ?? 0));
      expect(part?.text.slice((best?.start ?? 0) - part.start, (best?.end ?? 0) - part.start)).toBe(best?.text);
    }
  });

  it("scores what fits high and what does not low", async () => {
    const { token, clone } = await withHandbook();
    expect((await search(token, clone.id, "How much water do tomatoes need in July?"))[0]?.score).toBeGreaterThan(0.6);
    for (const { score } of await search(token, clone.id, "Who won the chess championship in Reykjavik?"))
      expect(score).toBeLessThan(0.25);
  });

  it("is the same one when its bytes come again, and is found by hostile questions without harm", async () => {
    const { token, clone, id } = await withHandbook();
    expect(await upload(token, clone.id, fileOf("copy.md", handbook))).toEqual([expect.objectContaining({ id })]);
    for (const query of [
      '"',
      "NEAR(",
      "a AND",
      "section:x",
      "*",
      "🍅",
      "the of and",
      "\u0000x",
      `${"tomato ".repeat(280)}`,
      "' OR 1=1 --",
    ]) {
      await search(token, clone.id, query);
    }
  });

  it("goes from everywhere when it is deleted", async () => {
    const { token, clone, id } = await withHandbook();
    expect((await call("DELETE", `/api/v1/documents/${id}`, { token })).status).toBe(204);
    expect(await search(token, clone.id, "tomatoes")).toEqual([]);
    expect((await env.UPLOADS.list()).objects).toEqual([]);
    expect((await call("GET", `/api/v1/documents/${id}`, { token })).status).toBe(404);
  });

  it("does not come back when a late delivery follows its deletion", async () => {
    const { token, clone, id, message, storageKey } = await withHandbook();
    await call("DELETE", `/api/v1/documents/${id}`, { token });
    // What a step that was under way may have left behind.
    await env.UPLOADS.put(`${storageKey}/text.json`, "{}");
    expect(await deliver(message)).toEqual({ acked: true, retried: false });
    expect(await search(token, clone.id, "tomatoes")).toEqual([]);
    expect((await env.UPLOADS.list()).objects).toEqual([]);
  });

  it("leaves nothing when it is deleted at any moment of its reading", async () => {
    const { token } = await signUp();
    const clone = await makeClone(token);
    for (const wait of [0, 5, 10, 20, 40, 80]) {
      const [document] = await upload(token, clone.id, fileOf("handbook.md", `${handbook}\n${wait}`));
      await scheduler.wait(wait);
      expect((await call("DELETE", `/api/v1/documents/${document?.id}`, { token })).status).toBe(204);
    }
    await eventually(async () => expect((await env.UPLOADS.list()).objects).toEqual([]));
    expect(await search(token, clone.id, "tomatoes")).toEqual([]);
    // A step that was under way puts its passages in, finds the document gone, and takes them out again.
    const indexed = () =>
      cloneIndex(env, clone.id).search({ query: "tomatoes", vector: null, topK: 9, mode: "keyword" });
    await eventually(async () => expect(await indexed()).toEqual([]));
  });

  it("is embedded anew when the embedder changes, and stays searchable meanwhile", async () => {
    const { token, clone, id, state } = await withHandbook();
    await env.DB.prepare("UPDATE documents SET embedder = 'other/model'").run();
    await env.DB.prepare("UPDATE pipeline_runs SET created_at = 0").run();
    await sweepStalledDocuments(createRuntime(env), { atStart: false });
    expect(await search(token, clone.id, "tomatoes")).toHaveLength(state.chunk_count);
    expect(await stateOf(token, id)).toMatchObject({ status: "indexed" });
    const embedder = () => env.DB.prepare("SELECT embedder FROM documents").first("embedder");
    await eventually(async () => expect(await embedder()).toBe("offline/hash"));
    const { run_id } = await stateOf(token, id);
    expect(run_id).not.toBe(state.run_id);
    const run = await jsonOf<{ steps: { step: string; attempts: number }[] }>(
      await call("GET", `/api/v1/pipeline/status/${run_id}`, { token }),
      200,
    );
    expect(
      run.steps.map(({ attempts }) => attempts),
      "its text was not read again",
    ).toEqual([0, 1, 1, 1, 1, 1]);
    expect(await search(token, clone.id, "tomatoes")).toHaveLength(state.chunk_count);
    await sweepStalledDocuments(createRuntime(env), { atStart: false });
    expect((await stateOf(token, id)).run_id).toBe(run_id);
  });

  it("is one document when its bytes come twice at once", async () => {
    const { token } = await signUp();
    const clone = await makeClone(token);
    const both = await Promise.all(
      ["a.md", "b.md"].map((name) => upload(token, clone.id, fileOf(name, handbook), fileOf(`2${name}`, handbook))),
    );
    const ids = new Set(both.flat().map(({ id }) => id));
    expect(ids.size).toBe(1);
    expect(both.map((each) => each.length)).toEqual([2, 2]);
    const [id = ""] = ids;
    await settled(token, id);
    await clearedAway(id);
    expect((await env.UPLOADS.list()).objects).toHaveLength(2);
  });

  it("is the same after one delivery and after several, at once or late", async () => {
    const { token, clone, id, state, message } = await withHandbook();
    await Promise.all([deliver(message), deliver(message), deliver(message)]);
    expect(await stateOf(token, id)).toEqual(state);
    expect(await search(token, clone.id, "tomatoes")).toHaveLength(state.chunk_count);
  });

  it("goes on at the step where a process died", async () => {
    const { token, id, state, clone, message } = await withHandbook();
    await env.DB.batch([
      env.DB.prepare(
        "UPDATE documents SET status = 'processing', stage = 'embedding', progress = 0.4, updated_at = 0 WHERE id = ?",
      ).bind(id),
      env.DB.prepare("UPDATE pipeline_runs SET status = 'running', finished_at = NULL WHERE id = ?").bind(state.run_id),
      env.DB.prepare(
        "UPDATE pipeline_steps SET status = 'running', lease_until = 9e15 WHERE run_id = ? AND step = 'chunking'",
      ).bind(state.run_id),
      env.DB.prepare(
        "UPDATE pipeline_steps SET status = 'waiting' WHERE run_id = ? AND step IN ('embedding', 'storage')",
      ).bind(state.run_id),
    ]);
    expect(await deliver(message), "somebody else holds the lease").toEqual({ acked: true, retried: false });
    expect((await stateOf(token, id)).status).toBe("processing");
    await sweepStalledDocuments(createRuntime(env), { atStart: true });
    expect((await settled(token, id)).status).toBe("indexed");
    expect(await search(token, clone.id, "apple trees")).not.toEqual([]);
    const attempts = await env.DB.prepare(
      "SELECT step, attempts FROM pipeline_steps WHERE run_id = ? AND step = 'partition'",
    )
      .bind(state.run_id)
      .first();
    expect(attempts, "parsing was not repeated").toMatchObject({ attempts: 1 });
  });

  it("that cannot be read after all tries says so, and can be tried again", async () => {
    const { token, id, state, message } = await withHandbook();
    await env.DB.batch([
      env.DB.prepare("UPDATE documents SET status = 'processing' WHERE id = ?").bind(id),
      env.DB.prepare("UPDATE pipeline_runs SET status = 'running' WHERE id = ?").bind(state.run_id),
    ]);
    await deliver(message, "understudy-ingest-dead");
    expect(await stateOf(token, id)).toMatchObject({
      status: "failed",
      error: { code: "processing_failed", message: expect.stringContaining("Try again") },
    });
    expect((await call("POST", `/api/v1/documents/${id}/retry`, { token })).status).toBe(202);
    expect((await settled(token, id)).status).toBe("indexed");
    expect((await call("POST", `/api/v1/documents/${id}/retry`, { token })).status).toBe(409);
  });

  it("goes with its clone", async () => {
    const { token, clone } = await withHandbook();
    await call("DELETE", `/api/v1/clones/${clone.id}`, { token });
    await purgeDeletedClones(createRuntime(env));
    expect((await env.UPLOADS.list()).objects).toEqual([]);
    expect(
      (await env.DB.prepare("SELECT (SELECT count(*) FROM documents) + (SELECT count(*) FROM clones) AS n").first())?.n,
    ).toBe(0);
  });
});

describe("bad input", () => {
  const pdfHead = "%PDF-1.7\n%âãÏÓ\n1 0 obj\n<< /Type /Catalog >>";
  it.each([
    ["an empty file", fileOf("notes.pdf", ""), 422, "validation_failed", "empty"],
    [
      "a picture",
      fileOf("notes.txt", new Uint8Array([0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 0, 0, 0, 0])),
      415,
      "unsupported_media_type",
      "GIF",
    ],
    [
      "a binary file",
      fileOf(
        "notes.txt",
        new Uint8Array(400).map((_, i) => i % 7),
      ),
      415,
      "unsupported_media_type",
      "binary",
    ],
    [
      "a cut-off zip",
      fileOf("notes.docx", new Uint8Array([0x50, 0x4b, 3, 4, 0, 0])),
      422,
      "validation_failed",
      "damaged",
    ],
  ])("%s is refused, and nothing of the upload is kept", async (_name, file, status, code, says) => {
    const { token } = await signUp();
    const clone = await makeClone(token);
    const body = formOf(clone.id, fileOf("good.md", "# Good"), file);
    const problem = await jsonOf<{ code: string; detail: string }>(
      await call("POST", "/api/v1/documents/upload", { token, body }),
      status,
    );
    expect(problem).toMatchObject({ code, detail: expect.stringContaining(says) });
    const list = await jsonOf<{ data: [] }>(
      await call("GET", `/api/v1/documents?clone_id=${clone.id}`, { token }),
      200,
    );
    expect(list.data).toEqual([]);
    expect((await env.UPLOADS.list()).objects).toEqual([]);
  });

  it("a broken PDF fails with a sentence, never as an empty success", async () => {
    const { token } = await signUp();
    const clone = await makeClone(token);
    const [document] = await upload(token, clone.id, fileOf("broken.pdf", pdfHead));
    expect(await settled(token, document?.id ?? "")).toMatchObject({
      status: "failed",
      error: { code: "damaged", message: expect.stringContaining("damaged") },
    });
  });

  it("too large an upload is refused with the limit, before it is kept", async () => {
    const { token } = await signUp();
    const clone = await makeClone(token);
    const body = formOf(clone.id, fileOf("big.txt", "x".repeat(50_100_000)));
    const problem = await jsonOf(await call("POST", "/api/v1/documents/upload", { token, body }), 413);
    expect(problem).toMatchObject({ code: "payload_too_large", detail: expect.stringContaining("50 MB") });
  });

  it.each([
    ["no form", { json: {} }, 400],
    [
      "a cut-off form",
      { body: "--x\r\nContent-Dis", headers: { "Content-Type": "multipart/form-data; boundary=x" } },
      400,
    ],
    ["no files", { body: formOf("clone_x") }, 422],
  ])("%s is a clear problem", async (_name, options, status) => {
    const { token } = await signUp();
    expect((await call("POST", "/api/v1/documents/upload", { token, ...options })).status).toBe(status);
  });

  it("a file name cannot point anywhere", async () => {
    const { token } = await signUp();
    const clone = await makeClone(token);
    const [document] = await upload(token, clone.id, fileOf("..\\..\\etc/pass\u202ewd\u0007.md", "# Text"));
    expect(document?.filename).toBe("passwd.md");
  });
});

describe("other people", () => {
  it("find, see and change nothing", async () => {
    const { token, clone, id, state } = await withHandbook();
    const eve = await signUp("Eve");
    for (const [method, path] of [
      ["GET", `/api/v1/documents/${id}`],
      ["GET", `/api/v1/documents/${id}/status`],
      ["GET", `/api/v1/documents/${id}/text`],
      ["GET", `/api/v1/documents/${id}/content`],
      ["POST", `/api/v1/documents/${id}/retry`],
      ["DELETE", `/api/v1/documents/${id}`],
      ["GET", `/api/v1/documents?clone_id=${clone.id}`],
      ["GET", `/api/v1/pipeline/status/${state.run_id}`],
      ["GET", `/api/v1/pipeline/config?clone_id=${clone.id}`],
    ] as const) {
      expect((await call(method, path, { token: eve.token })).status, `${method} ${path}`).toBe(404);
    }
    expect(
      (await call("POST", "/api/v1/documents/search", { token: eve.token, json: { clone_id: clone.id, query: "x" } }))
        .status,
    ).toBe(404);
    expect(
      (
        await call("POST", "/api/v1/documents/upload", {
          token: eve.token,
          body: formOf(clone.id, fileOf("a.md", "# A")),
        })
      ).status,
    ).toBe(404);
    expect((await stateOf(token, id)).status).toBe("indexed");
  });

  it("read a public clone’s documents only where it shows them", async () => {
    const { token, clone, id } = await withHandbook();
    await call("PATCH", `/api/v1/clones/${clone.id}`, { token, json: { visibility: "public" } });
    const { visitor_token } = await jsonOf<{ visitor_token: string }>(
      await call("POST", "/api/v1/visitors", { json: { clone: clone.slug } }),
      201,
    );
    const read = () => call("GET", `/api/v1/documents/${id}/text`, { token: visitor_token });
    expect((await read()).status).toBe(404);
    await call("PATCH", `/api/v1/clones/${clone.id}`, { token, json: { source_access: "documents" } });
    expect((await read()).status).toBe(200);
    const content = await call("GET", `/api/v1/documents/${id}/content`, { token: visitor_token });
    expect(await content.text()).toBe(handbook);
    expect(content.headers.get("Content-Security-Policy")).toContain("sandbox");
  });
});
