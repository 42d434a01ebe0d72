import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { call, jsonOf } from "../../testing/client.ts";
import { teamOf } from "../../workspaces/testing/teams.ts";
import { fileOf } from "../testing/documents.ts";

describe("a download link", () => {
  /** A document of Ada's shared workspace, and addresses of its file that Ben made: by his session, and by a key of his. */
  async function linksOfBen() {
    const { ada, ben, id: workspaceId } = await teamOf("member");
    const inTeam = { token: ada.token, json: { name: "Mentor", workspace_id: workspaceId } };
    const clone = await jsonOf<{ id: string }>(await call("POST", "/api/v1/clones", inTeam), 201);
    const body = new FormData();
    body.set("clone_id", clone.id);
    body.set("file", fileOf("prices.md", "A pear costs 3 coins."));
    const headers = { "X-Workspace-Id": workspaceId };
    const uploaded = await jsonOf<{ data: { id: string }[] }>(
      await call("POST", "/api/v1/documents/upload", { token: ada.token, body, headers }),
      202,
    );
    const id = uploaded.data[0]?.id ?? "";
    const key = await jsonOf<{ id: string; key: string }>(
      await call("POST", "/api/v1/api-keys", {
        token: ben.token,
        headers,
        json: { name: "k", scopes: ["read", "chat", "write"] },
      }),
      201,
    );
    const linkBy = async (token: string) => {
      const made = await call("POST", `/api/v1/documents/${id}/download-link`, { token, headers });
      return new URL((await jsonOf<{ url: string }>(made, 201)).url).pathname;
    };
    const [bySession, byKey] = [await linkBy(ben.token), await linkBy(key.key)];
    const open = async (path: string) => {
      const answer = await call("GET", path);
      await answer.body?.cancel();
      return answer.status;
    };
    expect([await open(bySession), await open(byKey)]).toEqual([200, 200]);
    const as = (who: { token: string }, method: string, path: string, json?: unknown) =>
      call(method, path, { token: who.token, headers, ...(json === undefined ? {} : { json }) });
    return {
      ada,
      ben,
      id,
      workspaceId,
      clone,
      key,
      as,
      opened: async () => [await open(bySession), await open(byKey)],
    };
  }

  it.each<[string, (of: Awaited<ReturnType<typeof linksOfBen>>) => Promise<Response>, [number, number]]>([
    [
      "the member is removed",
      ({ as, ada, ben, workspaceId }) => as(ada, "DELETE", `/api/v1/workspaces/${workspaceId}/members/${ben.userId}`),
      [404, 404],
    ],
    [
      "the member is suspended",
      ({ as, ada, ben, workspaceId }) =>
        as(ada, "PATCH", `/api/v1/workspaces/${workspaceId}/members/${ben.userId}`, { suspended: true }),
      [404, 404],
    ],
    [
      "the document becomes somebody else’s alone",
      ({ as, ada, id }) => as(ada, "PATCH", `/api/v1/documents/${id}`, { access: "me" }),
      [404, 404],
    ],
    ["the document is deleted", ({ as, ada, id }) => as(ada, "DELETE", `/api/v1/documents/${id}`), [404, 404]],
    ["the clone is deleted", ({ as, ada, clone }) => as(ada, "DELETE", `/api/v1/clones/${clone.id}`), [404, 404]],
    ["the session ends", ({ as, ben }) => as(ben, "POST", "/api/v1/auth/logout"), [404, 200]],
    ["the key is ended", ({ as, ben, key }) => as(ben, "DELETE", `/api/v1/api-keys/${key.id}`), [200, 404]],
  ])("ends when %s", async (_, happens, statuses) => {
    const of = await linksOfBen();
    expect((await happens(of)).status).toBeLessThan(300);
    expect(await of.opened()).toEqual(statuses);
  });

  it("ends when its workspace or its person is suspended", async () => {
    for (const [table, which] of [
      ["workspaces", "workspaceId"],
      ["users", "userId"],
    ] as const) {
      const of = await linksOfBen();
      const id = which === "userId" ? of.ben.userId : of.workspaceId;
      await env.DB.prepare(`UPDATE ${table} SET suspended_at = 1 WHERE id = ?`).bind(id).run();
      expect(await of.opened()).toEqual([404, 404]);
    }
  });
});
