import assert from "node:assert/strict";
import { makeClone, signUp } from "./account.ts";
import { eventually } from "./expect.ts";
import { hostilePayloads } from "./hostile-payloads.ts";
import type { Journey, Visit } from "./journey.ts";

/** Lists of at most `size`, in order. */
function portions<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}

/** A payload as a field of one line may hold it; what such a field refuses is tried by its own tests. */
const lineOf = (payload: string, most: number) =>
  payload
    .replace(/[\p{Cc}\u2028\u2029]+/gu, " ")
    .slice(0, most)
    .trim();

/** Counts what payloads run, after it has shown that it would. */
async function watchForScripts({ context }: Visit): Promise<() => number> {
  let runs = 0;
  await context.exposeBinding("pwned", () => {
    runs++;
  });
  const control = await context.newPage();
  await control.setContent("<img src=x onerror=pwned()>");
  await eventually("a payload runs where nothing hinders it", async () => runs === 1);
  await control.close();
  runs = 0;
  return () => runs;
}

/** Fails where the page holds anything of a payload that is more than text. */
async function expectInert({ page }: Visit, where: string, runs: () => number): Promise<void> {
  const alive = await page.evaluate(() => {
    const found: string[] = [];
    for (const element of document.querySelectorAll("*")) {
      const names = element.getAttributeNames().filter((name) => name.startsWith("on"));
      const address =
        element.getAttribute("href") ?? element.getAttribute("src") ?? element.getAttribute("action") ?? "";
      if (names.length > 0 || /^\s*(?:java|vb)?script:|^data:text|^view-source/i.test(address))
        found.push(element.outerHTML.slice(0, 200));
      if (/^(?:iframe|object|embed|base|portal|frame|applet)$/i.test(element.tagName)) found.push(element.outerHTML);
    }
    return found;
  });
  assert.deepEqual(alive, [], where);
  assert.equal(runs(), 0, `scripts ran in ${where}`);
}

/** A conversation whose questions and answers are the payloads, as ChatGPT's export holds one. */
function conversationOf(payloads: readonly string[]) {
  const mapping: Record<string, object> = { root: { parent: null, message: null } };
  let parent = "root";
  const add = (id: string, role: string, text: string) => {
    mapping[id] = { parent, message: { author: { role }, content: { content_type: "text", parts: [text] } } };
    parent = id;
  };
  payloads.forEach((payload, i) => {
    add(`q${i}`, "user", payload);
    add(`a${i}`, "assistant", `${payload}\n\nThe end of ${i}.`);
  });
  return { title: payloads[0] ?? "", create_time: 1, current_node: parent, mapping };
}

/** Adds documents; returns their ids. */
async function upload({ context, base }: Visit, cloneId: string, files: File[]): Promise<string[]> {
  const multipart = new FormData();
  multipart.set("clone_id", cloneId);
  for (const file of files) multipart.append("file", file);
  const response = await context.request.post(`${base}/api/v1/documents/upload`, {
    multipart,
    headers: { Origin: base },
  });
  assert.equal(response.status(), 202, await response.text());
  const { data } = (await response.json()) as { data: { id: string }[] };
  return data.map(({ id }) => id);
}

/** Answers that held up whoever showed them, a word at the end of each block that must be there all the same. */
const exhausting: [name: string, text: string][] = [
  ["emphasis", `${"_a*".repeat(4_000)} shown`],
  ["dashes", `${"- ".repeat(2_000)}shown`],
  ["quotes", `${"> ".repeat(2_000)}shown`],
  ["numbers", `${"1. ".repeat(2_000)}shown`],
  ["brackets", `${"[".repeat(6_000)}${"]".repeat(6_000)} shown`],
  ["dashes and lines", `${"_-".repeat(6_000)} shown`],
  ["headings", `${"a\n=\n".repeat(3_000)}shown`],
  ["a word", `${"x".repeat(12_000)} shown`],
];

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

