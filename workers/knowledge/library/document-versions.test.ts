import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { call, jsonOf, makeClone, signUp } from "../../testing/client.ts";
import { eventually } from "../../testing/eventually.ts";
import { fileOf, settled, upload } from "../testing/documents.ts";

interface Shown {
  filename: string;
  type: string;
  status: string;
  update: { filename: string; status: string; error: string | null } | null;
}

const first = "# Prices\n\nA pear costs 3 coins in the old list.";
const second = "# Prices\n\nA pear costs 5 coins in the new list. A quince costs 9.";

async function withPrices(content: string | Uint8Array = first, name = "prices.md") {
  const { token } = await signUp();
  const clone = await makeClone(token);
  const [document] = await upload(token, clone.id, fileOf(name, content));
  const id = document?.id ?? "";
  await settled(token, id);
  const shown = async () => jsonOf<Shown>(await call("GET", `/api/v1/documents/${id}`, { token }), 200);
  const replace = (...files: File[]) => {
    const body = new FormData();
    for (const file of files) body.append("file", file);
    return call("PUT", `/api/v1/documents/${id}/content`, { token, body });
  };
  const texts = async () => {
    const json = { clone_id: clone.id, query: "What does a pear cost?" };
    const found = await jsonOf<{ data: { text: string }[] }>(
      await call("POST", "/api/v1/documents/search", { token, json }),
      200,
    );
    return found.data.map(({ text }) => text).join();
  };
  return { token, clone, id, shown, replace, texts };
}

const storedFiles = async () => (await env.UPLOADS.list()).objects.map(({ key }) => key.split("/").at(-1)).sort();

describe("a new file for a document", () => {
  it("takes the place of the old one at once when it is read, under the same id", async () => {
    const { token, id, shown, replace, texts } = await withPrices();
    const answer = await jsonOf<Shown>(await replace(fileOf("prices-2027.txt", second)), 202);
    expect(answer).toMatchObject({ filename: "prices.md", status: "indexed" });
    await eventually(async () => expect(await shown()).toMatchObject({ filename: "prices-2027.txt", update: null }));
    expect(await shown()).toMatchObject({ type: "text", status: "indexed" });
    expect(await texts()).toContain("5 coins");
    expect(await texts()).not.toContain("3 coins");
    const content = await call("GET", `/api/v1/documents/${id}/content`, { token });
    expect(await content.text()).toBe(second);
    // It goes right after the new one counts.
    await eventually(async () => expect(await storedFiles()).toEqual(["original", "text.json"]));
  });

  it("that cannot be read changes nothing, and says why", async () => {
    const { token, id, shown, replace, texts } = await withPrices();
    const broken = "%PDF-1.7\n%âãÏÓ\n1 0 obj\n<< /Type /Catalog >>";
    expect((await replace(fileOf("prices.pdf", broken))).status).toBe(202);
    await eventually(async () => expect((await shown()).update?.status).toBe("failed"));
    expect(await shown()).toMatchObject({
      filename: "prices.md",
      status: "indexed",
      update: { filename: "prices.pdf", error: expect.stringMatching(/\w+ .*\./) },
    });
    expect(await texts()).toContain("3 coins");
    expect(await (await call("GET", `/api/v1/documents/${id}/content`, { token })).text()).toBe(first);
    await eventually(async () => expect(await storedFiles()).toEqual(["original", "text.json"]));
  });

  it("of several that come at once, the last stays", async () => {
    const { shown, replace, texts } = await withPrices();
    for (const price of [6, 7, 8]) {
      const text = `# Prices\n\nA pear costs ${price} coins now.`;
      expect((await replace(fileOf(`prices-${price}.md`, text))).status).toBe(202);
    }
    await eventually(async () => expect(await shown()).toMatchObject({ filename: "prices-8.md", update: null }));
    expect(await texts()).toContain("8 coins");
    expect(await texts()).not.toMatch(/[367] coins/);
    await eventually(async () => expect(await storedFiles()).toEqual(["original", "text.json"]));
  });

  it("mends one that could not be read", async () => {
    const { token, id, replace, texts } = await withPrices("%PDF-1.7\n%âãÏÓ\n1 0 obj\n<< /Type /Catalog >>", "a.pdf");
    expect((await replace(fileOf("prices.md", first))).status).toBe(202);
    expect((await settled(token, id)).status).toBe("indexed");
    expect(await texts()).toContain("3 coins");
    await eventually(async () => expect(await storedFiles()).toEqual(["original", "text.json"]));
  });

  it("is refused where the clone has it already, where it is no document, and where there are two", async () => {
    const { token, clone, replace } = await withPrices();
    await upload(token, clone.id, fileOf("other.md", second));
    expect(await (await replace(fileOf("again.md", first))).text()).toContain("has already");
    const taken = await replace(fileOf("again.md", second));
    expect([taken.status, await taken.text()]).toEqual([409, expect.stringContaining("other.md")]);
    expect((await replace(fileOf("a.bin", new Uint8Array([0, 1, 2, 3, 0, 0, 255])))).status).toBe(415);
    expect((await replace(fileOf("a.md", "# A"), fileOf("b.md", "# B"))).status).toBe(422);
    expect((await replace()).status).toBe(422);
  });

  it("goes with the document when that is deleted meanwhile", async () => {
    const { token, id, replace } = await withPrices();
    await replace(fileOf("new.md", second));
    expect((await call("DELETE", `/api/v1/documents/${id}`, { token })).status).toBe(204);
    await eventually(async () => expect(await storedFiles()).toEqual([]));
    const running = "SELECT count(*) AS n FROM pipeline_runs";
    expect(await env.DB.prepare(running).first("n")).toBe(0);
  });
});

