import assert from "node:assert/strict";
import { makeClone, signUp } from "./account.ts";
import { eventually, expectCitedPassage, expectNoOverflow } from "./expect.ts";
import type { Journey, Visit } from "./journey.ts";
import { makePdf } from "./pdf.ts";

const handbook = makePdf([
  ["Lighthouse handbook", "Chapter one. Arrival.", "The keeper arrives by boat on the first Monday of each month."],
  [
    "Chapter two. The lamp.",
    "The lamp is lit at dusk and rotates once in every twelve seconds.",
    "Its lens weighs four tonnes.",
  ],
  [
    "Chapter three. Storms.",
    "In a storm the keeper sounds the fog horn every ninety seconds.",
    "The horn is tested on Tuesdays.",
  ],
]);
const notes =
  "# Galley notes\n\nThe cook bakes rye bread on Saturdays.\n\n## Tea\n\nTea is served at four in the afternoon, never later.\n";

async function upload({ page }: Visit, files: { name: string; mimeType: string; buffer: Buffer }[]): Promise<void> {
  await page.getByLabel("Choose documents").setInputFiles(files);
}

async function ask({ page }: Visit, question: string): Promise<void> {
  await page.getByRole("textbox", { name: /^Ask / }).fill(question);
  await page.keyboard.press("Enter");
}

export const ownerJourneys: Journey[] = [
  {
    name: "sign up, make a clone, add documents, watch them being read, ask, and open the citation at its page",
    async run(visit) {
      const { page, context } = visit;
      await signUp(visit);
      await page.getByRole("link", { name: "New clone" }).first().click();
      await page.getByLabel("Name", { exact: true }).fill("The lighthouse");
      await page.getByRole("button", { name: /^Create/ }).click();
      await page.waitForURL(/\/knowledge$/);
      await upload(visit, [
        { name: "handbook.pdf", mimeType: "application/pdf", buffer: handbook },
        { name: "galley.md", mimeType: "text/markdown", buffer: Buffer.from(notes) },
      ]);
      await page.getByText("The lighthouse has read 2 documents").waitFor();
      const list = page.getByRole("list", { name: "Documents" });
      assert.match(await list.innerText(), /handbook\.pdf[\s\S]*3 pages/);
      await page.getByRole("link", { name: "Ask it something" }).click();
      await ask(visit, "How often does the keeper sound the fog horn in a storm?");
      const source = page.getByRole("button", { name: /^Source \d+: handbook\.pdf/ }).first();
      await source.click();
      const open = page.getByRole("link", { name: "Open at page 3" });
      const [reader] = await Promise.all([context.waitForEvent("page"), open.click()]);
      await expectCitedPassage(reader, /ninety seconds/, 3);
      await reader.getByText("3 / 3").waitFor();
      const original = await reader.getByRole("link", { name: "Open original" }).getAttribute("href");
      assert.match(original ?? "", /\/content#page=3$/);
    },
  },
  {
    name: "a file that cannot be read says why, and can be dismissed; a document can be deleted",
    options: { expectedStatuses: [413, 415, 422] },
    async run(visit) {
      const { page, open } = visit;
      await signUp(visit);
      const clone = await makeClone(visit, { name: "Odds and ends" });
      await open(`/clones/${clone.id}/knowledge`);
      await upload(visit, [
        { name: "holiday.mp3", mimeType: "audio/mpeg", buffer: Buffer.from("ID3\x04\0\0\0\0\0\x7f0000", "latin1") },
      ]);
      const problem = page.getByRole("alert").first();
      await problem.waitFor();
      assert.match(await problem.innerText(), /PDF/, "it says what is accepted");
      await page.getByRole("button", { name: "Dismiss holiday.mp3" }).click();
      await upload(visit, [{ name: "empty.txt", mimeType: "text/plain", buffer: Buffer.alloc(0) }]);
      await page.getByRole("alert").first().waitFor();
      await page.getByRole("button", { name: "Dismiss empty.txt" }).click();
      await upload(visit, [{ name: "galley.md", mimeType: "text/markdown", buffer: Buffer.from(notes) }]);
      await page.getByText("has read its document").waitFor();
      await page.getByRole("button", { name: "More about galley.md" }).click();
      await page.getByRole("menuitem", { name: "Delete" }).click();
      await page
        .getByRole("alertdialog", { name: "Delete “galley.md”?" })
        .getByRole("button", { name: "Delete document" })
        .click();
      await page.getByText("Drop documents here").waitFor();
      await eventually("the document is gone", async () => (await page.getByText("galley.md").count()) === 0);
    },
  },
  {
    name: "settings are saved, refused values are told at their field, and the public page shows them",
    options: { expectedStatuses: [422] },
    async run(visit) {
      const { page, open, base } = visit;
      await signUp(visit);
      const clone = await makeClone(visit, { name: "Draft" });
      await open(`/clones/${clone.id}/settings`);
      await page.getByLabel("Address").fill("Not a slug!");
      await page.getByRole("button", { name: "Save changes" }).click();
      await page
        .getByText(/Use small letters, digits and hyphens/)
        .first()
        .waitFor();
      await page.getByLabel("Address").fill(clone.slug);
      await page.getByLabel("Name", { exact: true }).fill("Keeper of keys");
      await page.getByLabel("Starter question 1", { exact: true }).fill("Where is the key?");
      await page.getByRole("radio", { name: /^Unlisted/ }).check();
      await page.getByRole("button", { name: "Save changes" }).click();
      const link = page.getByRole("textbox", { name: "Public link" });
      await link.waitFor();
      assert.equal(await link.inputValue(), `${base}/c/${clone.slug}`);
      await open(`/c/${clone.slug}`);
      await page.getByRole("button", { name: "Where is the key?" }).waitFor();
    },
  },
  {
    name: "a conversation can be renamed and deleted, on a phone too",
    options: { width: 375 },
    async run(visit) {
      const { page, open } = visit;
      await signUp(visit);
      const clone = await makeClone(visit, { name: "Pocket clone" });
      await open("/chat");
      await expectNoOverflow(page, "an empty chat");
      await ask(visit, "Anybody there?");
      await page.getByRole("button", { name: "Copy answer" }).waitFor();
      await page.waitForURL(/\/chat\/conv_/);
      await expectNoOverflow(page, "a chat");
      await page.getByRole("button", { name: "Conversations" }).click();
      const drawer = page.getByRole("dialog", { name: "Conversations" });
      await drawer.getByRole("button", { name: /^More about “/ }).click();
      await page.getByRole("menuitem", { name: "Rename" }).click();
      await page.getByLabel("Title").fill("A pocketful of questions");
      await page.getByRole("button", { name: "Rename" }).click();
      await drawer.getByRole("link", { name: "A pocketful of questions" }).waitFor();
      await drawer.getByRole("button", { name: /^More about “/ }).click();
      await page.getByRole("menuitem", { name: "Delete" }).click();
      await page.getByRole("alertdialog").getByRole("button", { name: "Delete conversation" }).click();
      await page.waitForURL((url) => url.pathname === "/chat");
      for (const path of [
        "/clones",
        `/clones/${clone.id}`,
        `/clones/${clone.id}/knowledge`,
        `/clones/${clone.id}/settings`,
        "/clones/new",
      ]) {
        await open(path);
        await expectNoOverflow(page, path);
      }
    },
  },
];
