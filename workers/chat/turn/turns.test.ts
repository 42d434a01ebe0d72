import { runDurableObjectAlarm } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { call, jsonOf, signUp } from "../../testing/client.ts";
import { goOn, hasTwenty } from "../../testing/held-model.ts";
import { takeLoggedErrors } from "../../testing/logged-errors.ts";
import {
  ageOut,
  ask,
  changeMessage,
  crash,
  eventsIn,
  messagesOf,
  objectOf,
  openConversation,
  readUntil,
  resume,
  standIn,
  textOf,
  upstreamEnded,
  usage,
} from "../testing/turns.ts";

const messageId = () => `msg_${crypto.randomUUID()}`;

describe("a turn", () => {
  it("streams in the fixed form and is stored whole, with one usage event", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const model = standIn("reply=One two three.");
    const response = await ask(token, id, { content: "Count", model });
    expect(response.headers.get("Content-Type")).toContain("text/event-stream");
    const events = eventsIn(await response.text());
    expect(events.map(({ event }) => event)).toEqual(["start", ...events.slice(1, -1).map(() => "token"), "done"]);
    expect(events.map(({ id }) => id)).toEqual(events.map(({ id }) => id).toSorted((a, b) => a - b));
    expect(textOf(events)).toBe("One two three.");
    expect(events.at(-1)?.data).toMatchObject({
      finish_reason: "stop",
      cost: { micro_credits: 0 },
      usage: { completion_tokens: 3 },
    });
    const [question, answer] = await messagesOf(token, id);
    expect(question).toMatchObject({ role: "user", content: "Count", parent_id: null });
    expect(answer).toMatchObject({
      role: "assistant",
      content: "One two three.",
      status: "complete",
      parent_id: question?.id,
    });
    expect(await usage()).toEqual([expect.objectContaining({ outcome: "complete", completion_tokens: 3, model })]);
    const conversation = await jsonOf(await call("GET", `/api/v1/conversations/${id}`, { token }), 200);
    expect(conversation.head_message_id).toBe(answer?.id);
  });

  it("answers as JSON where that is asked for", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const body = await jsonOf<{ message: object }>(await ask(token, id, { content: "Hello" }, "application/json"), 200);
    expect(body.message).toMatchObject({ role: "assistant", status: "complete", model: "offline/extractive" });
  });

  it("runs once for one message id, however often it is sent", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const message = { id: messageId(), content: "Once", model: standIn("tokens=5") };
    const answers = await Promise.all([1, 2, 3].map(() => ask(token, id, message)));
    const texts = await Promise.all(answers.map((answer) => answer.text()));
    expect(new Set(texts).size).toBe(1);
    expect(await (await ask(token, id, message)).text()).toBe(texts[0]);
    expect(await usage()).toHaveLength(1);
    expect(await messagesOf(token, id)).toHaveLength(2);
    expect((await ask(token, id, { ...message, content: "Other words" })).status).toBe(409);
    const other = await openConversation(token);
    expect((await ask(token, other, message)).status).toBe(409);
  });

  it("tells an old turn again from its messages when its events are gone", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const message = { id: messageId(), content: "Long ago", model: standIn("reply=Still here.") };
    await (await ask(token, id, message)).text();
    await ageOut(id);
    const events = eventsIn(await (await ask(token, id, message)).text());
    expect(events.map(({ event }) => event)).toEqual(["start", "token", "done"]);
    expect(textOf(events)).toBe("Still here.");
    expect(await usage()).toHaveLength(1);
  });

  it("is alone in its conversation: a second question is refused while it runs", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const first = await ask(token, id, {
      content: "First",
      model: standIn("tokens=200&tokens_per_second=50&pause=20"),
    });
    const refused = await jsonOf(await ask(token, id, { content: "Second" }), 409);
    expect(refused).toMatchObject({ code: "turn_in_progress" });
    expect((await call("POST", `/api/v1/conversations/${id}/stop`, { token })).status).toBe(204);
    await first.text();
    expect((await ask(token, id, { content: "Second" })).status).toBe(200);
  });
});

