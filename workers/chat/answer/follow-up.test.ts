import { describe, expect, it } from "vitest";
import { fileOf, settled, upload } from "../../knowledge/testing/documents.ts";
import { call, jsonOf, makeClone, signUp } from "../../testing/client.ts";
import { goOn } from "../../testing/held-model.ts";
import { ask, messagesOf, openConversation, standIn, upstreamCalls, upstreamEnded } from "../testing/turns.ts";

/** A clone with a document on each of two bridges, of which one passage answers, and a conversation that began with the first. */
async function aboutBridges() {
  const { token } = await signUp();
  const clone = await makeClone(token);
  const files = [
    fileOf("forth.md", "# Forth\n\nThe Forth crossing is a cantilever of steel. Fowler and Baker drew it."),
    fileOf("humber.md", "# Humber\n\nThe Humber crossing hangs from two towers. Its engineers worked in London."),
  ];
  for (const { id } of await upload(token, clone.id, ...files)) await settled(token, id);
  const configure = async (retrieval: object) => {
    const json = { retrieval: { top_k: 1, ...retrieval } };
    await jsonOf(await call("PUT", `/api/v1/pipeline/config?clone_id=${clone.id}`, { token, json }), 200);
  };
  await configure({});
  const id = await openConversation(token, { clone_id: clone.id });
  const first = standIn("reply=Steel, as a cantilever. [1]");
  await (await ask(token, id, { content: "What is the Forth crossing made of?", model: first })).text();
  expect((await upstreamCalls(first)).length, "a question that stands by itself is not rewritten").toBe(1);
  /** Asks a follow-up; resolves to the prompts that the model was given. */
  const follow = async (content: string, model: string) => {
    await (await ask(token, id, { content, model })).text();
    return (await upstreamCalls(model)).map(({ body }) => body.messages.map((each) => each.content).join("\n"));
  };
  return { token, id, follow, configure };
}

describe("a follow-up", () => {
  it("is searched as the model says it in full", async () => {
    const { follow } = await aboutBridges();
    const prompts = await follow(
      "And that one in Hull?",
      standIn("reply=What hangs the Humber crossing from its towers?"),
    );
    expect(prompts.length).toBe(2);
    expect(prompts[0]).toContain("Person: What is the Forth crossing made of?");
    expect(prompts[0]).toContain("Assistant: Steel, as a cantilever.");
    expect(prompts[0]).toContain("Last question: And that one in Hull?");
    expect(prompts[1]).toContain("hangs from two towers");
  });

  it("takes the question before it along where the model fails at that, or is not to be asked", async () => {
    const { follow, configure, token, id } = await aboutBridges();
    const failing = await follow("And who drew it?", standIn("fault=500&times=1&reply=Fowler and Baker. [1]"));
    expect(failing.at(-1)).toContain("cantilever of steel");
    await configure({ rewrite: false });
    const plain = await follow("And who drew it?", standIn("reply=Fowler and Baker. [1]"));
    expect(plain.length).toBe(1);
    expect(plain[0]).toContain("cantilever of steel");
    expect((await messagesOf(token, id)).at(-1)?.content).toBe("Fowler and Baker. [1]");
  });

  it("waits for no model that takes its time over it", async () => {
    const { follow } = await aboutBridges();
    const model = standIn("pause=0&reply=Fowler and Baker. [1]");
    const asked = follow("And who drew it?", model);
    // It has given up waiting for that; the answer itself holds still as well.
    await upstreamEnded(model, "aborted");
    await goOn(model);
    const prompts = await asked;
    expect(prompts.at(-1)).toContain("cantilever of steel");
  });
});
