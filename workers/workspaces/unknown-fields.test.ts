import { expect, it } from "vitest";
import { call, jsonOf, signUp } from "../testing/client.ts";

it.each([
  ["POST", "/workspaces", { name: "Crew", plan: "gold" }, ["plan"]],
  ["POST", "/api-keys", { name: "Key", owner: "me", scope: "read" }, ["owner", "scope"]],
  ["GET", "/workspaces?status=open&sort=name", undefined, ["status", "sort"]],
  ["GET", "/me?fields=email", undefined, ["fields"]],
  ["GET", "/audit?user_id=u", undefined, ["user_id"]],
])("%s %s says what of it is not known", async (method, path, json, unknown) => {
  const { token } = await signUp();
  const answer = await call(method, `/api/v1${path}`, { token, ...(json ? { json } : {}) });
  const { errors } = await jsonOf<{ errors: { path: string }[] }>(answer, 422);
  expect(errors.map((error) => error.path)).toEqual(unknown);
});

it.each([
  ["/documents/search", { query: "lamp" }, { path: "clone_id", message: "This is missing." }],
  ["/documents/search", { clone_id: 7, query: "lamp" }, { path: "clone_id", message: "Send a text here." }],
  ["/conversations/archive", { ids: "all", archived: true }, { path: "ids", message: "Send a list here." }],
])("%s with %o says in words what to send", async (path, json, error) => {
  const { token } = await signUp();
  const { errors } = await jsonOf<{ errors: object[] }>(await call("POST", `/api/v1${path}`, { token, json }), 422);
  expect(errors).toContainEqual(error);
});
