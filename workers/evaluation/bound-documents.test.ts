import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { api } from "../api.ts";
import { standIn } from "../chat/testing/turns.ts";
import { sweepStalledDocuments } from "../knowledge/ingestion/ingest-queue.ts";
import { deliver, fileOf, formOf, stateOf } from "../knowledge/testing/documents.ts";
import { createRuntime } from "../platform/runtime.ts";
import { makePng } from "../reading/testing/images.ts";
import { call, jsonOf, makeClone, signUp } from "../testing/client.ts";
import { clouds, cloudVariables } from "../testing/clouds.ts";
import { consumeEvaluations } from "./evaluation-queue.ts";
import { evaluationMessage } from "./messages.ts";

let canaries = 0;

/** An installation in which a cloud does every job, and everything falls back to clouds; each model is asked by nobody else. */
function tempting() {
  canaries += 1;
  const [gemini = "", anthropic = "", openrouter = ""] = clouds.map(
    ({ provider, name }) => `${provider}/${name}?canary=${canaries}`,
  );
  const asked: unknown[] = [];
  const AI = {
    async run(...call: [string, { query?: string; contexts?: unknown[] }]) {
      asked.push(call);
      return { response: (call[1].contexts ?? []).map((_, id) => ({ id, score: 0.9 })) };
    },
    models: async () => [],
  };
  const queue: unknown[] = [];
  const INGEST_QUEUE = {
    send: async (message: unknown) => void queue.push(message),
    sendBatch: async (messages: Iterable<{ body: unknown }>) =>
      void queue.push(...[...messages].map(({ body }) => body)),
  };
  const embedding = `gemini/gemini-embedding-stand-in?dimensions=${10 + canaries}`;
  const bindings = {
    ...{ ...env, ...cloudVariables, AI, INGEST_QUEUE },
    ...{ DEFAULT_MODEL: gemini, FAST_MODEL: openrouter, VISION_MODEL: anthropic, EMBEDDING_MODEL: embedding },
    ...{
      RERANK_MODEL: "workers-ai/@cf/baai/bge-reranker-base",
      FALLBACK_MODELS: [gemini, anthropic, openrouter].join(),
    },
  } as unknown as Env;
  /** What has reached a cloud by now: calls of these models, and whatever holds `word`. */
  const heard = async (word: string) => {
    const names = [gemini, anthropic, openrouter, embedding];
    const logs = await Promise.all(
      clouds.map(async ({ standIn }) => {
        const { data } = await (await fetch(new URL("/_log", standIn))).json<{
          data: { path: string; model: string }[];
        }>();
        // OpenRouter’s stand-in shares its log with a server of one’s own.
        return data.filter(({ path }) => !standIn.includes("openrouter") || path.includes("openrouter"));
      }),
    );
    const isMeant = (each: { model: string }) =>
      names.some((name) => name.endsWith(`/${each.model}`)) || JSON.stringify(each).includes(word);
    return { models: logs.flat().filter(isMeant).length, rerankers: asked.length };
  };
  return { bindings, queue, heard, embedding };
}
type Tempting = ReturnType<typeof tempting>;

/** A person whose clone may be bound, with everything that is done for it in such an installation. */
async function person({ bindings, queue }: Tempting, fields: Record<string, unknown>) {
  const { token } = await signUp();
  const clone = await makeClone(token, fields);
  const send = (method: string, path: string, body: FormData | object) => {
    const isForm = body instanceof FormData;
    const headers = { Authorization: `Bearer ${token}`, ...(isForm ? {} : { "Content-Type": "application/json" }) };
    const init = { method, headers, body: isForm ? body : JSON.stringify(body) };
    return api.fetch(new Request(`http://localhost:8787/api/v1${path}`, init), bindings, createExecutionContext());
  };
  /** Works through the queue as its consumer does. */
  const work = async () => {
    for (let message = queue.shift(); message; message = queue.shift())
      expect((await deliver(message, "understudy-ingest", bindings)).acked).toBe(true);
  };
  const add = async (...files: File[]) => {
    const { data } = await jsonOf<{ data: { id: string }[] }>(
      await send("POST", "/documents/upload", formOf(clone.id, ...files)),
      202,
    );
    await work();
    return Promise.all(data.map(({ id }) => stateOf(token, id)));
  };
  const find = async (query: string) => {
    const { data } = await jsonOf<{ data: { filename: string }[] }>(
      await send("POST", "/documents/search", { clone_id: clone.id, query }),
      200,
    );
    return data.map(({ filename }) => filename);
  };
  const evaluate = async (question: string) => {
    await jsonOf(await send("POST", "/evaluation/questions", { clone_id: clone.id, questions: [{ question }] }), 201);
    const run = await jsonOf<{ id: string }>(await send("POST", "/evaluation/runs", { clone_id: clone.id }), 202);
    const message = { ack() {}, retry() {} } as unknown as Message;
    const body = evaluationMessage.parse(queue.shift());
    await consumeEvaluations(createRuntime(bindings), [{ message, body }], false);
    const path = `/api/v1/evaluation/runs/${run.id}`;
    const { results } = await jsonOf<{ results: { status: string; answer: string | null; error: string | null }[] }>(
      await call("GET", path, { token }),
      200,
    );
    return results.at(-1);
  };
  return { token, clone, send, work, add, find, evaluate };
}

