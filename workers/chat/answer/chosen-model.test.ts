import { describe, expect, it } from "vitest";
import { newId } from "../../platform/ids.ts";
import { call, jsonOf, makeClone, signUp } from "../../testing/client.ts";
import { messagesOf, openConversation, standIn, upstreamCalls } from "../testing/turns.ts";

/** Names that no provider here has: mistyped, of another provider, of none. */
const nobodys = [
  "openai/gpt-nonsense",
  "gpt-nonsense",
  "openai/stand-inn",
  "anthropic/claude",
  "ollama/stand-in",
  "offline/x",
  "openai/",
];

const v1 = "/api/v1";

describe("a model that nothing here has", () => {
  it.each(nobodys)("%s is refused wherever it is chosen, with names of some that exist", async (model) => {
    const { token } = await signUp();
    const clone = await makeClone(token);
    const id = await openConversation(token);
    const message = { id: newId("message"), content: "Hi" };
    const first = await call("POST", `${v1}/conversations/${id}/messages`, { token, json: message });
    await first.text();
    const answer = (await messagesOf(token, id)).at(-1);
    const asked: [string, string, Record<string, unknown>][] = [
      ["POST", `${v1}/conversations`, { model }],
      ["PUT", `${v1}/conversations/${id}`, { model }],
      ["POST", `${v1}/conversations/${id}/messages`, { id: newId("message"), content: "Hi", model }],
      ["POST", `${v1}/conversations/${id}/regenerate`, { message_id: answer?.id, model }],
      ["POST", `${v1}/conversations/${id}/compare`, { content: "Hi", models: ["offline/extractive", model] }],
      ["POST", `${v1}/clones`, { name: "A", model }],
      ["PATCH", `${v1}/clones/${clone.id}`, { model }],
    ];
    for (const [method, path, json] of asked) {
      const problem = await jsonOf(await call(method, path, { token, json }), 422);
      expect([path, problem.detail]).toEqual([path, expect.stringContaining("offline/extractive")]);
    }
    const completion = { model, messages: [{ role: "user", content: "Hi" }] };
    const { error } = await jsonOf<{ error: { code: string } }>(
      await call("POST", "/v1/chat/completions", { token, json: completion }),
      404,
    );
    expect(error.code).toBe("model_not_found");
    const calls = await upstreamCalls(model.startsWith("openai/") ? model : `openai/${model}`);
    // What asks a server for its models names none, which is what “openai/” asks about.
    expect(calls.filter(({ path }) => path.endsWith("/chat/completions"))).toEqual([]);
  });

  it("is no reader's embedding model either", async () => {
    const { token } = await signUp();
    const { id } = await makeClone(token);
    const put = (model: string) =>
      call("PUT", `${v1}/pipeline/config?clone_id=${id}`, { token, json: { embedding: { model } } });
    expect((await put("openai/gpt-nonsense")).status).toBe(422);
    expect((await put("openai/stand-in-embedding")).status).toBe(200);
  });
});

describe("a model that the server lists", () => {
  it("is taken with and without its provider, and in its variants", async () => {
    const { token } = await signUp();
    for (const model of ["openai/stand-in", "stand-in", "stand-in:free", standIn("reply=Yes.")]) {
      expect((await call("POST", `${v1}/conversations`, { token, json: { model } })).status).toBe(201);
    }
  });
});
