import { expect, it } from "vitest";
import { ask, eventsIn, messagesOf, openConversation, restartWith, standIn, textOf } from "../chat/testing/turns.ts";
import { call, jsonOf, makeClone, signUp } from "../testing/client.ts";
import { clouds, cloudVariables, runtime } from "../testing/clouds.ts";
import { takeLoggedErrors } from "../testing/logged-errors.ts";
import type { ModelUse, Privacy } from "./use.ts";
import {
  chatModelFor,
  defaultEmbedder,
  embedderFor,
  fastModelFor,
  rerankerFor,
  visionModelFor,
} from "./workspace-models.ts";

const [gemini, anthropic, openrouter] = clouds.map(({ provider, name }) => `${provider}/${name}`);
/** Every job is a cloud's, and whatever fails falls back to one. */
const tempting = {
  DEFAULT_MODEL: `${gemini}`,
  FAST_MODEL: `${gemini}`,
  VISION_MODEL: `${gemini}`,
  EMBEDDING_MODEL: "gemini/gemini-embedding-stand-in",
  RERANK_MODEL: "none",
  FALLBACK_MODELS: [gemini, anthropic, openrouter].join(),
};

/** How often a word has reached a cloud, whichever. */
async function heardByClouds(word: string): Promise<number> {
  const logs = await Promise.all(
    clouds.map(async ({ standIn: at }) => {
      const response = await fetch(new URL("/_log", at));
      const { data } = await response.json<{ data: { path: string; body: unknown }[] }>();
      // OpenRouter's stand-in shares its log with a server of one's own.
      return data.filter(({ path }) => !at.includes("openrouter") || path.includes("openrouter"));
    }),
  );
  return logs.flat().filter((each) => JSON.stringify(each).includes(word)).length;
}

async function conversation(fields: Record<string, unknown> = {}) {
  const { token } = await signUp();
  const id = await openConversation(token, fields);
  await restartWith(id, { ...cloudVariables, ...tempting });
  return {
    token,
    id,
    ask: async (content: string, more: Record<string, unknown>) =>
      eventsIn(await (await ask(token, id, { content, ...more })).text()),
  };
}

const use = (privacy: Privacy): ModelUse => ({
  ...{ workspaceId: "ws_none", privacy, purpose: "embedding", userId: null, keyId: null },
  ...{ cloneId: null, conversationId: null, turnId: null },
});

it("what is bound reaches no cloud, whatever is asked of it and however it fails", async () => {
  const word = "Quetzalcoatlus-1";
  const bound = await conversation({ privacy: "own" });
  const answer = "reply=It+flew+over+the+plains+for+a+very+long+time+indeed.";
  expect(textOf(await bound.ask(`What was ${word}?`, { model: standIn(answer) }))).toContain("It flew");
  expect(textOf(await bound.ask(`And how did it fly?`, { model: standIn(answer) }))).toContain("It flew");
  // What fails falls back to none of them.
  const failed = await bound.ask(`Where was ${word} found?`, { model: standIn("fault=401") });
  expect(failed.at(-1)).toMatchObject({ event: "error" });
  expect(failed.some(({ event }) => event === "fallback")).toBe(false);
  takeLoggedErrors();
  // A cloud's model cannot be chosen for it either.
  expect((await ask(bound.token, bound.id, { content: word, model: gemini })).status).toBe(422);
  const messages = await messagesOf(bound.token, bound.id);
  expect(messages.map(({ privacy }) => privacy)).toEqual(messages.map(() => "own"));
  expect(messages.map(({ lane }) => lane)).not.toContain("cloud");
  expect(await heardByClouds(word)).toBe(0);
});

it("one bound message binds all that follows it", async () => {
  const word = "Quetzalcoatlus-2";
  const { ask: say, token, id } = await conversation();
  await say(`Mind ${word}.`, { model: standIn("reply=Minded."), privacy: "own" });
  expect((await ask(token, id, { content: "And now?", model: anthropic })).status).toBe(422);
  await say("And now?", { model: standIn("reply=Still+minded.") });
  expect((await messagesOf(token, id)).at(-1)).toMatchObject({ privacy: "own", content: "Still minded." });
  expect(await heardByClouds(word)).toBe(0);
});

it("what is not bound is a cloud's where that was chosen: the canary sings", async () => {
  const word = "Quetzalcoatlus-3";
  const { ask: say, token, id } = await conversation();
  await say(`What was ${word}?`, { model: gemini });
  expect((await messagesOf(token, id)).at(-1)).toMatchObject({ privacy: null, lane: "cloud" });
  expect(await heardByClouds(word)).toBeGreaterThan(0);
});

it("its default model is one of the owner's own", async () => {
  expect((await chatModelFor(runtime(tempting), use("own"), null)).info.lane).toBe("own");
});

it("documents of a bound clone have their vectors, pictures and order from no cloud", async () => {
  const set = runtime(tempting);
  expect((await embedderFor(set, use(null), null)).id).toBe(tempting.EMBEDDING_MODEL);
  expect((await embedderFor(set, use("own"), null)).id).not.toContain("gemini");
  expect((await defaultEmbedder(set, "own")).id).not.toContain("gemini");
  expect((await visionModelFor(set, use("own")))?.id ?? "none").not.toContain("gemini");
  expect((await fastModelFor(set, use("own")))?.info.lane ?? "own").toBe("own");
  expect(await rerankerFor(set, use("own"), "workers-ai/@cf/baai/bge-reranker-base")).toBeNull();
  for (const id of [gemini, anthropic, openrouter])
    await expect(chatModelFor(set, use("own"), `${id}`)).rejects.toMatchObject({ code: "model_unavailable" });
});

it("a clone's word binds its conversations, and cannot be taken back by one of them", async () => {
  const { token } = await signUp();
  const clone = await makeClone(token, { privacy: "own" });
  const refused = await call("PATCH", `/api/v1/clones/${clone.id}`, { token, json: { model: "openai/none-such" } });
  expect(refused.status).toBe(422);
  const id = await openConversation(token, { clone_id: clone.id });
  await jsonOf(await call("PUT", `/api/v1/conversations/${id}`, { token, json: { privacy: null } }), 200);
  await ask(token, id, { content: "Hello?" }).then((response) => response.text());
  expect((await messagesOf(token, id)).map(({ privacy }) => privacy)).toEqual(["own", "own"]);
});