describe("listeners", () => {
  it("get the rest byte for byte from any event on, in two tabs at once", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const whole = await (
      await ask(token, id, { content: "Go", model: standIn("tokens=60&tokens_per_second=200") })
    ).text();
    const frames = whole.split(/(?<=\n\n)/).filter((frame) => frame.startsWith("id:"));
    for (const [i, { id: eventId }] of eventsIn(whole).entries()) {
      const rest = frames.slice(i + 1).join("");
      const [one, two] = await Promise.all([resume(token, id, eventId), resume(token, id, eventId, "query")]);
      expect(await one.text()).toBe(rest);
      expect(await two.text()).toBe(rest);
    }
  });

  it("attach in the middle and see the same to the end", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const model = standIn("tokens=40&tokens_per_second=100&pause=20");
    const first = await ask(token, id, { content: "Go", model });
    const { events, reader } = await readUntil(first, hasTwenty);
    const again = await resume(token, id, events.at(-1)?.id ?? 0);
    await goOn(model);
    const rest = eventsIn(await again.text());
    await reader.cancel();
    expect(textOf([...events, ...rest])).toBe((await messagesOf(token, id))[1]?.content);
  });

  it("may all leave: the answer is written to its end", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const model = standIn("tokens=50&tokens_per_second=200&pause=20");
    const { reader } = await readUntil(await ask(token, id, { content: "Go", model }), hasTwenty);
    await reader.cancel();
    await goOn(model);
    await upstreamEnded(model, "complete");
    await (await resume(token, id, 0)).text();
    expect((await messagesOf(token, id))[1]).toMatchObject({
      status: "complete",
      content: expect.stringContaining("word50"),
    });
  });

  it("that do not read slow nobody, and find everything when they do", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const model = standIn("tokens=4000");
    const slow = await ask(token, id, { content: "Go", model });
    const quick = eventsIn(await (await resume(token, id, 0)).text());
    expect(quick.at(-1)?.event).toBe("done");
    expect(eventsIn(await slow.text())).toEqual(quick);
  });

  it("get 204 where nothing was ever asked", async () => {
    const { token } = await signUp();
    expect((await resume(token, await openConversation(token), 0)).status).toBe(204);
  });
});

describe("stop", () => {
  it("aborts the model at once and keeps what was said", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const model = standIn("tokens=500&tokens_per_second=50&pause=20");
    const { events, reader } = await readUntil(await ask(token, id, { content: "Go", model }), hasTwenty);
    await call("POST", `/api/v1/conversations/${id}/stop`, { token });
    // It had hundreds more to say.
    expect((await upstreamEnded(model, "aborted"))[0]).toBeLessThan(500);
    await reader.cancel();
    const all = eventsIn(await (await resume(token, id, 0)).text());
    expect(all.at(-1)).toMatchObject({ event: "done", data: { finish_reason: "stopped" } });
    const answer = (await messagesOf(token, id))[1];
    expect(answer).toMatchObject({ status: "stopped", finish_reason: "stopped", content: textOf(all) });
    expect(answer?.content.startsWith(textOf(events))).toBe(true);
    expect(await usage()).toEqual([expect.objectContaining({ outcome: "stopped" })]);
  });
});

