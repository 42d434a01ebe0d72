import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { fileOf, settled, upload } from "../../knowledge/testing/documents.ts";
import { call, jsonOf, makeClone, signUp } from "../../testing/client.ts";
import { teamOf } from "../../workspaces/testing/teams.ts";
import { ask, openConversation, standIn } from "../testing/turns.ts";

const v1 = "/api/v1";
interface Shared {
  title: string;
  clone: string | null;
  shared_by: string;
  messages: { role: string; content: string; citations: { document_id: string | null; quote: string }[] }[];
}

const share = async (token: string, conversation: string, kind: string, headers = {}) =>
  jsonOf<{ id: string; url: string }>(
    await call("POST", `${v1}/conversations/${conversation}/shares`, { token, headers, json: { kind } }),
    201,
  );
const byLink = (url: string) => call("GET", `${v1}/public/shares/${new URL(url).pathname.replace("/s/", "")}`);

describe("sharing", () => {
  it("shows whoever has the link the branch as it ended then, and no document, until it is ended", async () => {
    const ada = await signUp("Ada");
    const clone = await makeClone(ada.token, { instructions: "Secret instructions" });
    const [document] = await upload(ada.token, clone.id, fileOf("tea.md", "# Tea\n\nSencha brews at 70 degrees."));
    await settled(ada.token, document?.id ?? "");
    const conversation = await openConversation(ada.token, {
      clone_id: clone.id,
      title: "Tea",
      system_prompt: "Secret",
    });
    await jsonOf(
      await ask(ada.token, conversation, { content: "At how many degrees does sencha brew?" }, "application/json"),
      200,
    );
    const { id, url } = await share(ada.token, conversation, "link");
    await jsonOf(await ask(ada.token, conversation, { content: "Said later" }, "application/json"), 200);

    const response = await byLink(url);
    expect(response.headers.get("X-Robots-Tag")).toBe("noindex");
    const text = await response.text();
    const shown = JSON.parse(text) as Shared;
    expect(shown).toMatchObject({ title: "Tea", clone: "Mentor", shared_by: "Ada" });
    expect(shown.messages.map(({ role }) => role)).toEqual(["user", "assistant"]);
    expect(shown.messages[1]?.citations[0]).toMatchObject({ document_id: null });
    expect(shown.messages[1]?.citations[0]?.quote).toContain("70 degrees");
    for (const hidden of ["Said later", "Secret", ada.email, ada.userId, conversation, document?.id ?? "doc_"]) {
      expect(text).not.toContain(hidden);
    }
    const kept = await env.DB.prepare("SELECT * FROM conversation_shares").all();
    expect(JSON.stringify(kept.results)).not.toContain(new URL(url).pathname.replace("/s/", ""));

    const path = `${v1}/conversations/${conversation}/shares`;
    const { data } = await jsonOf<{ data: { id: string }[] }>(await call("GET", path, { token: ada.token }), 200);
    expect(data.map((each) => each.id)).toEqual([id]);
    expect((await call("DELETE", `${path}/${id}`, { token: ada.token })).status).toBe(204);
    expect((await byLink(url)).status).toBe(404);
    expect((await call("DELETE", `${path}/${id}`, { token: ada.token })).status).toBe(404);
  });

  it("lets the people of the workspace, viewers too, follow it as it goes on, and change nothing", async () => {
    const { ada, ben, id } = await teamOf("viewer");
    const headers = { "X-Workspace-Id": id };
    const opened = await call("POST", `${v1}/conversations`, { token: ada.token, headers, json: { title: "Plans" } });
    const { id: conversation } = await jsonOf<{ id: string }>(opened, 201);
    const send = async (content: string) =>
      jsonOf(
        await call("POST", `${v1}/conversations/${conversation}/messages`, {
          token: ada.token,
          headers: { ...headers, Accept: "application/json" },
          json: { content, model: standIn("reply=Yes") },
        }),
        200,
      );
    const early = await call("POST", `${v1}/conversations/${conversation}/shares`, {
      token: ada.token,
      headers,
      json: { kind: "members" },
    });
    expect(early.status).toBe(409);
    await send("Shall we?");
    const [first, again] = [
      await share(ada.token, conversation, "members", headers),
      await share(ada.token, conversation, "members", headers),
    ];
    expect(again.id).toBe(first.id);
    await send("And then?");

    const listed = await call("GET", `${v1}/shared`, { token: ben.token, headers });
    expect((await jsonOf<{ data: object[] }>(listed, 200)).data).toMatchObject([{ id: first.id, title: "Plans" }]);
    const read = await call("GET", `${v1}/shared/${first.id}`, { token: ben.token, headers });
    const { messages } = await jsonOf<Shared>(read, 200);
    expect(messages.map(({ content }) => content)).toEqual(["Shall we?", "Yes", "And then?", "Yes"]);

    expect((await call("GET", `${v1}/shared/${first.id}`, { token: ben.token })).status, "elsewhere").toBe(404);
    expect((await call("GET", `${v1}/public/shares/${first.id}`)).status, "by its id").toBe(404);
    for (const [method, path] of [
      ["GET", ""],
      ["GET", "/messages"],
      ["GET", "/stream"],
      ["GET", "/export?format=json"],
      ["DELETE", ""],
      ["DELETE", `/shares/${first.id}`],
    ] as const) {
      const answer = await call(method, `${v1}/conversations/${conversation}${path}`, { token: ben.token, headers });
      expect([403, 404], `${method} ${path}`).toContain(answer.status);
    }
  });

  it("ends with its sharer’s place in the workspace, and with the conversation", async () => {
    const { ada, ben, id } = await teamOf("member");
    const headers = { "X-Workspace-Id": id };
    const opened = await call("POST", `${v1}/conversations`, { token: ben.token, headers, json: {} });
    const { id: conversation } = await jsonOf<{ id: string }>(opened, 201);
    await jsonOf(
      await call("POST", `${v1}/conversations/${conversation}/messages`, {
        token: ben.token,
        headers: { ...headers, Accept: "application/json" },
        json: { content: "Hello", model: standIn("reply=Yes") },
      }),
      200,
    );
    const { url } = await share(ben.token, conversation, "link", headers);
    const suspend = (suspended: boolean) =>
      call("PATCH", `${v1}/workspaces/${id}/members/${ben.userId}`, { token: ada.token, json: { suspended } });
    expect((await byLink(url)).status).toBe(200);
    expect((await suspend(true)).status).toBe(200);
    expect((await byLink(url)).status).toBe(404);
    expect((await suspend(false)).status).toBe(200);
    expect((await byLink(url)).status).toBe(200);
    expect((await call("DELETE", `${v1}/conversations/${conversation}`, { token: ben.token, headers })).status).toBe(
      204,
    );
    expect((await byLink(url)).status).toBe(404);
  });
});
