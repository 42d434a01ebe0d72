import { ask, openConversation, standIn } from "../../chat/testing/turns.ts";
import { fileOf, settled, upload } from "../../knowledge/testing/documents.ts";
import { forgetHere } from "../../platform/changes/remembered.ts";
import { canary, furnish } from "../../testing/belongings.ts";
import { addMember, call, jsonOf, makeClone, signUp, workspaceOf } from "../../testing/client.ts";
import { run } from "./erasures.ts";

/** A shared workspace of Ada's with one of everything in it, of hers, of a member's and of a visitor's; the canary is in all of it, and nowhere else. */
export async function furnishedTeam() {
  const ada = await signUp("Ada");
  const of = await furnish(ada.token, "Hers");
  const id = await workspaceOf(ada.token);
  const open = await makeClone(ada.token, { name: canary, visibility: "public" });
  const model = standIn(`reply=${canary}`);

  const entered = await call("POST", "/api/v1/visitors", { json: { clone: open.slug } });
  const { visitor_token } = await jsonOf<{ visitor_token: string }>(entered, 201);
  const visited = await openConversation(visitor_token, { clone_id: open.id });
  await jsonOf(await ask(visitor_token, visited, { content: canary, model: undefined }, "application/json"), 200);

  const [mine] = await upload(ada.token, open.id, fileOf("mine.md", "# Secret-Okapi\n\nIt is lit at dawn."));
  await settled(ada.token, mine?.id ?? "");

  const secret = "sk-secret-7319-Okapi";
  await call("PUT", "/api/v1/provider-keys/openai", { token: ada.token, json: { key: secret } });
  const days = { member_days: 3_000, visitor_days: 3_000 };
  await jsonOf(await call("PUT", `/api/v1/workspaces/${id}/retention`, { token: ada.token, json: days }), 200);
  const pending =
    "INSERT INTO invitations (id, workspace_id, email, role, token_hash, invited_by, created_at, expires_at)";
  await run(`${pending} VALUES ('inv_1', ?, ?, 'member', 'hash', ?, 1, 9e12)`, id, `${canary}@example.com`, ada.userId);

  // It was her personal one; she gets another at her next call.
  await run("UPDATE workspaces SET kind = 'team', personal_of = NULL, name = ? WHERE id = ?", canary, id);
  const ben = await addMember({ workspaceId: id }, "member");
  const headers = { "X-Workspace-Id": id, Accept: "application/json" };
  const at = (path: string, json: object) => call("POST", `/api/v1/${path}`, { token: ben.token, headers, json });
  const { id: bens } = await jsonOf<{ id: string }>(await at("conversations", { title: canary }), 201);
  await jsonOf(await at(`conversations/${bens}/messages`, { content: `${canary}, says Ben`, model }), 200);
  await run("UPDATE documents SET created_by = ?, access = 'me' WHERE id = ?", ben.userId, mine?.id);
  forgetHere([`user:${ada.userId}`]);
  await workspaceOf(ada.token);
  // What is not of this workspace.
  await run("UPDATE workspaces SET name = 'Elsewhere' WHERE id = ?", of.workspace);
  await run("DELETE FROM outbox_mails");
  return {
    ada,
    ben,
    id,
    of,
    clones: [of.clone, open.id],
    said: [of.conversation, visited, bens],
    visited,
    bens,
    mine: mine?.id ?? "",
    secret,
  };
}
