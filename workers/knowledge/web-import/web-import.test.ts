import { env } from "cloudflare:workers";
import { describe, expect, inject, it } from "vitest";
import { createRuntime } from "../../platform/runtime.ts";
import { call, jsonOf, makeClone, signUp } from "../../testing/client.ts";
import type { Document, DocumentText, WebImport } from "../contract.ts";
import { fileOf, settled, upload } from "../testing/documents.ts";
import { consumePages, sweepPages } from "./page-queue.ts";
import { readSitemap } from "./sitemap.ts";

const { sites, url: site, canary } = inject("web");

async function owner() {
  const { token } = await signUp();
  const clone = await makeClone(token);
  return { token, clone };
}
type Owner = Awaited<ReturnType<typeof owner>>;

const post = ({ token, clone }: Owner, url: string, mode = "page") =>
  call("POST", "/api/v1/documents/import", { token, json: { clone_id: clone.id, url, mode } });
const take = async (by: Owner, url: string, mode?: string) => jsonOf<WebImport>(await post(by, url, mode), 202);
const get = async <T>({ token }: Owner, path: string) => jsonOf<T>(await call("GET", `/api/v1${path}`, { token }), 200);
const listed = async (by: Owner) =>
  (await get<{ data: Document[] }>(by, `/documents?clone_id=${by.clone.id}&limit=100`)).data;

/** Follows an import until all its pages are settled, as a client does. */
async function finished(by: Owner, id: string): Promise<WebImport> {
  for (;;) {
    const state = await get<WebImport>(by, `/documents/imports/${id}`);
    if (state.status === "done") return state;
    await scheduler.wait(10);
  }
}

const pathsOf = (imported: WebImport, status: string) =>
  imported.pages.filter((page) => page.status === status).map(({ url }) => new URL(url).pathname);

