import assert from "node:assert/strict";
import { makeClone, signUp } from "./account.ts";
import type { Journey } from "./journey.ts";

export const webImportJourneys: Journey[] = [
  {
    name: "an owner adds a page and a website from the web, and is told what cannot be added",
    options: { expectedStatuses: [422] },
    async run(visit) {
      const { page, open, web } = visit;
      if (!web) return console.log("    SKIPPED: this product was started without websites on loopback.");
      await signUp(visit);
      const clone = await makeClone(visit, { name: "Librarian" });
      await open(`/clones/${clone.id}/knowledge`);
      const { handbook } = web.sites;
      await page.getByRole("button", { name: "Add from the web" }).click();
      const dialog = page.getByRole("dialog", { name: "Add from the web" });
      const address = dialog.getByLabel("Address");
      const add = dialog.getByRole("button", { name: "Add" });
      for (const [url, answer] of [
        ["", /Give a web address|not a web address/],
        ["localhost:22", /web address|http/],
        ["http://192.168.1.1/", /private network/],
        [`${handbook}/docs/secret`, /robots\.txt/],
        [`${handbook}/docs/gone`, /no page at this address/],
      ] as const) {
        await address.fill(url);
        await add.click();
        // In the field's own error: the dialog's description speaks of robots.txt too.
        const error = dialog.locator("p[id$='-error']").filter({ hasText: answer });
        await error.waitFor();
        const described = (await address.getAttribute("aria-describedby"))?.split(" ") ?? [];
        assert.ok(described.includes((await error.getAttribute("id")) ?? ""));
        assert.equal(await address.getAttribute("aria-invalid"), "true");
      }
      await address.fill(`${handbook}/docs/pump`);
      await add.click();
      await dialog.waitFor({ state: "detached" });
      const row = page
        .getByRole("list", { name: "Documents" })
        .getByRole("listitem")
        .filter({ hasText: "Pump - manual" });
      await row.getByLabel("Ready").waitFor();
      const source = row.getByRole("link", { name: /docs\/pump/ });
      assert.equal(await source.getAttribute("href"), `${handbook}/docs/pump`);
      assert.match((await source.getAttribute("rel")) ?? "", /noopener noreferrer/);

      await page.getByRole("button", { name: "Add from the web" }).click();
      await address.fill(`${handbook}/docs/`);
      await dialog.getByLabel("What to read").selectOption("site");
      await add.click();
      await dialog.getByText("2 of 4 pages are here.").waitFor();
      await dialog.getByText("1 left out").waitFor();
      const failed = dialog.getByRole("list", { name: "Pages that could not be taken" }).getByRole("listitem");
      assert.equal(await failed.count(), 2);
      await dialog.getByRole("button", { name: "Close" }).last().click();
      await page.getByRole("listitem").filter({ hasText: "Valve.html" }).getByLabel("Ready").waitFor();
      await row.getByRole("link", { name: "Pump - manual.html" }).click();
      await page.getByRole("link", { name: /docs\/pump/ }).waitFor();
    },
  },
];
