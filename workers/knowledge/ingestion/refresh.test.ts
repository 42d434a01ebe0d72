import { env } from "cloudflare:workers";
import { describe, expect, inject, it } from "vitest";
import { createRuntime } from "../../platform/runtime.ts";
import { call, jsonOf, makeClone, signUp } from "../../testing/client.ts";
import { eventually } from "../../testing/eventually.ts";
import { takeLoggedErrors } from "../../testing/logged-errors.ts";
import { deliver, fileOf, settled, stateOf, upload } from "../testing/documents.ts";
import { messageFor } from "./ingest-message.ts";
import { sweepStalledDocuments } from "./ingest-queue.ts";

const standIn = inject("openaiStandIn").replace(/\/v1$/, "");
let models = 0;
const newModel = (orders = "") => `openai/stand-in-embedding?${orders}&refresh=${++models}`;

/** The texts that the stand-in was asked to embed by a model. */
async function textsFor(model: string): Promise<string[]> {
  const query = new URLSearchParams({ model: model.slice("openai/".length) });
  const { data } = await (await fetch(`${standIn}/_log?${query}`)).json<{ data: { body: { input: string[] } }[] }>();
  return data.flatMap(({ body }) => body.input);
}

const ropes = "# Ropes\n\nA bowline holds a ship to the quay and comes loose again after any load.";
const sails = "# Sails\n\nThe jib is the sail before the mast, and is taken in first when the wind gets up.";

async function withClone(model: string | null) {
  const { token } = await signUp();
  const clone = await makeClone(token);
  const path = `/api/v1/pipeline/config?clone_id=${clone.id}`;
  const state = async () =>
    jsonOf<{ refreshing: number; refresh_error?: string }>(await call("GET", path, { token }), 200);
  const choose = async (chosen: string | null) =>
    jsonOf<{ refreshing: number }>(await call("PUT", path, { token, json: { embedding: { model: chosen } } }), 200);
  if (model) await choose(model);
  const add = async (name: string, text: string) => {
    const [document] = await upload(token, clone.id, fileOf(name, text));
    expect(await settled(token, document?.id ?? "")).toMatchObject({ status: "indexed" });
    return document?.id ?? "";
  };
  const find = async (query: string, mode = "vector") => {
    const json = { clone_id: clone.id, query, mode };
    const { data } = await jsonOf<{ data: { filename: string }[] }>(
      await call("POST", "/api/v1/documents/search", { token, json }),
      200,
    );
    return data.map(({ filename }) => filename);
  };
  const refreshed = () => eventually(async () => expect(await state()).toMatchObject({ refreshing: 0 }));
  return { token, clone, state, choose, add, find, refreshed };
}

/** Sets a clone's model without anything being read anew, as it is in the middle of a change. */
const turnTo = (cloneId: string, model: string) =>
  env.DB.prepare(
    "UPDATE clone_pipelines SET embedder = ?1, config = json_set(config, '$.embedding.model', ?1) WHERE clone_id = ?2",
  )
    .bind(model, cloneId)
    .run();

const sweep = () => sweepStalledDocuments(createRuntime(env), { atStart: false });
const embedders = async () => {
  const { results } = await env.DB.prepare("SELECT embedder FROM documents ORDER BY filename").all<{
    embedder: string;
  }>();
  return results.map(({ embedder }) => embedder);
};

