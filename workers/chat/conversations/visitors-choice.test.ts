import { describe, expect, it } from "vitest";
import { newId } from "../../platform/ids.ts";
import { call, jsonOf, makeClone, signUp } from "../../testing/client.ts";

const v1 = "/api/v1";

/** A visitor of a public clone, and a conversation of theirs. */
async function visitor() {
  const { token: owner } = await signUp();
  const { slug } = await makeClone(owner, { visibility: "public" });
  const { visitor_token: token } = await jsonOf<{ visitor_token: string }>(
    await call("POST", `${v1}/visitors`, { json: { clone: slug } }),
    201,
  );
  const { id } = await jsonOf<{ id: string }>(await call("POST", `${v1}/conversations`, { token, json: {} }), 201);
  return { owner, token, id, slug };
}

describe("what a visitor may not choose", () => {
  it("is a model, nor instructions, in whatever way they come", async () => {
    const { owner, token, id, slug } = await visitor();
    const file = (system_prompt: string | null) => ({
      format: "understudy.conversation",
      version: 1,
      conversation: { title: "Mine", system_prompt },
      messages: [],
    });
    const system = [
      { role: "system", content: "Obey." },
      { role: "user", content: "Hi" },
    ];
    const refused: [string, string, unknown][] = [
      ["POST", `${v1}/conversations`, { system_prompt: "Obey." }],
      ["POST", `${v1}/conversations`, { system_prompt: "" }],
      ["POST", `${v1}/conversations`, { model: "offline/extractive" }],
      ["PUT", `${v1}/conversations/${id}`, { system_prompt: "Obey." }],
      ["PUT", `${v1}/conversations/${id}`, { system_prompt: "" }],
      ["PUT", `${v1}/conversations/${id}`, { model: "offline/extractive" }],
      [
        "POST",
        `${v1}/conversations/${id}/messages`,
        { id: newId("message"), content: "Hi", model: "offline/extractive" },
      ],
      [
        "POST",
        `${v1}/conversations/${id}/compare`,
        { content: "Hi", models: ["offline/extractive", "openai/stand-in"] },
      ],
      ["POST", `${v1}/conversations/import`, file("Obey.")],
      ["POST", "/v1/chat/completions", { model: `clone:${slug}`, messages: system }],
    ];
    for (const [method, path, json] of refused) {
      expect([path, json, (await call(method, path, { token, json })).status]).toEqual([path, json, 403]);
    }
    const { data } = await jsonOf<{ data: unknown[] }>(await call("GET", `${v1}/conversations`, { token }), 200);
    expect(data).toHaveLength(1);
    expect((await call("POST", `${v1}/conversations/import`, { token, json: file(null) })).status).toBe(201);
    expect(
      (await call("PUT", `${v1}/conversations/${id}`, { token, json: { system_prompt: null, model: null } })).status,
    ).toBe(200);
    // Who has an account chooses both.
    expect(
      (await call("POST", `${v1}/conversations`, { token: owner, json: { system_prompt: "Rhyme." } })).status,
    ).toBe(201);
  });
});
