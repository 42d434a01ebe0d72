import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { makeClone, signUp } from "./account.ts";
import { expectNoOverflow } from "./expect.ts";
import type { Journey } from "./journey.ts";

interface Done {
  data: { role: string; cost: { micro_credits: number } | null }[];
}

export const usageJourneys: Journey[] = [
  {
    name: "whoever asked sees what happened for the answer, by keyboard, and finds its cost on the page of usage",
    options: { width: 375 },
    async run(visit) {
      const { page, open } = visit;
      await signUp(visit);
      const clone = await makeClone(visit, { name: "=Ledger", model: "openai/stand-in?reply=Priced." });
      await open(`/chat?clone=${clone.id}`);
      await page.getByRole("textbox", { name: /^Ask / }).fill("What does it cost?");
      await page.keyboard.press("Enter");
      const more = page.getByRole("button", { name: "More about this answer" });
      await more.waitFor();
      await page.waitForURL(/\/chat\/conv_/);
      const conversation = page.url().split("/").at(-1);
      const { data } = await visit.call<Done>("GET", `/conversations/${conversation}/messages`);
      const microCredits = data.find(({ role }) => role === "assistant")?.cost?.micro_credits;
      assert.ok(microCredits, "the answer cost something");
      const dollars = Number(microCredits) / 100_000_000;
      const cost = `$${dollars.toPrecision(3).replace(/0+$/, "")}`;

      await more.press("Enter");
      await page.getByRole("menuitem", { name: "What happened" }).press("Enter");
      const dialog = page.getByRole("dialog", { name: "What happened" });
      const steps = dialog.getByRole("list", { name: "Steps" });
      await steps.getByText("Searched the documents").waitFor();
      await steps.getByText("Asked the model").waitFor();
      await dialog.getByRole("definition").filter({ hasText: cost }).waitFor();
      await dialog.getByText("Ids", { exact: true }).press("Enter");
      await dialog.getByText(conversation ?? "", { exact: true }).waitFor();
      const over = await dialog.evaluate((element) => element.scrollWidth - element.clientWidth);
      assert.ok(over <= 0, `the dialog is ${over} px wider than it may be`);
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });
      // The focus comes back to the menu a moment after the dialog has gone.
      await more.and(page.locator(":focus")).waitFor();

      await page.getByRole("button", { name: /^Account of/ }).click();
      await page.getByRole("menuitem", { name: "Usage" }).click();
      await page.getByRole("heading", { name: "Usage", exact: true }).waitFor();
      const total = page.getByRole("definition").filter({ hasText: cost });
      await total.waitFor();
      await page.getByRole("img", { name: new RegExp(`^Cost by day\\. Most on .*: \\${cost}\\.$`) }).waitFor();
      await page.getByRole("link", { name: "Clones", exact: true }).last().click();
      const clones = page.getByRole("table", { name: "Usage by clone" });
      await clones
        .getByRole("row", { name: /=Ledger/ })
        .getByText(cost)
        .waitFor();
      await expectNoOverflow(page, "the page of usage");
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("link", { name: "CSV" }).last().click(),
      ]);
      const csv = readFileSync(await download.path(), "utf8");
      assert.match(csv, new RegExp(`${clone.id},"'=Ledger",\\d+,.*,${microCredits},0,0`));
      await page.getByRole("link", { name: "7 days" }).press("Enter");
      await page.waitForURL(/days=7/);
      await clones.getByRole("row", { name: /=Ledger/ }).waitFor();
      await page.getByLabel("From").fill("2020-01-01");
      await page.getByLabel("To", { exact: true }).fill("2020-01-31");
      await page.getByRole("button", { name: "Show" }).click();
      await page.getByText("Nothing used in this time").waitFor();
    },
  },
];
