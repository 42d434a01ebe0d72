import { describe, expect, it } from "vitest";
import { call, jsonOf, signUp } from "../../testing/client.ts";
import { ask, messagesOf, openConversation, restartWith, standIn, upstreamCalls } from "../testing/turns.ts";

interface Settings {
  id: string;
  model: string | null;
  temperature: number | null;
  top_p: number | null;
  max_tokens: number | null;
}

const path = (id: string, rest = "") => `/api/v1/conversations/${id}${rest}`;
const change = async (token: string, id: string, json: Record<string, unknown>) =>
  jsonOf<Settings>(await call("PUT", path(id), { token, json }), 200);
const askWhole = async (token: string, id: string, json: Record<string, unknown>) =>
  void (await (await ask(token, id, json)).text());
const lastBody = async (model: string) => (await upstreamCalls(model)).at(-1)?.body;

describe("how a conversation asks its model", () => {
  it("goes with every question, but for what the question says itself", async () => {
    const { token } = await signUp();
    const model = standIn("reply=Yes.");
    const id = await openConversation(token, { model, temperature: 0.2, top_p: 0.5 });
    await change(token, id, { max_tokens: 300 });
    await askWhole(token, id, { content: "One" });
    expect(await lastBody(model)).toMatchObject({ temperature: 0.2, top_p: 0.5, max_tokens: 300 });
    await askWhole(token, id, { content: "Two", temperature: 0, max_tokens: 20 });
    expect(await lastBody(model)).toMatchObject({ temperature: 0, top_p: 0.5, max_tokens: 20 });
    const answer = (await messagesOf(token, id)).at(-1);
    await (await call("POST", path(id, "/regenerate"), { token, json: { message_id: answer?.id } })).text();
    expect(await lastBody(model)).toMatchObject({ temperature: 0.2, top_p: 0.5, max_tokens: 300 });
  });

  it("allows an answer no more tokens than its model gives, whichever answers", async () => {
    const { token } = await signUp();
    const [small, other] = [standIn("reply=Yes."), standIn("reply=Yes.")];
    const id = await openConversation(token, { max_tokens: 9_000 });
    const models = { [small.slice("openai/".length)]: { limit: { output: 512 } } };
    await restartWith(id, {
      MODEL_CATALOGUE: JSON.stringify({ date: "2026-12-01", providers: { openai: { models } } }),
    });
    await askWhole(token, id, { content: "One", model: small });
    expect(await lastBody(small)).toMatchObject({ max_tokens: 512 });
    await askWhole(token, id, { content: "Two", model: small, max_tokens: 20 });
    expect(await lastBody(small)).toMatchObject({ max_tokens: 20 });
    await askWhole(token, id, { content: "Three", model: other });
    expect(await lastBody(other)).toMatchObject({ max_tokens: 9_000 });
  });

  it("holds for each model of a comparison", async () => {
    const { token } = await signUp();
    const models = [standIn("reply=A."), standIn("reply=B.")];
    const id = await openConversation(token, { temperature: 1.5 });
    await (await call("POST", path(id, "/compare"), { token, json: { content: "Which?", models } })).text();
    for (const model of models) expect(await lastBody(model)).toMatchObject({ temperature: 1.5 });
  });

  it("is the provider’s own again where it is taken back", async () => {
    const { token } = await signUp();
    const model = standIn("reply=Yes.");
    const id = await openConversation(token, { model, temperature: 0.2, top_p: 0.5, max_tokens: 300 });
    expect(await change(token, id, { temperature: null, top_p: null, max_tokens: null })).toMatchObject({
      model,
      temperature: null,
      top_p: null,
      max_tokens: null,
    });
    await askWhole(token, id, { content: "One" });
    const body = await lastBody(model);
    expect(body).not.toHaveProperty("temperature");
    expect(body).not.toHaveProperty("top_p");
  });

  it("goes along into a fork, and into a file and out of it", async () => {
    const { token } = await signUp();
    const settings = { temperature: 0, top_p: 0.5, max_tokens: 300 };
    const id = await openConversation(token, settings);
    await askWhole(token, id, { content: "One", model: standIn("reply=Yes.") });
    const answer = (await messagesOf(token, id)).at(-1);
    const fork = await call("POST", path(id, "/fork"), { token, json: { message_id: answer?.id } });
    expect(await jsonOf<Settings>(fork, 201)).toMatchObject(settings);
    const file = await jsonOf<Record<string, unknown>>(await call("GET", path(id, "/export"), { token }), 200);
    const importing = await call("POST", "/api/v1/conversations/import", { token, json: file });
    const [copy] = (await jsonOf<{ data: { id: string }[] }>(importing, 201)).data;
    expect(await jsonOf<Settings>(await call("GET", path(copy?.id ?? ""), { token }), 200)).toMatchObject(settings);
  });

  it.each([
    ["temperature", 2.1],
    ["temperature", -1],
    ["top_p", 0],
    ["top_p", 1.5],
    ["max_tokens", 0],
    ["max_tokens", 1.5],
    ["max_tokens", 40_000],
  ])("refuses %s = %s, and says what it may be", async (field, value) => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const refused = await call("PUT", path(id), { token, json: { [field]: value } });
    const { errors } = await jsonOf<{ errors: { path: string; message: string }[] }>(refused, 422);
    expect(errors).toEqual([{ path: field, message: expect.stringMatching(/^Use /) }]);
  });
});