/** What binds a clone; its answers are by a model of an own machine that nobody else asks. */
const ownModel = () => ({ privacy: "own", model: standIn("reply=Eleven+metres.") });

const files = (word: string) => [
  fileOf("lizards.md", `# ${word}\n\nThe ${word} glided over the plains on wings of eleven metres.`),
  fileOf("necks.md", `# Necks\n\nThe neck of ${word} was short, and its wings were wide.`),
  fileOf("wing.png", makePng()),
];

it("documents of a bound clone are read, found and tested with, and nothing of that reaches a cloud", async () => {
  const word = "Hatzegopteryx";
  const set = tempting();
  const bound = await person(set, ownModel());
  const [text, , picture] = await bound.add(...files(word));
  expect(text).toMatchObject({ status: "indexed" });
  // No own machine sees.
  expect(picture?.error?.message).toContain("to a model of an own machine where the clone is bound");
  expect(await bound.find(`How wide were the wings of ${word}?`)).toContain("lizards.md");
  await bound.evaluate(`How wide were the wings of ${word}?`);
  expect(await set.heard(word)).toEqual({ models: 0, rerankers: 0 });
});

it("those of another are a cloud’s in every job: the canary sings", async () => {
  const word = "Arambourgiania";
  const set = tempting();
  const free = await person(set, {});
  expect(await free.add(...files(word))).toMatchObject(files(word).map(() => ({ status: "indexed" })));
  const { models } = await set.heard(word);
  // Documents were embedded, and a picture was looked at.
  expect(models).toBeGreaterThanOrEqual(3);
  expect(await free.find(`How wide were the wings of ${word}?`)).toContain("lizards.md");
  await free.evaluate(`How wide were the wings of ${word}?`);
  const then = await set.heard(word);
  expect(then.models).toBeGreaterThan(models);
  expect(then.rerankers).toBeGreaterThan(0);
});

it("what is bound later on is embedded anew by one’s own, found and tested with, and no cloud hears of it again", async () => {
  const word = "Alanqa";
  const set = tempting();
  const later = await person(set, {});
  await later.add(...files(word));
  await jsonOf(await later.send("PATCH", `/clones/${later.clone.id}`, ownModel()), 200);
  const before = await set.heard(word);
  await sweepStalledDocuments(createRuntime(set.bindings), { atStart: true });
  await later.work();
  expect(await later.find(`How wide were the wings of ${word}?`)).toContain("lizards.md");
  expect(await later.add(fileOf("more.md", `# More\n\nOf ${word} there is one jaw.`))).toMatchObject([
    { status: "indexed" },
  ]);
  await later.evaluate(`How wide were the wings of ${word}?`);
  const embedders = await env.DB.prepare(
    "SELECT DISTINCT embedder FROM documents WHERE clone_id = ?1 AND filename LIKE '%.md'",
  )
    .bind(later.clone.id)
    .all();
  expect(JSON.stringify(embedders.results)).not.toContain("gemini");
  expect(await set.heard(word)).toEqual(before);
});

it("a cloud’s embedder that was chosen before the clone was bound embeds nothing more, and the document says so", async () => {
  const word = "Zhejiangopterus";
  const set = tempting();
  const later = await person(set, {});
  const config = `/pipeline/config?clone_id=${later.clone.id}`;
  await jsonOf(await later.send("PUT", config, { embedding: { model: set.embedding } }), 200);
  await jsonOf(await later.send("PATCH", `/clones/${later.clone.id}`, ownModel()), 200);
  const [refused] = await later.add(...files(word).slice(0, 1));
  expect(refused).toMatchObject({ status: "failed", error: { code: "model_elsewhere" } });
  expect(refused?.error?.message).toContain(`none of them has “${set.embedding}”`);
  expect(await set.heard(word)).toEqual({ models: 0, rerankers: 0 });
  expect((await later.send("PUT", config, { embedding: { model: set.embedding } })).status).toBe(422);
  await jsonOf(await later.send("PUT", config, { embedding: { model: null } }), 200);
  await later.work();
  expect(await later.add(fileOf("again.md", `# ${word}\n\nIt was ${word}.`))).toMatchObject([{ status: "indexed" }]);
  expect(await set.heard(word)).toEqual({ models: 0, rerankers: 0 });
});

it("pictures are looked at by the model that LLM_PROVIDER does that by, with no variable of its own", async () => {
  const set = tempting();
  const { VISION_MODEL: _, ...others } = set.bindings as Env & { VISION_MODEL?: string };
  set.bindings = { ...others, LLM_PROVIDER: "anthropic" } as unknown as Env;
  const free = await person(set, {});
  expect(await free.add(fileOf("wing.png", makePng()))).toMatchObject([{ status: "indexed" }]);
});