export const hostileJourneys: Journey[] = [
  {
    name: "no payload runs or loads anything: as a question, an answer, or a conversation’s title",
    async run(visit) {
      const { page, open, call } = visit;
      assert.ok(hostilePayloads.length >= 300, `${hostilePayloads.length} payloads`);
      const runs = await watchForScripts(visit);
      await signUp(visit);
      await makeClone(visit, { name: "Parrot" });
      const parts = portions(hostilePayloads, 50);
      await call("POST", "/conversations/import", parts.map(conversationOf));
      const { data } = await call<{ data: { id: string }[] }>("GET", "/conversations?limit=100");
      assert.equal(data.length, parts.length);
      let answers = 0;
      for (const { id } of data) {
        await open(`/chat/${id}`);
        // As it came from the server, the page may still hold a part beside its place.
        const messages = page.getByRole("region", { name: "Messages" });
        await messages.getByText("The end of 0.", { exact: true }).waitFor();
        await page.locator(".answer .markdown").last().waitFor();
        answers += await page.locator(".answer").count();
        await expectInert(visit, `/chat/${id}`, runs);
      }
      assert.equal(answers, hostilePayloads.length, "every payload was shown as an answer");
    },
  },
  {
    name: "an answer made to hold up whoever shows it is shown, and one can ask on",
    async run(visit) {
      const { page, open, call } = visit;
      await signUp(visit);
      await makeClone(visit, { name: "Patient" });
      await call(
        "POST",
        "/conversations/import",
        exhausting.map(([name, text]) => ({ ...conversationOf([text]), title: name })),
      );
      const { data } = await call<{ data: { id: string; title: string }[] }>("GET", "/conversations?limit=100");
      assert.deepEqual(data.map(({ title }) => title).sort(), exhausting.map(([name]) => name).sort());
      for (const { id } of data) {
        await open(`/chat/${id}`);
        const answer = page.locator(".answer");
        await answer.getByText("shown").first().waitFor();
        await answer.getByText("The end of 0.").waitFor();
        const composer = page.getByRole("textbox").last();
        await composer.fill("And now?");
        assert.equal(await composer.inputValue(), "And now?");
      }
    },
  },
  {
    name: "no payload runs or loads anything: as a document’s name, title or text",
    async run(visit) {
      const { page, open, call } = visit;
      const runs = await watchForScripts(visit);
      await signUp(visit);
      const clone = await makeClone(visit, { name: "Archivist" });
      // A file with control characters is no text to the product, and is refused.
      const texts = hostilePayloads.map((payload) => payload.replace(/[^\P{Cc}\t\n]/gu, ""));
      const named = texts.map((payload, i) => new File([`# ${payload}\n\n${i}: ${payload}`], `${payload}.md`));
      const all = texts.map((payload) => `${payload}\n`).join("\n");
      const titled = texts.slice(0, 19).map((payload, i) => {
        const head = `<title>${escaped(payload)}</title><meta name=author content="${escaped(payload).replaceAll('"', "&quot;")}">`;
        return new File(
          [`<!doctype html><html><head>${head}</head><body><h1>${escaped(payload)}</h1>${i}`],
          "page.html",
        );
      });
      const first = await upload(visit, clone.id, [new File([all], "all of them.md"), ...titled]);
      for (const id of first.slice(0, 4)) {
        const read = () => call<{ status: string }>("GET", `/documents/${id}/status`);
        await eventually("it is read", async () => (await read()).status === "indexed");
        await open(`/documents/${id}`);
        await page.locator("main section").first().waitFor();
        await expectInert(visit, `/documents/${id}`, runs);
      }
      for (const files of portions(named, 20)) await upload(visit, clone.id, files);
      await open(`/clones/${clone.id}/knowledge`);
      const list = page.getByRole("list", { name: "Documents" });
      const rows = list.getByRole("listitem");
      while ((await rows.count()) < first.length + named.length) {
        const before = await rows.count();
        await page.getByRole("button", { name: "Show older documents" }).click();
        await eventually("more rows", async () => (await rows.count()) > before);
      }
      await list.getByLabel("Ready").first().waitFor();
      await expectInert(visit, "the documents", runs);
      // Nobody waits for those that are still to be read, nor looks how far they are.
      await page.goto("about:blank");
      await call("DELETE", `/clones/${clone.id}`);
    },
  },
  {
    name: "no payload runs or loads anything: as a clone’s name, greeting, description or question",
    async run(visit) {
      const { page, open, call } = visit;
      const runs = await watchForScripts(visit);
      await signUp(visit);
      for (const payload of hostilePayloads) {
        const name = lineOf(payload, 80);
        if (name !== "") await makeClone(visit, { name });
      }
      for (let cursor: string | null = ""; cursor !== null; ) {
        const at: string = cursor ? `?cursor=${encodeURIComponent(cursor)}` : "";
        await open(`/clones${at}`);
        await expectInert(visit, `/clones${at}`, runs);
        const list: { next_cursor: string | null } = await call("GET", `/clones${at || "?"}${at ? "&" : ""}limit=48`);
        cursor = list.next_cursor;
      }
      for (const [i, payloads] of portions(hostilePayloads, 32).entries()) {
        const { id, slug } = await call<{ id: string; slug: string }>("POST", "/clones", {
          name: lineOf(payloads[0] ?? "", 80),
          description: payloads.slice(1, 11).join("\n").slice(0, 500),
          greeting: payloads.slice(11, 26).join("\n\n").slice(0, 500),
          starters: payloads.slice(26, 32).map((payload) => lineOf(payload, 200)),
          instructions: payloads.join("\n"),
          visibility: "public",
        });
        await open(`/c/${slug}`);
        await page.getByRole("textbox").first().waitFor();
        await expectInert(visit, `the public page ${i}`, runs);
        await open(`/clones/${id}/settings`);
        await expectInert(visit, `the settings ${i}`, runs);
      }
    },
  },
];
