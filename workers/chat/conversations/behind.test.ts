import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { call, jsonOf, signUp } from "../../testing/client.ts";
import { eventually } from "../../testing/eventually.ts";
import { goOn } from "../../testing/held-model.ts";
import { takeLoggedErrors } from "../../testing/logged-errors.ts";
import { ask, messagesOf, objectOf, openConversation, standIn, storedIn, upstreamCalls } from "../testing/turns.ts";

const path = (id: string, rest = "") => `/api/v1/conversations/${id}${rest}`;
interface Read {
  title: string;
  head_message_id: string | null;
  pinned: boolean;
}

it("one conversation is read as its object holds it, while D1 cannot be written; then D1 has all of it, once", async () => {
  const { token } = await signUp();
  const id = await openConversation(token);
  await env.DB.exec(
    "CREATE TRIGGER behind BEFORE INSERT ON messages BEGIN SELECT RAISE(ABORT, 'no space is left'); END",
  );
  const model = standIn("reply=Sencha.");
  await (await ask(token, id, { content: "Which tea?", model })).text();
  const [question, answer] = await messagesOf(token, id);
  expect([question?.content, answer?.content, answer?.status]).toEqual(["Which tea?", "Sencha.", "complete"]);
  const shown = { title: "Which tea?", head_message_id: answer?.id };
  const read = async (method = "GET", json?: object) =>
    jsonOf<Read>(await call(method, path(id), { token, ...(json && { json }) }), 200);
  expect(await read()).toMatchObject({ ...shown, pinned: false });
  expect(await read("PUT", { pinned: true })).toMatchObject({ ...shown, pinned: true });
  expect(await read("PUT", { temperature: 0.5 })).toMatchObject({ ...shown, temperature: 0.5, pinned: true });
  const shares = await call("POST", path(id, "/shares"), { token, json: { kind: "link" } });
  const { url } = await jsonOf<{ url: string }>(shares, 201);
  const byLink = await call("GET", `/api/v1/public/shares/${new URL(url).pathname.replace("/s/", "")}`);
  expect(await jsonOf(byLink, 200)).toMatchObject({ title: "Which tea?", messages: [{}, { content: "Sencha." }] });
  // It cannot go either: what it used has not been told.
  expect((await call("DELETE", path(id), { token })).status).toBe(500);
  expect(await messagesOf(token, id)).toHaveLength(2);
  expect(takeLoggedErrors().join()).toMatch(/not_projected.*no space is left/);

  await env.DB.exec("DROP TRIGGER behind");
  expect(await read("PUT", { title: "Tea" })).toMatchObject({ title: "Tea" });
  const found = await call("POST", "/api/v1/conversations/search", { token, json: { query: "sencha" } });
  expect(await jsonOf(found, 200)).toMatchObject({ data: [{ title: "Tea", message_id: answer?.id }] });
  const stored = await env.DB.prepare(
    "SELECT (SELECT count(*) FROM messages) AS messages, (SELECT count(*) FROM usage_events) AS usage, (SELECT count(*) FROM audit_events WHERE action = 'message.asked') AS asked",
  ).first();
  expect(stored).toEqual({ messages: 2, usage: 1, asked: 1 });
  expect((await call("DELETE", path(id), { token })).status).toBe(204);
  expect(await storedIn(id)).toEqual({});
});

it("nothing of a conversation that was deleted comes back, whatever is still said of it", async () => {
  const { token } = await signUp();
  // As soon as it is made.
  const made = await openConversation(token, { title: "A secret" });
  expect((await call("DELETE", path(made), { token })).status).toBe(204);
  // While a model is asked for its title.
  const model = standIn("tokens=60&pause=20");
  const id = await openConversation(token);
  const answer = await ask(token, id, { content: "A secret?", model });
  await goOn(model);
  await answer.text();
  await eventually(async () => expect(await upstreamCalls(model)).toHaveLength(2));
  expect((await call("DELETE", path(id), { token })).status).toBe(204);
  expect(await storedIn(id)).toEqual({});
  await goOn(model);
  await eventually(async () =>
    expect((await upstreamCalls(model)).map(({ outcome }) => outcome)).toEqual(["complete", "complete"]),
  );
  for (const gone of [made, id]) {
    // Whoever asks of it now is told so, and makes nothing.
    expect((await ask(token, gone, { content: "Still there?" })).status).toBe(404);
    expect((await call("GET", path(gone, "/messages"), { token })).status).toBe(404);
    await objectOf(gone).erase(gone);
    expect(await storedIn(gone)).toEqual({});
  }
});
