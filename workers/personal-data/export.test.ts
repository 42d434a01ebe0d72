import { env } from "cloudflare:workers";
import { strFromU8, unzipSync } from "fflate";
import { expect, it } from "vitest";
import { auditOf } from "../audit/testing/audit.ts";
import { openConversation } from "../chat/testing/turns.ts";
import { fileOf, settled, upload } from "../knowledge/testing/documents.ts";
import { canary, furnish } from "../testing/belongings.ts";
import { addMember, call, jsonOf, makeClone, signUp, workspaceOf } from "../testing/client.ts";

type File = Record<string, unknown> & { user: { id: string } };

async function take(token: string) {
  const answer = await call("POST", "/api/v1/me/export", { token });
  expect(answer.status).toBe(200);
  expect(answer.headers.get("Content-Type")).toBe("application/zip");
  expect(answer.headers.get("Content-Disposition")).toMatch(/^attachment; filename="understudy-\d{4}-\d\d-\d\d\.zip"$/);
  const files = unzipSync(new Uint8Array(await answer.arrayBuffer()));
  return {
    names: Object.keys(files),
    text: (name: string) => strFromU8(files[name] ?? new Uint8Array()),
    json: <T>(name: string) => JSON.parse(strFromU8(files[name] ?? new Uint8Array())) as T,
    all: Object.values(files).map((bytes) => strFromU8(bytes)),
  };
}

it("holds everything that a person has, and no secret", async () => {
  const ada = await signUp("Ada");
  const of = await furnish(ada.token);
  const home = await workspaceOf(ada.token);
  const made = await call("POST", "/api/v1/api-keys", { token: ada.token, json: { name: "Mine" } });
  const { key } = await jsonOf<{ key: string }>(made, 201);
  const secret = "sk-secret-7319-Okapi";
  await call("PUT", "/api/v1/provider-keys/openai", { token: ada.token, json: { key: secret } });

  await env.DB.prepare(
    "INSERT INTO accounts (id, account_id, provider_id, user_id, created_at, updated_at) VALUES ('acct_1', 'subject-1', ?, ?, 1, 1)",
  )
    .bind("https://accounts.example.com", ada.userId)
    .run();

  const { names, json, text, all } = await take(ada.token);
  expect(names).toEqual(
    expect.arrayContaining([
      ...["profile.json", "sessions.json", "keys.json", "shares.json", "clones.json", "documents.json"],
      ...[home, of.workspace].flatMap((id) => [`conversations/${id}.json`, `audit/${id}.json`]),
    ]),
  );
  expect(json<File>("profile.json")).toMatchObject({
    format: "understudy.account",
    user: { id: ada.userId, email: ada.email, name: "Ada" },
    providers: [{ provider: "https://accounts.example.com", id: "subject-1" }],
    passkeys: [{ id: of.passkey, name: canary, public_key: expect.any(String) }],
    workspaces: [
      { id: home, role: "owner" },
      { id: of.workspace, role: "owner" },
    ],
  });
  expect(json<{ id: string }[]>("sessions.json").map(({ id }) => id)).toContain(of.session);
  expect(json<{ api_keys: { id: string }[] }>("keys.json").api_keys.map(({ id }) => id)).toContain(of.key);
  expect(json<{ id: string }[]>("shares.json").map(({ id }) => id)).toEqual([of.share]);
  expect(json<unknown[]>("clones.json")).toMatchObject([
    { id: of.clone, instructions: canary, document_count: expect.any(Number), test_questions: [{ question: canary }] },
  ]);
  const listed = json<{ id: string; file: string }[]>("documents.json");
  expect(text(listed.find(({ id }) => id === of.document)?.file ?? "")).toBe(
    `# ${canary}\n\nThe password is ${canary}.`,
  );
  const talks = json<{ conversations: { conversation: { id: string }; messages: { content: string }[] }[] }>(
    `conversations/${home}.json`,
  );
  const talk = talks.conversations.find(({ conversation }) => conversation.id === of.conversation);
  expect(talk?.messages.map(({ content }) => content)).toContain(canary);
  const log = json<{ events: { action: string }[] }>(`audit/${home}.json`);
  expect(log.events.map(({ action }) => action)).toContain("account.exported");
  for (const hidden of [key, secret, ada.password, ada.token]) {
    expect(all.some((content) => content.includes(hidden))).toBe(false);
  }
  expect((await auditOf(ada.token)).at(-1)).toMatchObject({ action: "account.exported" });
});

it("holds nothing that is others’: of a shared workspace, what the person said and did there", async () => {
  const ada = await signUp("Ada");
  const team = await workspaceOf(ada.token);
  const clone = await makeClone(ada.token, { instructions: canary });
  const [document] = await upload(ada.token, clone.id, fileOf("a.md", `# ${canary}`));
  await settled(ada.token, document?.id ?? "");
  await openConversation(ada.token, { title: canary });
  const ben = await addMember({ workspaceId: team }, "member");
  const headers = { "X-Workspace-Id": team, Accept: "application/json" };
  const opened = await call("POST", "/api/v1/conversations", { token: ben.token, headers, json: { title: "Mine" } });
  expect(opened.status).toBe(201);
  const { names, all, text } = await take(ben.token);
  expect(names).toContain(`conversations/${team}.json`);
  expect(text(`conversations/${team}.json`)).toContain('"Mine"');
  expect(all.join()).not.toContain(canary);
  expect(text(`audit/${team}.json`)).not.toContain(ada.userId);
});

it("is for a person in a session, not for keys", async () => {
  const { token } = await signUp("Ada");
  const made = await call("POST", "/api/v1/api-keys", { token, json: { name: "Mine" } });
  const { key } = await jsonOf<{ key: string }>(made, 201);
  expect((await call("POST", "/api/v1/me/export", { token: key })).status).toBe(403);
  expect((await call("POST", "/api/v1/me/export")).status).toBe(401);
});