describe("importing a page", () => {
  it("makes it a document like any other, named by its title, with its address", async () => {
    const ada = await owner();
    const { pages, status } = await take(ada, `${sites.handbook}/moved#part`);
    expect(status).toBe("done");
    const id = pages[0]?.document_id ?? "";
    expect(pages).toMatchObject([{ url: `${sites.handbook}/docs/pump`, status: "imported", error: null }]);
    expect(await settled(ada.token, id)).toMatchObject({ status: "indexed" });
    expect(await listed(ada)).toMatchObject([
      {
        id,
        filename: "Pump - manual.html",
        source_url: `${sites.handbook}/docs/pump`,
        media_type: "text/html",
        title: "Pump / manual",
      },
    ]);
    const found = await jsonOf<{ data: { text: string }[] }>(
      await call("POST", "/api/v1/documents/search", {
        token: ada.token,
        json: { clone_id: ada.clone.id, query: "How long is the warranty of the pump?" },
      }),
      200,
    );
    expect(found.data[0]?.text).toContain("24 months");
  });

  it("gives the same document its new text when the page is imported again", async () => {
    const ada = await owner();
    const first = (await take(ada, `${sites.handbook}/edition`)).pages[0];
    await settled(ada.token, first?.document_id ?? "");
    const textNow = async () => {
      const text = await get<DocumentText>(ada, `/documents/${first?.document_id}/text`);
      return text.parts.map(({ text }) => text).join();
    };
    const before = await textNow();
    const second = (await take(ada, `${sites.handbook}/edition`)).pages[0];
    expect(second).toMatchObject({ status: "imported", document_id: first?.document_id });
    while ((await textNow()) === before) await scheduler.wait(10);
    expect(await listed(ada)).toHaveLength(1);
    // A page that has not changed stays as it is.
    await take(ada, `${sites.handbook}/docs/pump`);
    expect((await take(ada, `${sites.handbook}/docs/pump`)).pages[0]).toMatchObject({ status: "unchanged" });
  });

  it("makes one document of one address that comes many times at once", async () => {
    const ada = await owner();
    const answers = await Promise.all(Array.from({ length: 6 }, () => take(ada, `${sites.handbook}/edition`)));
    expect(new Set(answers.map(({ pages }) => pages[0]?.document_id)).size).toBe(1);
    expect(await listed(ada)).toHaveLength(1);
  });

  it("goes by the part of a very long robots.txt that is read, and by no rule that the cut made", async () => {
    const ada = await owner();
    expect((await take(ada, `${sites.wordy}/open`)).pages[0]).toMatchObject({ status: "imported" });
    const problem = await jsonOf<{ detail: string }>(await post(ada, `${sites.wordy}/private/x`), 422);
    expect(problem.detail).toContain("robots.txt");
  });

  it("says what to do where a page cannot be taken, and stores nothing", async () => {
    const ada = await owner();
    const cases: [url: string, code: string, detail: RegExp][] = [
      [`${sites.handbook}/docs/secret`, "fetch_failed", /robots\.txt/],
      [`${sites.handbook}/private/x`, "fetch_failed", /robots\.txt/],
      [`${sites.ailing}/`, "fetch_failed", /robots\.txt/],
      [`${sites.handbook}/docs/gone`, "fetch_failed", /no page at this address/],
      [`${sites.handbook}/members`, "fetch_failed", /only to people it knows/],
      [`${sites.handbook}/picture`, "fetch_failed", /“image\/png”/],
      [`${site}/redirect?to=${encodeURIComponent(canary)}`, "fetch_refused", /port/],
      [`${canary}/`, "fetch_refused", /port/],
      ["http://169.254.169.254/latest/meta-data/", "fetch_refused", /private network/],
      ["https://10-0-0-1.ip.example/", "fetch_refused", /private network/],
      ["https://none.example/", "fetch_failed", /no website/],
      ["file:///etc/passwd", "fetch_refused", /not a web address/],
      ["the handbook", "fetch_refused", /not a web address/],
      ["http://localhost:8787/", "fetch_refused", /./],
      ["", "validation_failed", /Give a web address/],
    ];
    for (const [url, code, detail] of cases) {
      const problem = await jsonOf<{ code: string; detail: string }>(await post(ada, url), 422);
      expect(problem, url).toMatchObject({ code, detail: expect.stringMatching(detail) });
    }
    expect(await listed(ada)).toEqual([]);
    expect(await (await fetch(`${site}/hits`)).json()).toEqual([]);
  });

  it("reads an encoding that only the server names", async () => {
    const ada = await owner();
    const { pages } = await take(ada, `${sites.handbook}/latin`);
    await settled(ada.token, pages[0]?.document_id ?? "");
    const text = await get<DocumentText>(ada, `/documents/${pages[0]?.document_id}/text`);
    expect(text.parts[0]?.text).toContain("Straße");
  });

  it("leaves a page alone that another member has imported for themselves", async () => {
    const ada = await owner();
    const [document] = await upload(ada.token, ada.clone.id, fileOf("mine.md", "# Mine"));
    await env.DB.prepare("UPDATE documents SET access = 'me', created_by = 'user_other', source_url = ? WHERE id = ?")
      .bind(`${sites.handbook}/docs/pump`, document?.id)
      .run();
    expect(await jsonOf(await post(ada, `${sites.handbook}/docs/pump`), 409)).toMatchObject({ code: "conflict" });
  });
});

