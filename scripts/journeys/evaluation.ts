import assert from "node:assert/strict";
import { makeClone, signUp } from "./account.ts";
import { expectNoOverflow } from "./expect.ts";
import type { Journey } from "./journey.ts";

const questions = [
  { question: "How long is the pump’s warranty?", document: "pump.md", contains: [["24 months", "two years"]] },
  { question: "Who won the regatta?", unanswerable: true },
];

export const evaluationJourneys: Journey[] = [
  {
    name: "an owner with a phone writes down questions, imports some, asks them all, and sees what went wrong",
    options: { width: 375, expectedStatuses: [422] },
    async run(visit) {
      await signUp(visit);
      const clone = await makeClone(visit, { name: "Clerk" });
      const { page } = visit;
      await visit.open(`/clones/${clone.id}/knowledge`);
      await page.locator("input[type=file][multiple]").setInputFiles({
        name: "pump.md",
        mimeType: "text/markdown",
        buffer: Buffer.from("# Pump\n\nThe warranty of the pump lasts 24 months. The pump is blue."),
      });
      await page.getByRole("listitem").filter({ hasText: "pump.md" }).getByLabel("Ready").waitFor();

      await page.getByRole("link", { name: "Test" }).click();
      await page.getByText("No questions yet").waitFor();
      const file = page.getByLabel("File of questions");
      const chosen = (text: string) => ({ name: "q.jsonl", mimeType: "application/jsonl", buffer: Buffer.from(text) });
      await file.setInputFiles(chosen("no json"));
      await page.getByText(/Line 1 is no JSON/).waitFor();
      await file.setInputFiles(chosen(questions.map((question) => JSON.stringify(question)).join("\n")));
      const list = page.getByRole("list", { name: "Questions" });
      await list.getByText("Who won the regatta?").waitFor();

      await page.getByRole("button", { name: "Add a question" }).click();
      const dialog = page.getByRole("dialog", { name: "Add a question" });
      await dialog.getByRole("button", { name: "Add", exact: true }).click();
      await dialog
        .getByText(/question/i)
        .nth(1)
        .waitFor();
      await dialog.getByLabel("Question").fill("Who built the pump?");
      await dialog.getByLabel("The answer contains").fill("Ada Works");
      await dialog.getByRole("button", { name: "Add", exact: true }).click();
      await dialog.getByText("1 added").waitFor();
      await dialog.getByRole("button", { name: "Done" }).click();

      await page.getByRole("button", { name: "Ask all questions" }).click();
      await page.getByText("Right answer", { exact: true }).waitFor();
      assert.equal(await list.getByLabel("Right", { exact: true }).count(), 2);
      const wrong = list.getByRole("listitem").filter({ hasText: "Who built" });
      await wrong.getByText("Not the right answer.").waitFor();
      await wrong.getByText("What it said").click();
      await wrong.getByText(/do not contain an answer/).waitFor();
      await expectNoOverflow(page, "the test page");
      await page.getByRole("button", { name: "Delete “Who won the regatta?”" }).click();
      await list.getByText("Who won the regatta?").waitFor({ state: "detached" });
    },
  },
];
