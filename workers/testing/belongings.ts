import { expect, inject } from "vitest";
import { addPasskeyTo } from "../accounts/testing/passkeys.ts";
import { ask, openConversation, standIn } from "../chat/testing/turns.ts";
import { evaluated } from "../evaluation/testing/runs.ts";
import { fileOf, settled, upload } from "../knowledge/testing/documents.ts";
import { addMember, call, jsonOf, makeClone } from "./client.ts";
import { eventually } from "./eventually.ts";

/** What one tenant has: ids to put into every route that takes one. */
export interface Belongings {
  clone: string;
  slug: string;
  document: string;
  run: string;
  conversation: string;
  question: string;
  answer: string;
  key: string;
  test: string;
  evaluation: string;
  webImport: string;
  workspace: string;
  member: string;
  invitation: string;
  connection: string;
  domain: string;
  session: string;
  passkey: string;
  share: string;
}

/** Ids that stand for nothing, of the kinds that a tenant's belongings have. */
export const missingLike = (of: Belongings) =>
  Object.fromEntries(
    Object.entries(of).map(([key, id]) => [
      key,
      key === "slug" ? "no-such-clone" : id.replace(/_.*/, "_01ARZ3NDEKTSV4RRFFQ69G5FAV"),
    ]),
  ) as unknown as Belongings;

/** Belongings without anybody whose they are like. */
export const nothing = missingLike({
  clone: "clone_",
  slug: "",
  document: "doc_",
  run: "run_",
  conversation: "conv_",
  question: "msg_",
  answer: "msg_",
  key: "key_",
  test: "qst_",
  evaluation: "eval_",
  webImport: "imp_",
  workspace: "ws_",
  member: "user_",
  invitation: "inv_",
  connection: "sso_",
  domain: "dom_",
  session: "session_",
  passkey: "pk_",
  share: "shr_",
});

/** Stands in everything that a furnished tenant has: whoever is shown it was shown too much. */
export const canary = "Xylophone-Quetzal-7319";

/** Waits until an import and what came of it are at rest: snapshots of it are compared. */
async function atRest(token: string, id: string): Promise<void> {
  const pages = await eventually(async () => {
    const found = await call("GET", `/api/v1/documents/imports/${id}`, { token });
    const now = await jsonOf<{ status: string; pages: { document_id: string | null }[] }>(found, 200);
    expect(now.status).not.toBe("running");
    return now.pages;
  });
  for (const { document_id } of pages) if (document_id) await settled(token, document_id);
}

/** Gives the person behind `token` one of everything; `ownName` is what is called so that is theirs, whatever workspace they are in. */
export async function furnish(token: string, ownName = canary): Promise<Belongings> {
  const clone = await makeClone(token, { name: canary, instructions: canary });
  const [document] = await upload(token, clone.id, fileOf("canary.md", `# ${canary}\n\nThe password is ${canary}.`));
  const { run_id } = await settled(token, document?.id ?? "");
  const conversation = await openConversation(token, { clone_id: clone.id, title: canary });
  const model = standIn(`reply=${canary}`);
  const turn = await jsonOf<{ user_message_id: string; message: { id: string } }>(
    await ask(token, conversation, { content: canary, model }, "application/json"),
    200,
  );
  const key = await jsonOf<{ id: string }>(
    await call("POST", "/api/v1/api-keys", { token, json: { name: canary } }),
    201,
  );
  const ids = { clone: clone.id, slug: clone.slug, document: document?.id ?? "", run: run_id, conversation };
  const tests = { clone_id: clone.id, questions: [{ question: canary, contains: [[canary]] }] };
  const { data } = await jsonOf<{ data: { id: string }[] }>(
    await call("POST", "/api/v1/evaluation/questions", { token, json: tests }),
    201,
  );
  const run = await jsonOf<{ id: string }>(
    await call("POST", "/api/v1/evaluation/runs", { token, json: { clone_id: clone.id } }),
    202,
  );
  await evaluated(token, run.id);
  const page = { clone_id: clone.id, url: `${inject("web").sites.bare}/` };
  const imported = await jsonOf<{ id: string }>(
    await call("POST", "/api/v1/documents/import", { token, json: page }),
    202,
  );
  await atRest(token, imported.id);
  const sessions = await jsonOf<{ data: { id: string }[] }>(await call("GET", "/api/v1/auth/sessions", { token }), 200);
  const workspace = await jsonOf<{ id: string }>(
    await call("POST", "/api/v1/workspaces", { token, json: { name: canary } }),
    201,
  );
  const invitation = await jsonOf<{ id: string }>(
    await call("POST", `/api/v1/workspaces/${workspace.id}/invitations`, { token, json: { email: "a@example.com" } }),
    201,
  );
  const { userId: member } = await addMember({ workspaceId: workspace.id }, "member");
  const session = sessions.data[0]?.id ?? "";
  const sso = `/api/v1/workspaces/${workspace.id}/sso`;
  const drafted = await call("POST", sso, { token, json: { kind: "oidc", name: ownName } });
  const connection = await jsonOf<{ id: string }>(drafted, 201);
  const named = await call("POST", `${sso}/${connection.id}/domains`, {
    token,
    json: { domain: `${ownName.toLowerCase()}.example` },
  });
  const domain = await jsonOf<{ id: string }>(named, 201);
  const { passkey } = await addPasskeyTo(token, ownName);
  const share = await jsonOf<{ id: string }>(
    await call("POST", `/api/v1/conversations/${conversation}/shares`, { token, json: { kind: "members" } }),
    201,
  );
  const signOn = { connection: connection.id, domain: domain.id };
  const team = { share: share.id, workspace: workspace.id, invitation: invitation.id, member, ...signOn };
  const made = {
    ...team,
    session,
    passkey: passkey.id,
    webImport: imported.id,
    key: key.id,
    test: data[0]?.id ?? "",
    evaluation: run.id,
  };
  return { ...ids, ...made, question: turn.user_message_id, answer: turn.message.id };
}
