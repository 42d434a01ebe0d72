import assert from "node:assert/strict";
import { totp } from "../../workers/accounts/testing/totp.ts";
import { newAddress } from "./account.ts";
import type { Journey } from "./journey.ts";

export const providerJourneys: Journey[] = [
  {
    name: "a person signs up and in by another provider, and learns why it did not work",
    options: { expectedStatuses: [422] },
    async run({ page, open, product, provider, context, call }) {
      if (!provider) return console.log("    SKIPPED: the product that BASE_URL names knows no provider here.");
      const email = newAddress("Ada");
      const at = (path: string) => (url: URL) => url.origin === product && url.pathname === path;
      const isThere = (url: URL) => url.origin === provider;

      await open("/sign-up?next=%2Fclones%2Fnew");
      await page.getByRole("link", { name: "Continue with Example ID" }).click();
      await page.waitForURL(isThere);
      await page.getByLabel("Who are you?").fill(new URLSearchParams({ sub: email, email, name: "Ada" }).toString());
      await page.getByRole("button", { name: "Continue" }).click();
      await page.waitForURL(at("/sign-in"));
      await page.getByRole("alert").getByText("has not confirmed your e-mail address").waitFor();
      assert.equal(new URL(page.url()).searchParams.get("next"), "/clones/new");

      // The provider remembers its own people by a cookie.
      await context.clearCookies();
      await page.getByRole("link", { name: "Continue with Example ID" }).click();
      await page.waitForURL(isThere);
      await page.getByRole("button", { name: "Refuse" }).click();
      await page.waitForURL(at("/sign-in"));
      await page.getByRole("alert").getByText("You did not finish signing in there.").waitFor();

      await page.getByRole("link", { name: "Continue with Example ID" }).click();
      await page.waitForURL(isThere);
      const said = new URLSearchParams({ sub: email, email, email_verified: "true", name: "Ada" });
      await page.getByLabel("Who are you?").fill(said.toString());
      await page.getByRole("button", { name: "Continue" }).click();
      await page.waitForURL(at("/clones/new"));
      await page.getByRole("button", { name: /^Account of Ada/ }).waitFor();

      const { secret } = await call<{ secret: string }>("POST", "/auth/2fa/setup", {});
      const code = totp(secret);
      const { recovery_codes } = await call<{ recovery_codes: string[] }>("POST", "/auth/2fa/verify", { code });
      await context.clearCookies();
      await open("/sign-in?next=%2Faccount");
      await page.getByRole("link", { name: "Continue with Example ID" }).click();
      await page.waitForURL(isThere);
      await page.getByLabel("Who are you?").fill(said.toString());
      await page.getByRole("button", { name: "Continue" }).click();
      await page.waitForURL(at("/sign-in"));
      const codeField = page.getByLabel("Code");
      await codeField.fill("000000");
      await page.getByRole("button", { name: "Verify" }).click();
      await page.getByText("This code is wrong").waitFor();
      await codeField.fill(recovery_codes[0] ?? "");
      await page.getByRole("button", { name: "Verify" }).click();
      await page.waitForURL(at("/account"));
    },
  },
];
