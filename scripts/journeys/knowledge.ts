import assert from "node:assert/strict";
import { makeClone, signUp } from "./account.ts";
import type { Journey, Visit } from "./journey.ts";

const file = (name: string, text: string) => ({ name, mimeType: "text/markdown", buffer: Buffer.from(text) });

async function upload({ page }: Visit, ...files: ReturnType<typeof file>[]): Promise<void> {
  await page.locator("input[type=file][multiple]").setInputFiles(files);
  for (const { name } of files)
    await page.getByRole("listitem").filter({ hasText: name }).getByLabel("Ready").waitFor();
}

const rowOf = ({ page }: Visit, name: string) =>
  page.getByRole("list", { name: "Documents" }).getByRole("listitem").filter({ hasText: name });

async function choose(visit: Visit, name: string, item: string): Promise<void> {
  await visit.page.getByRole("button", { name: `More about ${name}` }).click();
  await visit.page.getByRole("menuitem", { name: item }).click();
}

/** A clone with documents, on the page that shows them. */
async function withDocuments(visit: Visit) {
  await signUp(visit);
  const clone = await makeClone(visit, { name: "Clerk" });
  await visit.open(`/clones/${clone.id}/knowledge`);
  await upload(visit, file("pump.md", "# Pump\n\nThe warranty of the pump lasts 24 months. It is blue."));
  return clone;
}

export const knowledgeJourneys: Journey[] = [
  {
    name: "an owner replaces, renames, closes and looks into a document",
    options: { expectedStatuses: [422] },
    async run(visit) {
      await withDocuments(visit);
      const { page } = visit;
      const chooser = page.waitForEvent("filechooser");
      await choose(visit, "pump.md", "Replace the file");
      await (await chooser).setFiles(
        file("pump-2.md", "# Pump\n\nThe warranty of the pump lasts 36 months. It is red."),
      );
      await rowOf(visit, "pump-2.md").waitFor();
      await choose(visit, "pump-2.md", "Name and tags");
      const properties = page.getByRole("dialog", { name: "Name and tags" });
      await properties.getByLabel("Name").fill("The pump.md");
      await properties.getByLabel("Tags").fill(`manuals, ${"x".repeat(41)}`);
      await properties.getByRole("button", { name: "Save" }).click();
      await properties.getByText("Use at most 40 characters.").waitFor();
      await properties.getByLabel("Tags").fill("manuals, #water, manuals");
      await properties.getByRole("button", { name: "Save" }).click();
      const tags = rowOf(visit, "The pump.md").getByRole("list", { name: "Tags" }).getByRole("listitem");
      await tags.first().waitFor();
      assert.deepEqual(await tags.allInnerTexts(), ["manuals", "water"]);
      await page.getByRole("button", { name: "More about The pump.md" }).click();
      await page.getByRole("menuitemradio", { name: "Workspace members" }).click();
      await rowOf(visit, "Members only").waitFor();
      await choose(visit, "The pump.md", "Passages and steps");
      const dialog = page.getByRole("dialog", { name: "Passages and steps" });
      await dialog.getByText("lasts 36 months").waitFor();
      assert.match((await dialog.getByRole("row").nth(1).textContent()) ?? "", /partition.*elements/);
      await page.keyboard.press("Escape");
      await choose(visit, "The pump.md", "Delete");
      await page.getByRole("button", { name: "Delete document" }).click();
      await page.getByText("Drop documents here").waitFor();
      await rowOf(visit, "The pump.md").waitFor({ state: "detached" });
    },
  },
  {
    name: "an owner sees which documents repeat or contradict each other",
    async run(visit) {
      await withDocuments(visit);
      const { page } = visit;
      await upload(visit, file("terms.md", "# Terms\n\nOrders are final. Warranty of a pump: lasting 12 months."));
      await page.getByText("1 thing to look at").click();
      await page.getByText("Two documents give different numbers").waitFor();
      await page.getByText("“Warranty of a pump: lasting 12 months.”").waitFor();
    },
  },
  {
    name: "an owner sets how documents are read, takes it out as a file, and brings it in",
    options: { expectedStatuses: [422] },
    async run(visit) {
      const clone = await withDocuments(visit);
      const { page } = visit;
      const open = () => page.getByRole("button", { name: "How it reads" }).click();
      await open();
      await page.getByLabel("Passage size").fill("many");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText(/Send a (?:whole )?number here/).waitFor();
      await page.getByLabel("Passage size").fill("300");
      await page.getByLabel("Cut documents").selectOption("At the size alone");
      const download = page.waitForEvent("download");
      await page.getByRole("link", { name: "Export" }).click();
      assert.match((await download).suggestedFilename(), /-pipeline\.yaml$/);
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("dialog").waitFor({ state: "detached" });
      const config = () =>
        visit.call<{ chunking: object; retrieval: { top_k: number } }>("GET", `/pipeline/config?clone_id=${clone.id}`);
      assert.deepEqual((await config()).chunking, { strategy: "fixed", size: 300, overlap: 50 });
      await open();
      const chooser = page.waitForEvent("filechooser");
      await page.getByRole("button", { name: "Import" }).click();
      await (await chooser).setFiles({
        name: "pipeline.yaml",
        mimeType: "application/yaml",
        buffer: Buffer.from("retrieval:\n  top_k: 3\n"),
      });
      await page.getByRole("dialog").waitFor({ state: "detached" });
      assert.equal((await config()).retrieval.top_k, 3);
    },
  },
];