describe("a document’s owner", () => {
  it("names it, and says for whom it is: visitors are answered from what is public alone", async () => {
    const { token, clone, id, texts } = await withPrices();
    await call("PATCH", `/api/v1/clones/${clone.id}`, {
      token,
      json: { visibility: "public", source_access: "documents" },
    });
    const { visitor_token: visitor } = await jsonOf<{ visitor_token: string }>(
      await call("POST", "/api/v1/visitors", { json: { clone: clone.slug } }),
      201,
    );
    const answered = async (asker: string) => {
      const { id: conversation } = await jsonOf<{ id: string }>(
        await call("POST", "/api/v1/conversations", { token: asker, json: { clone_id: clone.id } }),
        201,
      );
      const path = `/api/v1/conversations/${conversation}/messages`;
      const headers = { Accept: "application/json" };
      const json = { content: "What does a pear cost?" };
      return (await call("POST", path, { token: asker, json, headers })).text();
    };
    expect(await answered(visitor)).toContain("3 coins");
    const patch = (json: unknown) => call("PATCH", `/api/v1/documents/${id}`, { token, json });
    for (const access of ["members", "me"]) {
      expect(await jsonOf(await patch({ access }), 200)).toMatchObject({ access });
      expect(await answered(visitor)).not.toContain("3 coins");
      expect((await call("GET", `/api/v1/documents/${id}/text`, { token: visitor })).status).toBe(404);
      expect(await answered(token)).toContain("3 coins");
      expect(await texts()).toContain("3 coins");
    }
    expect(await jsonOf(await patch({ access: "public", filename: "../Price list.md" }), 200)).toMatchObject({
      access: "public",
      filename: "Price list.md",
    });
    expect(await answered(visitor)).toContain("3 coins");
    expect((await patch({})).status).toBe(422);
    expect((await patch({ access: "all" })).status).toBe(422);
    expect((await patch({ workspace_id: "ws_1" })).status).toBe(422);
  });

  it("keeps to themselves what they uploaded for themselves: other members neither see it nor are answered from it", async () => {
    const { token, clone, id } = await withPrices();
    const other = await signUp("Bob");
    await env.DB.prepare(
      "INSERT INTO members (workspace_id, user_id, role, created_at) SELECT workspace_id, ?, 'member', 0 FROM clones WHERE id = ?",
    )
      .bind(other.userId, clone.id)
      .run();
    const workspace = await env.DB.prepare("SELECT workspace_id FROM clones WHERE id = ?")
      .bind(clone.id)
      .first("workspace_id");
    const headers = { "X-Workspace-Id": String(workspace) };
    const asBob = (method: string, path: string, json?: unknown) =>
      call(method, path, { token: other.token, headers, ...(json ? { json } : {}) });
    expect((await asBob("GET", `/api/v1/documents/${id}`)).status).toBe(200);
    await call("PATCH", `/api/v1/documents/${id}`, { token, json: { access: "me" } });
    for (const path of ["", "/text", "/content", "/status", "/passages"])
      expect((await asBob("GET", `/api/v1/documents/${id}${path}`)).status, path).toBe(404);
    expect((await asBob("DELETE", `/api/v1/documents/${id}`)).status).toBe(404);
    expect(await jsonOf(await asBob("GET", `/api/v1/documents?clone_id=${clone.id}`), 200)).toMatchObject({ data: [] });
    const query = { clone_id: clone.id, query: "What does a pear cost?" };
    expect(await jsonOf(await asBob("POST", "/api/v1/documents/search", query), 200)).toMatchObject({ data: [] });
  });
});

