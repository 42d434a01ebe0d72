import { strFromU8, unzipSync } from "fflate";
import { expect, it } from "vitest";
import { canary } from "../testing/belongings.ts";
import { addMember, call, jsonOf, signUp, workspaceOf } from "../testing/client.ts";
import { furnishedTeam } from "./testing/team.ts";

const take = (token: string, id: string) => call("POST", `/api/v1/workspaces/${id}/export`, { token });

async function taken(token: string, id: string) {
  const answer = await take(token, id);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("Content-Disposition")).toMatch(/filename="understudy-workspace-\d{4}-\d\d-\d\d\.zip"$/);
  const files = unzipSync(new Uint8Array(await answer.arrayBuffer()));
  const text = (name: string) => strFromU8(files[name] ?? new Uint8Array());
  return { files, text, json: <T>(name: string) => JSON.parse(text(name)) as T };
}

interface Talk {
  by: { kind: string; id: string };
  conversation: { id: string; title: string };
  messages: { content: string }[];
}
type Rows = Record<string, unknown>[];

it("holds everything that the tenant has, of whomever in it, and no secret", async () => {
  const { ada, ben, id, of, clones, said, visited, bens, mine, secret } = await furnishedTeam();
  const headers = { "X-Workspace-Id": id };
  const made = await call("POST", "/api/v1/api-keys", { token: ben.token, headers, json: { name: "Ben’s" } });
  const { key } = await jsonOf<{ key: string }>(made, 201);
  const { files, json, text } = await taken(ada.token, id);

  expect(json("workspace.json")).toMatchObject({
    format: "understudy.workspace",
    workspace: { id, name: canary, kind: "team" },
    retention: { member_days: 3_000, visitor_days: 3_000 },
  });
  expect(json<Rows>("members.json")).toMatchObject([
    { id: ben.userId, email: ben.email, role: "member", suspended: false },
    { id: ada.userId, name: "Ada", email: ada.email, role: "owner" },
  ]);
  expect(json<Rows>("invitations.json")).toMatchObject([{ role: "member", invited_by: ada.userId, status: "pending" }]);
  const keys = json<{ api_keys: Rows; provider_keys: Rows }>("keys.json");
  expect(keys.api_keys.map(({ name, user_id }) => [name, user_id])).toEqual([
    ["Ben’s", ben.userId],
    [canary, ada.userId],
  ]);
  expect(keys.provider_keys).toMatchObject([{ provider: "openai", ending: "kapi" }]);
  expect(json<Rows>("shares.json")).toMatchObject([{ id: of.share, created_by: ada.userId }]);

  const { conversations } = json<{ conversations: Talk[] }>("conversations.json");
  expect(conversations.map(({ conversation }) => conversation.id)).toEqual(expect.arrayContaining(said));
  const talk = (wanted: string) => conversations.find(({ conversation }) => conversation.id === wanted);
  expect(talk(bens)?.by).toEqual({ kind: "member", id: ben.userId });
  expect(talk(bens)?.messages.map(({ content }) => content)).toContain(`${canary}, says Ben`);
  expect(talk(visited)?.by).toMatchObject({ kind: "visitor", id: expect.stringMatching(/^vis_/) });

  expect(json<Rows>("clones.json").map((clone) => clone.id)).toEqual(clones);
  const documents = json<{ id: string; file: string; created_by: string | null }[]>("documents.json");
  expect(documents.find((each) => each.id === mine)?.created_by).toBe(ben.userId);
  for (const { file } of documents) expect(files[file]?.byteLength, file).toBeGreaterThan(0);
  expect(text(documents.find((each) => each.id === of.document)?.file ?? "")).toContain(canary);
  expect(json<{ results: Rows }[]>("evaluations.json")).toMatchObject([
    { id: of.evaluation, clone_id: of.clone, results: [{ question: canary, status: "done" }] },
  ]);
  expect(json<Rows>("usage.json").length).toBeGreaterThanOrEqual(3);
  expect(json<Rows>("website-imports.json")).toMatchObject([{ id: of.webImport, clone_id: of.clone }]);
  const { events } = json<{ events: { action: string; actor: { id: string } }[] }>("audit.json");
  expect(events[0]).toMatchObject({ action: "workspace.exported", actor: { id: ada.userId } });
  const all = Object.keys(files).map(text).join();
  for (const hidden of [key, secret, ada.token, "token_hash", "Elsewhere"]) expect(all).not.toContain(hidden);

  // What was taken out can be brought in again.
  const brought = await call("POST", "/api/v1/conversations/import", {
    token: ada.token,
    body: text("conversations.json"),
    headers: { "Content-Type": "application/json" },
  });
  expect((await jsonOf<{ data: unknown[] }>(brought, 201)).data).toHaveLength(conversations.length);
});

it("is for the owner alone, in a session, and holds nothing of another workspace", async () => {
  const { id } = await furnishedTeam();
  const eve = await signUp("Eve");
  const home = await workspaceOf(eve.token);
  const { files, text } = await taken(eve.token, home);
  expect(Object.keys(files).map(text).join()).not.toContain(canary);
  expect((await take(eve.token, id)).status).toBe(404);
  const admin = await addMember({ workspaceId: home }, "admin");
  expect((await take(admin.token, home)).status).toBe(403);
  const made = await call("POST", "/api/v1/api-keys", { token: eve.token, json: { name: "k" } });
  const { key } = await jsonOf<{ key: string }>(made, 201);
  expect((await take(key, home)).status).toBe(403);
});
