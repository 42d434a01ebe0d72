import { describe, expect, it } from "vitest";
import { jsonOf, signUp } from "../../testing/client.ts";
import { takeLoggedErrors } from "../../testing/logged-errors.ts";
import {
  ask,
  eventsIn,
  messagesOf,
  openConversation,
  restartWith,
  standIn,
  textOf,
  upstreamCalls,
} from "../testing/turns.ts";

/** A conversation whose installation has models in line behind what is asked for. */
async function withLine(...line: string[]) {
  const { token } = await signUp();
  const id = await openConversation(token);
  await restartWith(id, { FALLBACK_MODELS: line.join() });
  return {
    token,
    id,
    ask: async (model: string) => eventsIn(await (await ask(token, id, { content: "Hi", model })).text()),
  };
}

describe("the next model in line", () => {
  it.each([
    ["is out of order", "fault=500", "down"],
    ["is refused a key", "fault=401", "refused"],
    ["asks for a longer wait than two seconds", "fault=429&retry_after=14", "busy"],
    [
      "finds the question too long",
      `status=400&type=application/json&raw_body=${encodeURIComponent('{"error":{"message":"maximum context length exceeded"}}')}`,
      "context",
    ],
  ])("answers where the one that was asked for %s, and says so", async (_, orders, reason) => {
    const [broken, next] = [standIn(orders), standIn("reply=Quinces.")];
    const { token, id, ask } = await withLine(next);
    const events = await ask(broken);
    const told = events.filter(({ event }) => event === "start" || event === "fallback");
    expect(told.map(({ event }) => event)).toEqual(["start", "fallback"]);
    expect(told[1]?.data).toMatchObject({ from: broken, to: next, reason, price: { id: "own-machine", input: 0 } });
    expect(textOf(events)).toBe("Quinces.");
    const stored = { model: next, asked_model: broken, fallback_reason: reason, status: "complete", lane: "own" };
    expect((await messagesOf(token, id)).at(-1)).toMatchObject(stored);
  });

  it("is asked at once while the one before it rests", async () => {
    const [busy, next] = [standIn("fault=429&retry_after=60"), standIn("reply=Pears.")];
    const { ask } = await withLine(next);
    await ask(busy);
    const events = await ask(busy);
    expect(events.find(({ event }) => event === "fallback")?.data).toMatchObject({ to: next, reason: "busy" });
    expect(await upstreamCalls(busy)).toHaveLength(1);
    expect(await upstreamCalls(next)).toHaveLength(2);
  });

  it("is passed over where nothing here has it, and the last failure is told where all fail", async () => {
    const [broken, last] = [standIn("fault=401"), standIn("fault=404")];
    const { ask } = await withLine("nonsense/model", last);
    const events = await ask(broken);
    expect(events.find(({ event }) => event === "fallback")?.data).toMatchObject({ from: broken, to: last });
    expect(events.at(-1)).toMatchObject({
      event: "error",
      data: { error: expect.stringContaining("does not have this model") },
    });
    takeLoggedErrors();
  });

  it("is not asked after the first word", async () => {
    const [broken, next] = [standIn("fault=die&after=2"), standIn("reply=Never.")];
    const { ask } = await withLine(next);
    const events = await ask(broken);
    expect(events.at(-1)?.event).toBe("error");
    expect(events.some(({ event }) => event === "fallback")).toBe(false);
    expect(await upstreamCalls(next)).toHaveLength(0);
    takeLoggedErrors();
  });
});

describe("what a model thinks aloud", () => {
  it("is shown apart, kept with its answer, and told again", async () => {
    const model = standIn("reply=<think>Is+it+a+quince%3F</think>It+is.");
    const { token } = await signUp();
    const id = await openConversation(token);
    const events = eventsIn(await (await ask(token, id, { content: "What is it?", model })).text());
    const thoughts = events.filter(({ event }) => event === "reasoning").map(({ data }) => data.content);
    expect(thoughts.join("")).toBe("Is it a quince?");
    expect(textOf(events)).toBe("It is.");
    expect((await messagesOf(token, id)).at(-1)).toMatchObject({ content: "It is.", reasoning: "Is it a quince?" });
    const { message } = await jsonOf<{ message: { reasoning: string } }>(
      await ask(token, id, { content: "And this?", model }, "application/json"),
      200,
    );
    expect(message.reasoning).toBe("Is it a quince?");
  });
});