describe("a document’s passages", () => {
  it("are shown in their order, page by page, as search finds them", async () => {
    const text = Array.from({ length: 30 }, (_, i) => `# Part ${i}\n\nPart ${i} speaks of pear number ${i}.`).join(
      "\n\n",
    );
    const { token, id } = await withPrices(text);
    const path = `/api/v1/documents/${id}/passages`;
    interface Page {
      data: { ordinal: number; text: string; section: string; tokens: number }[];
      total: number;
      next_cursor: string | null;
    }
    const page = await jsonOf<Page>(await call("GET", `${path}?limit=20`, { token }), 200);
    expect([page.data.length, page.total]).toEqual([20, 30]);
    const rest = await jsonOf<Page>(await call("GET", `${path}?limit=20&cursor=${page.next_cursor}`, { token }), 200);
    expect(rest.next_cursor).toBeNull();
    expect([...page.data, ...rest.data].map(({ ordinal }) => ordinal)).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect(rest.data.at(-1)).toMatchObject({
      section: "Part 29",
      text: expect.stringContaining("number 29"),
      tokens: 11,
    });
  });
});

describe("a download link", () => {
  it("gives the file to whoever has it, for a while, and only as long as it is the document’s", async () => {
    const { token, id, replace, shown } = await withPrices(
      "<h1>Prices</h1><p>A pear costs 3 coins.</p>",
      "prices.html",
    );
    const { url, expires_at } = await jsonOf<{ url: string; expires_at: string }>(
      await call("POST", `/api/v1/documents/${id}/download-link`, { token }),
      201,
    );
    expect(Date.parse(expires_at) - Date.now()).toBeLessThanOrEqual(300_000);
    const path = new URL(url).pathname;
    const file = await call("GET", path);
    expect(file.headers.get("Content-Disposition")).toMatch(/^attachment/);
    expect(new TextDecoder().decode(await file.arrayBuffer())).toContain("3 coins");
    expect((await call("GET", `${path.slice(0, -3)}abc`)).status).toBe(404);
    vi.setSystemTime(Date.now() + 301_000);
    expect((await call("GET", path)).status).toBe(404);
    vi.useRealTimers();
    await replace(fileOf("prices.md", second));
    await eventually(async () => expect(await shown()).toMatchObject({ filename: "prices.md" }));
    expect((await call("GET", path)).status).toBe(404);
  });
});
