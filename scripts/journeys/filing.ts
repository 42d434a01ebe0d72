import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeClone, signUp } from "./account.ts";
import { eventually } from "./expect.ts";
import type { Journey, Visit } from "./journey.ts";

interface Conversation {
  id: string;
}

/** Conversations with a question and its answer each, made through the API. */
async function converse(visit: Visit, titles: Record<string, string>): Promise<Record<string, string>> {
  await signUp(visit);
  const clone = await makeClone(visit, { name: "Clerk", model: "openai/stand-in?tokens=12" });
  const ids: Record<string, string> = {};
  for (const [title, content] of Object.entries(titles)) {
    const { id } = await visit.call<Conversation>("POST", "/conversations", { clone_id: clone.id, title });
    await visit.call("POST", `/conversations/${id}/messages`, { content });
    ids[title] = id;
  }
  return ids;
}

const list = ({ page }: Visit) => page.getByRole("navigation", { name: "Conversations" });

async function choose(visit: Visit, title: string, item: string): Promise<void> {
  await list(visit).getByRole("link", { name: title }).hover();
  await list(visit)
    .getByRole("button", { name: `More about “${title}”` })
    .click();
  await visit.page.getByRole("menuitem", { name: item }).click();
}

async function show(visit: Visit, from: string, to: string): Promise<void> {
  await list(visit).getByRole("button", { name: from }).click();
  await visit.page.getByRole("menuitemradio", { name: to }).click();
  await list(visit).getByRole("button", { name: to }).waitFor();
}

