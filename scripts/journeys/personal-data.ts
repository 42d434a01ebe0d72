import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { signUp } from "./account.ts";
import type { Journey } from "./journey.ts";

export const personalDataJourneys: Journey[] = [
  {
    name: "people take out their data, and have their account erased",
    options: { expectedStatuses: [422] },
    async run(visit) {
      const { page, open } = visit;
      await signUp(visit);
      await open("/account/data");
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: "Download your data" }).click();
      const file = await download;
      assert.match(file.suggestedFilename(), /^understudy-\d{4}-\d\d-\d\d\.zip$/);
      // How a ZIP begins, and names its first file.
      const head = readFileSync(await file.path()).toString("latin1", 0, 60);
      assert.ok(head.startsWith("PK") && head.includes("profile.json"), head);

      await page.getByLabel("Your password").fill("not the password");
      await page.getByRole("button", { name: "Erase my account for good" }).click();
      await page.getByText("This is not your password.").waitFor();
      await page.getByLabel("Your password").fill("the engine weaves patterns");
      await page.getByRole("button", { name: "Erase my account for good" }).click();
      await page.getByRole("heading", { name: "Your account is closed" }).waitFor();
      assert.match(page.url(), /\/erased\/[\w.-]+$/);
      await page.getByText("Workspaces of your own").waitFor();
      await open("/clones");
      await page.waitForURL(/\/sign-in/);
    },
  },
];