describe("importing a website", () => {
  it("takes the pages of its sitemaps that lie in the folder, and leaves what robots may not read", async () => {
    const ada = await owner();
    const started = await take(ada, `${sites.handbook}/docs/`, "site");
    expect(started).toMatchObject({ found: 5, disallowed: 1 });
    const done = await finished(ada, started.id);
    expect(pathsOf(done, "imported")).toEqual(["/docs/pump", "/docs/valve"]);
    expect(pathsOf(done, "failed")).toEqual(["/docs/away", "/docs/gone"]);
    const [away, gone] = done.pages.filter(({ status }) => status === "failed").map(({ error }) => error);
    expect(away).toMatch(/leads to another website/);
    expect(gone).toMatch(/no page at this address/);
    expect((await listed(ada)).map(({ filename }) => filename).toSorted()).toEqual([
      "Pump - manual.html",
      "Valve.html",
    ]);
    const again = await finished(ada, (await take(ada, `${sites.handbook}/docs/`, "site")).id);
    expect(pathsOf(again, "unchanged")).toEqual(["/docs/pump", "/docs/valve"]);
  });

  it("takes a sitemap’s address, and all its pages", async () => {
    const ada = await owner();
    const started = await take(ada, `${sites.handbook}/rest.xml`, "site");
    expect(started.pages.map(({ url }) => new URL(url).pathname)).toEqual(["/blog/news", "/docs/pump"]);
    await finished(ada, started.id);
  });

  it("takes two hundred pages at most, and one website at a time", async () => {
    const ada = await owner();
    const started = await take(ada, `${sites.large}/`, "site");
    expect(started).toMatchObject({ status: "running", found: 450, disallowed: 0 });
    expect(started.pages).toHaveLength(200);
    const busy = await post(ada, `${sites.handbook}/docs/`, "site");
    expect(await jsonOf(busy, 409)).toMatchObject({ code: "conflict" });
    expect(pathsOf(await finished(ada, started.id), "imported")).toHaveLength(200);
  });

  it("says so where the pages are not known", async () => {
    const ada = await owner();
    for (const [url, detail] of [
      [`${sites.bare}/`, /no sitemap/],
      [`${sites.large}/page/1/`, /under this address/],
    ] as const) {
      const problem = await jsonOf<{ detail: string }>(await post(ada, url, "site"), 422);
      expect(problem.detail).toMatch(detail);
    }
  });

  it("takes a page once, however often its message comes, and ends what cannot be taken", async () => {
    const ada = await owner();
    const started = await take(ada, `${sites.handbook}/docs/`, "site");
    const done = await finished(ada, started.id);
    const deliver = async (url: string, isDead: boolean) => {
      let acked = false;
      const message = {
        attempts: 1,
        ack: () => (acked = true),
      };
      const body = { kind: "web_page", import_id: started.id, url } as const;
      await consumePages(createRuntime(env), [{ message: message as unknown as Message, body }], isDead);
      expect(acked).toBe(true);
    };
    await deliver(`${sites.handbook}/docs/pump`, false);
    expect(await get<WebImport>(ada, `/documents/imports/${started.id}`)).toEqual(done);
    await env.DB.prepare("UPDATE web_import_pages SET status = 'waiting' WHERE url LIKE '%pump'").run();
    await deliver(`${sites.handbook}/docs/pump`, true);
    expect(pathsOf(await get<WebImport>(ada, `/documents/imports/${started.id}`), "failed")).toContain("/docs/pump");
    // What a stop has cut off is put back by the sweep.
    await env.DB.prepare("UPDATE web_import_pages SET status = 'waiting' WHERE url LIKE '%pump'").run();
    await sweepPages(createRuntime(env), { atStart: true });
    expect(pathsOf(await finished(ada, started.id), "unchanged")).toContain("/docs/pump");
  });

  it("reads sitemaps as they come", () => {
    expect(readSitemap("https://a.example/1\nhttps://a.example/2\n# no").pages).toHaveLength(2);
    expect(
      readSitemap(
        '<urlset xmlns:image="i"><url><loc>\n https://a.example/?a=1&amp;b=2 </loc><image:image><image:loc>https://a.example/i.png</image:loc></image:image></url></urlset>',
      ).pages,
    ).toEqual(["https://a.example/?a=1&b=2"]);
    expect(readSitemap("<html><body><a href=x>")).toEqual({ pages: [], sitemaps: [] });
  });
});
