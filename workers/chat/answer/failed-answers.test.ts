import { describe, expect, it } from "vitest";
import { call, jsonOf, makeClone, signUp } from "../../testing/client.ts";
import { takeLoggedErrors } from "../../testing/logged-errors.ts";
import { ask, eventsIn, messagesOf, openConversation, standIn } from "../testing/turns.ts";

const raw = (...values: unknown[]) =>
  standIn(`raw_body=${encodeURIComponent(values.map((value) => `data: ${JSON.stringify(value)}\n\n`).join(""))}`);
const end = (finish_reason: string, delta: object = {}) => ({ choices: [{ delta, finish_reason }] });

/** The sentence that a question comes to, as a stream and as JSON. */
async function refusalOf(token: string, id: string, model: string): Promise<string> {
  const events = eventsIn(await (await ask(token, id, { content: "Hi", model })).text());
  expect(events.at(-1)).toMatchObject({ event: "error", data: { code: "MODEL_UNAVAILABLE" } });
  const whole = await ask(token, id, { content: "Hi", model }, "application/json");
  const { detail } = await jsonOf<{ detail: string }>(whole, 503);
  expect(events.at(-1)?.data.error).toBe(detail);
  expect((await messagesOf(token, id)).at(-1)).toMatchObject({ status: "failed", content: "" });
  takeLoggedErrors();
  return detail;
}

describe("an answer with nothing in it", () => {
  it.each([
    ["empty", [end("stop")], /without a word/],
    ["blank", [end("stop", { content: "\n\n" })], /without a word/],
    ["cut off", [end("length")], /spent all tokens .* thinking/],
    ["of thoughts", [end("stop", { reasoning: "Hm." })], /thought, and wrote no answer/],
    ["of thoughts that never end", [end("length", { content: "<think>Hm" })], /spent all tokens/],
    ["of tool calls", [end("tool_calls", { tool_calls: [{}] })], /called a tool/],
    ["held back", [end("SAFETY")], /held its answer back/],
  ])("that is %s says so", async (_, chunks, sentence) => {
    const { token } = await signUp();
    expect(await refusalOf(token, await openConversation(token), raw(...chunks))).toMatch(sentence);
  });
});

describe("the provider’s own sentence", () => {
  const model = () => standIn("fault=404");
  const own = "The stand-in was asked to answer 404.";

  it("reaches whoever asks a model of their own", async () => {
    const { token } = await signUp();
    const sentence = await refusalOf(token, await openConversation(token), model());
    expect(sentence).toBe(
      `The model provider does not have this model. Choose another one. The provider says: “${own}”`,
    );
  });

  it("reaches the clone’s own people, and nobody else", async () => {
    const [ada, eve] = [await signUp("Ada"), await signUp("Eve")];
    const clone = await makeClone(ada.token, { visibility: "public", model: model() });
    const { visitor_token: visitor } = await jsonOf<{ visitor_token: string }>(
      await call("POST", "/api/v1/visitors", { json: { clone: clone.slug } }),
      201,
    );
    const told = async (token: string) => {
      const id = await openConversation(token, { clone_id: clone.id });
      const { detail } = await jsonOf<{ detail: string }>(
        await ask(token, id, { content: "Hi" }, "application/json"),
        503,
      );
      return detail;
    };
    expect(await told(ada.token)).toContain(own);
    for (const token of [eve.token, visitor]) {
      expect(await told(token)).toBe("The model provider does not have this model. Choose another one.");
    }
    takeLoggedErrors();
  });
});
