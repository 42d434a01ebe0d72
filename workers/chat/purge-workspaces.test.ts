import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { purgeDeletedClones } from "../knowledge/purge.ts";
import { createRuntime } from "../platform/runtime.ts";
import { call, jsonOf, signUp } from "../testing/client.ts";
import { makeWorkspace } from "../workspaces/testing-teams.ts";
import { purgeDeletedWorkspaces } from "./purge-workspaces.ts";
import { ask, openConversation, standIn } from "./testing-turns.ts";

const countOf = async (table: string, id: string, column = "workspace_id") =>
  (await env.DB.prepare(`SELECT * FROM ${table} WHERE ${column} = ?`).bind(id).all()).results.length;

it("a deleted workspace is removed with all it held, and no other", async () => {
  const ada = await signUp("Ada");
  const id = await makeWorkspace(ada);
  const headers = { "X-Workspace-Id": id };
  const model = standIn("reply=Hello");
  const inTeam = (path: string, json: object) =>
    call("POST", `/api/v1/${path}`, { token: ada.token, headers: { ...headers, Accept: "application/json" }, json });
  const clone = await jsonOf<{ id: string }>(await inTeam("clones", { name: "Mentor", model }), 201);
  const talk = await jsonOf<{ id: string }>(await inTeam("conversations", { clone_id: clone.id }), 201);
  await jsonOf(await inTeam(`conversations/${talk.id}/messages`, { content: "Hello" }), 200);
  const own = await openConversation(ada.token);
  await jsonOf(await ask(ada.token, own, { content: "Hello", model }, "application/json"), 200);

  expect((await call("DELETE", `/api/v1/workspaces/${id}`, { token: ada.token })).status).toBe(204);
  const runtime = createRuntime(env);
  await purgeDeletedClones(runtime);
  await purgeDeletedWorkspaces(runtime);
  for (const table of ["clones", "conversations", "messages", "members"])
    expect(await countOf(table, id), table).toBe(0);
  expect(await countOf("workspaces", id, "id")).toBe(0);
  expect((await call("GET", `/api/v1/conversations/${own}/messages`, { token: ada.token })).status).toBe(200);
});