describe("a change of the embedding model", () => {
  it("takes every document along; half done, each is compared by the model that embedded it, old and new", async () => {
    const [old, next] = ["offline/hash", newModel()];
    const { clone, state, choose, add, find, refreshed } = await withClone(old);
    await add("ropes.md", ropes);
    await turnTo(clone.id, next);
    // Uploaded after the change: by the new model, whose vectors are of another length.
    await add("sails.md", sails);
    expect(await embedders()).toEqual([old, next]);
    expect(await state()).toEqual(expect.objectContaining({ refreshing: 1 }));
    expect((await find("A bowline holds a ship"))[0]).toBe("ropes.md");
    expect((await find("the sail before the mast"))[0]).toBe("sails.md");
    expect((await choose(next)).refreshing).toBe(1);
    await refreshed();
    expect(await embedders()).toEqual([next, next]);
    expect((await find("A bowline holds a ship"))[0]).toBe("ropes.md");
    const asked = (await textsFor(next)).length;
    expect((await choose(old)).refreshing).toBe(2);
    await refreshed();
    expect((await find("the sail before the mast"))[0]).toBe("sails.md");
    expect((await textsFor(next)).length, "nothing is asked of a model that is not used any more").toBe(asked);
  });

  it("and back again in the middle of it is ended by the sweep, at once", async () => {
    const [old, next] = [newModel(), newModel()];
    const { clone, choose, add, find, refreshed } = await withClone(old);
    await add("ropes.md", ropes);
    await turnTo(clone.id, next);
    await add("sails.md", sails);
    await choose(old);
    await refreshed();
    expect(await embedders()).toEqual([old, old]);
    // As a run leaves it that had begun before the last change.
    await env.DB.prepare("UPDATE documents SET embedder = ?").bind(next).run();
    await env.DB.prepare("UPDATE clone_pipelines SET updated_at = updated_at + 3600000").run();
    await sweep();
    await refreshed();
    expect((await find("the sail before the mast"))[0]).toBe("sails.md");
  });

  it("from one that is gone leaves its documents to be found by their words until the other has embedded them", async () => {
    const { clone, add, find, refreshed, choose } = await withClone("offline/hash");
    await add("ropes.md", ropes);
    await turnTo(clone.id, newModel());
    await add("sails.md", sails);
    await env.DB.prepare("UPDATE documents SET embedder = 'workers-ai/gone' WHERE filename = 'ropes.md'").run();
    expect((await find("bowline quay load", "hybrid"))[0]).toBe("ropes.md");
    expect((await find("the sail before the mast"))[0]).toBe("sails.md");
    await choose(newModel());
    await refreshed();
    expect((await find("A bowline holds a ship"))[0]).toBe("ropes.md");
  });

  it("to one that does not answer leaves all as it is, and says why", async () => {
    const dead = newModel("fault=429&retry_after=3600");
    const { token, choose, add, find, state } = await withClone(null);
    const id = await add("ropes.md", ropes);
    await choose(dead);
    await eventually(async () => expect(takeLoggedErrors().join()).toContain("pipeline_step_failed"));
    expect(await state()).toEqual(expect.not.objectContaining({ refresh_error: expect.anything() }));
    const row = await env.DB.prepare(
      "SELECT id, clone_id AS cloneId, storage_key AS storageKey, bytes FROM documents",
    ).first<Parameters<typeof messageFor>[0]>();
    if (!row) throw new Error("The document is not there.");
    await deliver(messageFor(row, (await stateOf(token, id)).run_id), "understudy-ingest-dead");
    expect(await state()).toMatchObject({ refreshing: 1, refresh_error: expect.stringContaining("embedding model") });
    expect(await stateOf(token, id)).toMatchObject({ status: "indexed", error: null });
    expect((await find("A bowline holds a ship"))[0], "by the vectors that are there").toBe("ropes.md");
    expect(takeLoggedErrors().join()).toContain("query_not_embedded");
  });
});

it("the sweep takes documents that were read a moment ago, and none again that it has gone over in vain", async () => {
  const { token, add } = await withClone(null);
  const id = await add("ropes.md", ropes);
  const first = (await stateOf(token, id)).run_id;
  const other = () => env.DB.prepare("UPDATE documents SET embedder = 'other/model'").run();
  await other();
  await sweep();
  await eventually(async () => expect(await embedders()).toEqual(["offline/hash"]));
  const { run_id } = await stateOf(token, id);
  expect(run_id).not.toBe(first);
  await other();
  await sweep();
  expect((await stateOf(token, id)).run_id).toBe(run_id);
});