describe("a process that dies", () => {
  it("leaves an answer that is kept, marked, told to listeners, and can be continued", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const model = standIn("tokens=300&tokens_per_second=40&pause=20");
    const { events, reader } = await readUntil(await ask(token, id, { content: "Go", model }), hasTwenty);
    reader.cancel().catch(() => {});
    await crash(id);
    const all = eventsIn(await (await resume(token, id, 0)).text());
    expect(all.at(-1)).toMatchObject({ event: "error", data: { code: "INTERRUPTED" } });
    expect(textOf(all).startsWith(textOf(events))).toBe(true);
    const answer = (await messagesOf(token, id))[1];
    expect(answer).toMatchObject({ status: "interrupted", content: textOf(all), error_code: "INTERRUPTED" });
    expect(await usage()).toEqual([expect.objectContaining({ outcome: "interrupted" })]);

    const more = standIn("reply= and the rest.");
    await call("PUT", `/api/v1/conversations/${id}`, { token, json: { model: more } });
    await changeMessage(id, String(answer?.id), { model: more });
    const response = await call("POST", `/api/v1/conversations/${id}/continue`, {
      token,
      json: { message_id: answer?.id },
    });
    expect(textOf(eventsIn(await response.text()))).toBe(" and the rest.");
    const tree = await messagesOf(token, id);
    expect(tree).toHaveLength(2);
    expect(tree[1]).toMatchObject({ id: answer?.id, status: "complete", content: `${answer?.content} and the rest.` });
  });

  it("is found by the alarm, also when it comes twice", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const model = standIn("tokens=300&tokens_per_second=40&pause=20");
    const { reader } = await readUntil(await ask(token, id, { content: "Go", model }), hasTwenty);
    reader.cancel().catch(() => {});
    await crash(id);
    await runDurableObjectAlarm(objectOf(id));
    await runDurableObjectAlarm(objectOf(id));
    const all = eventsIn(await (await resume(token, id, 0)).text());
    expect(all.filter(({ event }) => event === "done" || event === "error")).toHaveLength(1);
    expect(await usage()).toHaveLength(1);
  });
});

describe("a provider’s fault", () => {
  it.each([
    ["429 once, then an answer", "fault=429&times=1&retry_after=0&reply=At last.", "complete", "At last."],
    ["500 twice, then an answer", "fault=500&times=2&reply=At last.", "complete", "At last."],
    ["a cut connection before any word, once", "fault=refuse&times=1&reply=At last.", "complete", "At last."],
    ["a model that is not there", "fault=404", "failed", ""],
    ["a cut connection in the middle", "fault=die&tokens=9&after=4", "failed", null],
    ["an end without a finish", "fault=end&tokens=9&after=4", "failed", null],
    ["a broken event", "fault=broken&tokens=9&after=4", "failed", null],
    ["an error in the stream", "fault=error&tokens=9&after=4", "failed", null],
    ["a line of 10 MB", "fault=long-line&tokens=9&after=4", "failed", null],
  ])("%s ends well", async (_name, order, status, content) => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const events = eventsIn(await (await ask(token, id, { content: "Go", model: standIn(order) })).text());
    const answer = (await messagesOf(token, id))[1];
    expect(answer?.status).toBe(status);
    expect(answer?.content).toBe(textOf(events));
    if (content === null) expect(answer?.content).not.toBe("");
    else expect(answer?.content).toBe(content);
    expect(events.at(-1)?.event).toBe(status === "complete" ? "done" : "error");
    expect(await usage()).toHaveLength(1);
    expect(takeLoggedErrors().every((line) => line.includes("turn_failed"))).toBe(true);
  });

  it("is a problem where JSON was asked for and nothing was said", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    const response = await ask(
      token,
      id,
      { content: "Go", model: standIn("fault=429&retry_after=600") },
      "application/json",
    );
    expect(await jsonOf(response, 429)).toMatchObject({ code: "rate_limited" });
    takeLoggedErrors();
  });
});

describe("the tree", () => {
  it("grows siblings by asking again and by editing", async () => {
    const { token } = await signUp();
    const id = await openConversation(token);
    await (await ask(token, id, { content: "First", model: standIn("reply=A.") })).text();
    const [question, answer] = await messagesOf(token, id);
    const again = await call("POST", `/api/v1/conversations/${id}/regenerate`, {
      token,
      json: { message_id: answer?.id, model: standIn("reply=B.") },
    });
    await again.text();
    await (await ask(token, id, { content: "First, edited", parent_id: null, model: standIn("reply=C.") })).text();
    const tree = await messagesOf(token, id);
    expect(tree.map(({ content, parent_id }) => [content, parent_id])).toEqual([
      ["First", null],
      ["A.", question?.id],
      ["B.", question?.id],
      ["First, edited", null],
      ["C.", tree[3]?.id],
    ]);
    await call("PUT", `/api/v1/conversations/${id}`, { token, json: { head_message_id: answer?.id } });
    await (await ask(token, id, { content: "Then", model: standIn("reply=D.") })).text();
    expect((await messagesOf(token, id)).at(-2)).toMatchObject({ content: "Then", parent_id: answer?.id });
  });
});
