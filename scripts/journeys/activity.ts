import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { makeClone, signUp } from "./account.ts";
import { expectNoOverflow } from "./expect.ts";
import type { Journey } from "./journey.ts";

export const activityJourneys: Journey[] = [
  {
    name: "an owner sees what was done in the workspace, finds one kind of it, checks the log and takes it out",
    options: { width: 390 },
    async run(visit) {
      const { page, open } = visit;
      await signUp(visit);
      const clone = await makeClone(visit, { name: "=Ledger" });
      await visit.call("PATCH", `/clones/${clone.id}`, { visibility: "unlisted" });
      await open("/clones");
      await page.getByRole("button", { name: /^Account of/ }).click();
      await page.getByRole("menuitem", { name: "Activity" }).click();
      const events = page.getByRole("list", { name: "Events" });
      await events.getByText("created the account").waitFor();
      assert.equal(await events.getByRole("listitem").count(), 3);
      const changed = events.getByRole("listitem").filter({ hasText: "changed a clone" });
      await changed.locator("summary").click();
      await changed.getByText(clone.id).waitFor();
      await changed.getByText(/Mozilla|HeadlessChrome|node/i).waitFor();
      await page.getByLabel("About").selectOption({ label: "Accounts" });
      await page.getByRole("button", { name: "Show" }).click();
      await events.getByText("created a clone").waitFor({ state: "detached" });
      await events.getByText("created the account").waitFor();
      await page.getByLabel("To").fill("2020-01-01");
      await page.getByRole("button", { name: "Show" }).click();
      await page.getByText("Nothing found").waitFor();
      await open("/activity");
      await page.getByRole("button", { name: "Check the log" }).click();
      await page.getByText("The log is whole: 3 events").waitFor();
      await expectNoOverflow(page, "the activity page");
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("link", { name: "CSV" }).click(),
      ]);
      const csv = readFileSync(await download.path(), "utf8");
      assert.match(csv, /clone\.changed/);
      assert.doesNotMatch(csv, /(^|,|\n)"?=/, "no cell is a formula");
      await page.reload();
      await events.getByText("exported this log").waitFor();
    },
  },
];