export const filingJourneys: Journey[] = [
  {
    name: "a message is searched for, and found at its place",
    async run(visit) {
      const { page } = visit;
      await converse(visit, { Garden: "How do I prune a quince tree?", Kitchen: "How long does rice take?" });
      await visit.open("/chat");
      await page.getByRole("searchbox", { name: "Search messages" }).fill("quince");
      const found = page.getByRole("region", { name: "Messages found" });
      await found
        .getByRole("link", { name: /Garden/ })
        .first()
        .waitFor();
      assert.equal(await found.getByText("Kitchen").count(), 0);
      assert.equal(await found.locator("mark").first().innerText(), "quince");
      await found.getByRole("link", { name: /prune/ }).first().click();
      await page.waitForURL(/\/chat\/conv_.*#msg_/);
      await page
        .getByRole("region", { name: "Messages", exact: true })
        .getByText("How do I prune a quince tree?", { exact: true })
        .waitFor();
      await page.getByRole("searchbox", { name: "Search messages" }).fill("xylophone");
      await page.getByText("No message has “xylophone”.").waitFor();
    },
  },
  {
    name: "conversations are filed into folders and tags, archived, and found there",
    async run(visit) {
      const { page } = visit;
      await converse(visit, { Budget: "What did we spend?", Recipe: "What is for dinner?" });
      await visit.open("/chat");
      await choose(visit, "Budget", "Folder and tags");
      const dialog = page.getByRole("dialog", { name: "Folder and tags" });
      await dialog.getByLabel(/^Folder/).fill("Work");
      await dialog.getByLabel(/^Tags/).fill("money, #2026, money");
      await dialog.getByRole("button", { name: "Save" }).click();
      await dialog.waitFor({ state: "detached" });
      await show(visit, "All conversations", "Work");
      await list(visit).getByRole("link", { name: "Recipe" }).waitFor({ state: "detached" });
      await list(visit).getByRole("link", { name: "Budget" }).waitFor();
      await show(visit, "Work", "#2026");
      await list(visit).getByRole("link", { name: "Budget" }).waitFor();
      await show(visit, "#2026", "All conversations");
      await choose(visit, "Recipe", "Archive");
      await list(visit).getByRole("link", { name: "Recipe" }).waitFor({ state: "detached" });
      await show(visit, "All conversations", "Archived");
      await choose(visit, "Recipe", "Take out of the archive");
      await page.getByText("Nothing in “Archived”.").waitFor();
    },
  },
  {
    name: "what fails in the list is told there, and nothing that was written is lost",
    options: { expectedStatuses: [0] },
    async run(visit) {
      const { page, line } = visit;
      await converse(visit, { Draft: "What do I mean?" });
      await visit.open("/chat");
      await choose(visit, "Draft", "Folder and tags");
      const dialog = page.getByRole("dialog", { name: "Folder and tags" });
      await dialog.getByLabel(/^Tags/).fill("hard, to, think, of");
      line.cut();
      await dialog.getByRole("button", { name: "Save" }).click();
      await dialog.getByText(/server cannot be reached/).waitFor();
      assert.equal(await dialog.getByLabel(/^Tags/).inputValue(), "hard, to, think, of");
      line.mend();
      await dialog.getByRole("button", { name: "Save" }).click();
      await dialog.waitFor({ state: "detached" });
      line.cut();
      await choose(visit, "Draft", "Pin");
      const failure = page.getByRole("dialog", { name: "That did not work" });
      await failure.getByText(/server cannot be reached/).waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("searchbox", { name: "Search messages" }).fill("mean");
      await list(visit)
        .getByText(/server cannot be reached/)
        .waitFor();
      line.mend();
      await list(visit).getByRole("button", { name: "Try again" }).click();
      await page.getByRole("region", { name: "Messages found" }).getByRole("link").first().waitFor();
    },
  },
  {
    name: "several conversations are archived at once, and taken out again",
    options: { expectedStatuses: [0] },
    async run(visit) {
      const { page, line } = visit;
      await converse(visit, { One: "First?", Two: "Second?", Three: "Third?" });
      await visit.open("/chat");
      const chooseSeveral = async (...titles: string[]) => {
        await page.getByRole("button", { name: "More about your conversations" }).click();
        await page.getByRole("menuitem", { name: "Choose several" }).click();
        for (const title of titles) await page.getByRole("checkbox", { name: title }).check();
      };
      await chooseSeveral("One", "Three");
      line.cut();
      await list(visit).getByRole("button", { name: "Archive" }).click();
      await list(visit)
        .getByText(/server cannot be reached/)
        .waitFor();
      await page.getByText("2 chosen").waitFor();
      line.mend();
      await list(visit).getByRole("button", { name: "Archive" }).click();
      await list(visit).getByRole("link", { name: "One" }).waitFor({ state: "detached" });
      await list(visit).getByRole("link", { name: "Two" }).waitFor();
      await show(visit, "All conversations", "Archived");
      await list(visit).getByRole("link", { name: "Three" }).waitFor();
      await chooseSeveral("Three");
      await list(visit).getByRole("button", { name: "Take out" }).click();
      await list(visit).getByRole("link", { name: "Three" }).waitFor({ state: "detached" });
      await list(visit).getByRole("link", { name: "One" }).waitFor();
    },
  },
  {
    name: "several conversations are deleted at once, after one question",
    async run(visit) {
      const { page } = visit;
      await converse(visit, { One: "First?", Two: "Second?", Three: "Third?" });
      await visit.open("/chat");
      await page.getByRole("button", { name: "More about your conversations" }).click();
      await page.getByRole("menuitem", { name: "Choose several" }).click();
      for (const title of ["One", "Two"]) await page.getByRole("checkbox", { name: title }).check();
      await page.getByText("2 chosen").waitFor();
      await list(visit).getByRole("button", { name: "Delete" }).click();
      await page.getByRole("button", { name: "Delete 2 conversations" }).click();
      await list(visit).getByRole("link", { name: "One" }).waitFor({ state: "detached" });
      await list(visit).getByRole("link", { name: "Two" }).waitFor({ state: "detached" });
      await list(visit).getByRole("link", { name: "Three" }).waitFor();
    },
  },
  {
    name: "conversations are downloaded, and brought in again",
    options: { expectedStatuses: [400, 422] },
    async run(visit) {
      const { page } = visit;
      await converse(visit, { Keepsake: "Will you last?" });
      await visit.open("/chat");
      const saved = async (act: () => Promise<void>) => {
        const [download] = await Promise.all([page.waitForEvent("download"), act()]);
        return { name: download.suggestedFilename(), path: await download.path() };
      };
      const markdown = await saved(() => choose(visit, "Keepsake", "Markdown"));
      assert.match(markdown.name, /\.md$/);
      assert.match(readFileSync(markdown.path, "utf8"), /Will you last\?/);
      const all = await saved(async () => {
        await page.getByRole("button", { name: "More about your conversations" }).click();
        await page.getByRole("menuitem", { name: "Download all" }).click();
      });
      const open = async () => {
        await page.getByRole("button", { name: "More about your conversations" }).click();
        await page.getByRole("menuitem", { name: "Import" }).click();
        return page.getByRole("dialog", { name: "Import conversations" });
      };
      const dialog = await open();
      const wrong = join(tmpdir(), `understudy-${process.pid}.json`);
      writeFileSync(wrong, '{"a":1}');
      await dialog.getByLabel("File").setInputFiles(wrong);
      await dialog.getByRole("button", { name: "Import" }).click();
      await eventually("the refusal is told", async () => (await dialog.locator("[id$=-error]").count()) === 1);
      await dialog.getByLabel("File").setInputFiles(all.path);
      await dialog.getByRole("button", { name: "Import" }).click();
      await dialog.getByText("One conversation was brought in.").waitFor();
      await dialog.getByRole("button", { name: "Done" }).click();
      await eventually(
        "it is listed twice",
        async () => (await list(visit).getByRole("link", { name: "Keepsake" }).count()) === 2,
      );
    },
  },
  {
    name: "a branch goes on in a conversation of its own, and can be deleted where it was",
    async run(visit) {
      const { page } = visit;
      const { Fork: id } = await converse(visit, { Fork: "Where does this lead?" });
      await visit.open("/chat");
      await choose(visit, "Fork", "Go on in a new conversation");
      await page.waitForURL((url) => /conv_/.test(url.pathname) && !url.pathname.endsWith(String(id)));
      await eventually(
        "both are listed",
        async () => (await list(visit).getByRole("link", { name: "Fork" }).count()) === 2,
      );
      await visit.open(`/chat/${id}`);
      await page.getByRole("button", { name: "More about this answer" }).click();
      await page.getByRole("menuitem", { name: "Go on in a new conversation" }).click();
      await page.waitForURL((url) => !url.pathname.endsWith(String(id)));
      await page
        .getByRole("region", { name: "Messages", exact: true })
        .getByText("Where does this lead?", { exact: true })
        .waitFor();
      await page.getByRole("button", { name: "More about this question" }).click();
      await page.getByRole("menuitem", { name: "Delete from here on" }).click();
      await page.getByRole("button", { name: "Delete question" }).click();
      await page
        .getByRole("region", { name: "Messages", exact: true })
        .getByText("Where does this lead?", { exact: true })
        .waitFor({ state: "detached" });
    },
  },
];
