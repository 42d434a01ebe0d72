import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { api } from "../../api.ts";
import { call, jsonOf, makeClone, signUp } from "../../testing/client.ts";
import { takeLoggedErrors } from "../../testing/logged-errors.ts";
import { standIn, upstreamCalls } from "../testing/turns.ts";

const tools = [{ type: "function", function: { name: "weather", parameters: { type: "object", properties: {} } } }];
const picture = { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } };
const shown = [{ role: "user", content: [{ type: "text", text: "What is it?" }, picture] }];
const asked = [{ role: "user", content: "What is it?" }];
const schema = { type: "json_schema", json_schema: { name: "it", schema: { type: "object", properties: {} } } };

/** What an operator says that models of OpenAI’s wire do. */
const catalogue = (models: Record<string, { tool_call?: boolean; attachment?: boolean }>) =>
  JSON.stringify({
    date: "2026-12-01",
    providers: {
      openai: {
        models: Object.fromEntries(Object.entries(models).map(([id, row]) => [id.slice("openai/".length), row])),
      },
    },
  });

async function complete(body: object, variables: Record<string, string>, token?: string) {
  const key = await jsonOf<{ key: string }>(
    await call("POST", "/api/v1/api-keys", { token: token ?? (await signUp()).token, json: { name: "T" } }),
    201,
  );
  const headers = { Authorization: `Bearer ${key.key}`, "Content-Type": "application/json" };
  const request = new Request("http://localhost:8787/v1/chat/completions", {
    ...{ method: "POST", headers, body: JSON.stringify(body) },
  });
  const response = await api.fetch(request, { ...env, ...variables }, createExecutionContext());
  const said = await response.json<{ choices?: { message: { content: string } }[]; error?: { message: string } }>();
  return { status: response.status, content: said.choices?.[0]?.message.content, error: said.error?.message };
}

describe("a model that cannot do what is asked", () => {
  it.each([
    ["tools", { messages: asked, tools }, { tool_call: false }],
    ["pictures", { messages: shown }, { attachment: false }],
  ])("is passed over in line, and never asked: %s", async (_, body, row) => {
    const [first, unable, able] = [standIn("fault=401"), standIn("reply=Unable."), standIn("reply=Able.")];
    const variables = {
      FALLBACK_MODELS: ["offline/extractive", unable, able].join(),
      MODEL_CATALOGUE: catalogue({ [unable]: row }),
    };
    expect(await complete({ model: first, ...body }, variables)).toMatchObject({ status: 200, content: "Able." });
    expect(await upstreamCalls(first)).toHaveLength(1);
    expect(await upstreamCalls(unable)).toHaveLength(0);
  });

  it("is not asked where it was asked for, either, while another one can", async () => {
    const [unable, able] = [standIn("reply=Unable."), standIn("reply=Able.")];
    const variables = { FALLBACK_MODELS: able, MODEL_CATALOGUE: catalogue({ [unable]: { tool_call: false } }) };
    const question = { model: unable, messages: asked };
    expect(await complete({ ...question, tools }, variables)).toMatchObject({ content: "Able." });
    expect(await complete(question, variables)).toMatchObject({ content: "Unable." });
    expect(await upstreamCalls(unable)).toHaveLength(1);
  });

  it("is said where no other can", async () => {
    const unable = standIn("reply=Unable.");
    const variables = { MODEL_CATALOGUE: catalogue({ [unable]: { attachment: false } }) };
    const { status, error } = await complete({ model: unable, messages: shown }, variables);
    expect(status).toBe(503);
    expect(error).toContain(`The model “${unable}” sees no pictures. Choose another model.`);
    expect(await upstreamCalls(unable)).toHaveLength(0);
    expect(takeLoggedErrors()).toHaveLength(1);
  });

  it.each([
    ["sees no pictures", { messages: shown }],
    ["writes no JSON", { messages: asked, response_format: schema }],
  ])("is also a clone’s offline reader, which %s", async (lack, body) => {
    const { token } = await signUp();
    const clone = await makeClone(token, { model: "offline/extractive" });
    const { error } = await complete({ model: `clone:${clone.slug}`, ...body }, {}, token);
    expect(error).toContain(`The model “offline/extractive” ${lack}.`);
    const able = standIn("reply=%7B%7D");
    const instead = await complete({ model: `clone:${clone.slug}`, ...body }, { FALLBACK_MODELS: able }, token);
    expect(instead).toMatchObject({ status: 200, content: "{}" });
    expect(takeLoggedErrors()).toHaveLength(1);
  });

  it("is asked where nobody knows what it can do", async () => {
    const unknown = standIn("reply=Asked.");
    expect(await complete({ model: unknown, messages: shown, tools }, {})).toMatchObject({ content: "Asked." });
  });
});
