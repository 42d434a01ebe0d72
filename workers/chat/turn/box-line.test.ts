import { expect, inject, it } from "vitest";
import { auditOf } from "../../audit/testing/audit.ts";
import { call, signUp } from "../../testing/client.ts";
import {
  ask,
  eventsIn,
  messagesOf,
  openConversation,
  readUntil,
  restartWith,
  standIn,
  textOf,
} from "../testing/turns.ts";

const box = inject("ollamaStandIn");
let models = 0;

/** A model of the box's with orders, told apart from every other test's. */
const onBox = (orders: string) => `ollama/llama3.2?${orders}&of=line-${++models}`;

async function conversation(settings: Record<string, string> = {}) {
  const { token } = await signUp();
  const id = await openConversation(token);
  await restartWith(id, { OLLAMA_BASE_URL: box, ...settings });
  return { token, id };
}

/** Lets the call that holds still go on. */
const resume = async (model: string) => {
  const response = await fetch(`${box}/_resume?${new URLSearchParams({ model: model.slice("ollama/".length) })}`, {
    method: "POST",
  });
  expect(response.status).toBeLessThan(300);
};

it("answers one after the other, and tells who waits where they stand", async () => {
  const [first, second] = [await conversation(), await conversation()];
  const model = onBox("tokens=2&pause=1");
  await readUntil(await ask(first.token, first.id, { content: "One", model }), (events) =>
    events.some(({ event }) => event === "token"),
  );
  const waiting = await readUntil(await ask(second.token, second.id, { content: "Two", model }), (events) =>
    events.some(({ event }) => event === "queue"),
  );
  expect(waiting.events.at(-1)?.data).toMatchObject({ position: 1, fallback: null });
  await resume(model);
  await resume(model);
  await expect.poll(async () => (await messagesOf(second.token, second.id)).at(-1)?.status).toBe("complete");
  expect((await messagesOf(first.token, first.id)).at(-1)?.status).toBe("complete");
});

it("lets who waits have the next model, at the price that was shown", async () => {
  const other = standIn("reply=Pears.");
  const [first, second] = [await conversation(), await conversation({ FALLBACK_MODELS: other })];
  const model = onBox("tokens=2&pause=1");
  await readUntil(await ask(first.token, first.id, { content: "One", model }), (events) =>
    events.some(({ event }) => event === "token"),
  );
  const stream = await ask(second.token, second.id, { content: "Two", model });
  const waiting = await readUntil(stream, (events) => events.some(({ event }) => event === "queue"));
  expect(waiting.events.at(-1)?.data).toMatchObject({
    fallback: { model: other, price: { id: "own-machine", input: 0 } },
  });
  const moved = await call("POST", `/api/v1/conversations/${second.id}/fall-back`, { token: second.token });
  expect(moved.status).toBe(204);
  expect((await auditOf(second.token)).map(({ action }) => action)).toContain("answer.moved");
  await expect.poll(async () => (await messagesOf(second.token, second.id)).at(-1)?.status).toBe("complete");
  expect((await messagesOf(second.token, second.id)).at(-1)).toMatchObject({
    content: "Pears.",
    model: other,
    asked_model: model,
    fallback_reason: "queue",
  });
  const again = await call("POST", `/api/v1/conversations/${second.id}/fall-back`, { token: second.token });
  expect(again.status).toBe(409);
  await resume(model);
});

it("lets go of the line where an answer is stopped while it waits", async () => {
  const [first, second] = [await conversation(), await conversation()];
  const model = onBox("tokens=2&pause=1");
  await readUntil(await ask(first.token, first.id, { content: "One", model }), (events) =>
    events.some(({ event }) => event === "token"),
  );
  const stream = await ask(second.token, second.id, { content: "Two", model });
  await readUntil(stream, (events) => events.some(({ event }) => event === "queue"));
  expect((await call("POST", `/api/v1/conversations/${second.id}/stop`, { token: second.token })).status).toBe(204);
  expect((await messagesOf(second.token, second.id)).at(-1)).toMatchObject({ status: "stopped", content: "" });
  await resume(model);
  await expect.poll(async () => (await messagesOf(first.token, first.id)).at(-1)?.status).toBe("complete");
  const third = await conversation();
  const events = eventsIn(
    await (await ask(third.token, third.id, { content: "Three", model: onBox("reply=Figs.") })).text(),
  );
  expect(textOf(events)).toBe("Figs.");
  expect(events.some(({ event }) => event === "queue")).toBe(false);
});
