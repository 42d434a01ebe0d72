import { expect, it } from "vitest";
import { call, jsonOf, signUp } from "../testing/client.ts";
import { openConversation } from "./testing/turns.ts";

const conversations = "/api/v1/conversations";

const form = new FormData();
form.set("file", new File(["[]"], "conversations.json"));
form.set("folder", "Work");

it.each([
  ["POST", "", { json: { title: "Plan", colour: "red" } }, "colour"],
  ["GET", "?colour=red", {}, "colour"],
  ["GET", "/labels?limit=5", {}, "limit"],
  ["PUT", "/:id", { json: { pinned: true, colour: "red" } }, "colour"],
  ["POST", "/delete", { json: { ids: ["conv_x"], archived: true } }, "archived"],
  ["POST", "/archive", { json: { ids: ["conv_x"], folder: "Work" } }, "folder"],
  ["POST", "/search", { json: { query: "tea", cursor: "x" } }, "cursor"],
  ["POST", "/:id/fork", { json: { message_id: "msg_x", title: "Copy" } }, "title"],
  ["POST", "/:id/shares", { json: { kind: "link", days: 3 } }, "days"],
  ["GET", "/:id/export?format=json&branch=all", {}, "branch"],
  ["POST", "/import", { body: form }, "folder"],
  ["GET", "/:id/messages?limit=5", {}, "limit"],
  ["POST", "/:id/messages", { json: { content: "When?", attachments: [] } }, "attachments"],
  ["POST", "/:id/compare", { json: { content: "When?", models: ["a/a", "b/b"], queue: true } }, "queue"],
  ["POST", "/:id/regenerate", { json: { message_id: "msg_x", content: "When?" } }, "content"],
  ["POST", "/:id/continue", { json: { message_id: "msg_x", model: "a/a" } }, "model"],
  ["GET", "/:id/stream?from=3", {}, "from"],
  ["POST", "/:id/stop", { json: { turn_id: "turn_x" } }, "turn_id"],
  ["GET", "/:id/queue?limit=5", {}, "limit"],
  ["DELETE", "/:id/queue/turn_x?reason=late", {}, "reason"],
])("%s %s refuses what it does not know, by its name", async (method, path, sent, unknown) => {
  const { token } = await signUp();
  const id = path.includes(":id") ? await openConversation(token) : "";
  const refused = await call(method, conversations + path.replace(":id", id), { token, ...sent });
  expect(await jsonOf(refused, 422)).toMatchObject({ errors: [{ path: unknown }] });
});
