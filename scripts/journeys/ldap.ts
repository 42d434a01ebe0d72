import assert from "node:assert/strict";
import { totp } from "../../workers/accounts/testing/totp.ts";
import { ldapPassword } from "../stand-ins/ldap/ldap-people.ts";
import type { Journey } from "./journey.ts";

const absent =
  "    SKIPPED: the product knows no directory, as slapd is not on this machine or BASE_URL names the product.";

export const ldapJourneys: Journey[] = [
  {
    name: "a person signs in by the directory, with a second factor, and learns what was wrong",
    options: { width: 375, expectedStatuses: [401, 422] },
    async run({ page, open, hasDirectory, context, call }) {
      if (!hasDirectory) return console.log(absent);
      await open("/sign-in?next=%2Fclones%2Fnew");
      await page.getByRole("link", { name: "Sign in with Example Directory" }).click();
      await page.getByRole("heading", { name: "Sign in with Example Directory" }).waitFor();
      const [name, password] = [page.getByLabel("Name"), page.getByLabel("Password", { exact: true })];
      const submit = page.getByRole("button", { name: "Sign in", exact: true });
      await name.fill("ada");
      await submit.click();
      await page.getByText("Enter your password.").waitFor();
      await password.fill("not the password");
      await submit.click();
      await page.getByRole("alert").getByText("The name or the password is wrong.").waitFor();
      assert.equal(await name.inputValue(), "ada");
      await password.fill(ldapPassword);
      await submit.click();
      await page.waitForURL((url) => url.pathname === "/clones/new");
      await page.getByRole("button", { name: /^Account of Countess Ada/ }).waitFor();

      const { secret } = await call<{ secret: string }>("POST", "/auth/2fa/setup", {});
      const code = totp(secret);
      const { recovery_codes } = await call<{ recovery_codes: string[] }>("POST", "/auth/2fa/verify", { code });
      await context.clearCookies();
      await open("/sign-in/ldap?next=%2Faccount");
      await name.fill("Ada@example.com");
      await password.fill(ldapPassword);
      await submit.click();
      const codeField = page.getByLabel("Code");
      await codeField.fill("000000");
      await page.getByRole("button", { name: "Verify" }).click();
      await page.getByText("This code is wrong").waitFor();
      await codeField.fill(recovery_codes[0] ?? "");
      await page.getByRole("button", { name: "Verify" }).click();
      await page.waitForURL((url) => url.pathname === "/account");
    },
  },
  {
    name: "a person without JavaScript signs in by the directory, and is told where it does not fit",
    options: { javaScript: false, expectedStatuses: [401, 403] },
    async run({ page, open, hasDirectory }) {
      if (!hasDirectory) return console.log(absent);
      await open("/sign-in?next=%2Faccount");
      await page.getByRole("link", { name: "Sign in with Example Directory" }).click();
      const enter = async (name: string) => {
        await page.getByLabel("Name").fill(name);
        await page.getByLabel("Password", { exact: true }).fill(ldapPassword);
        await page.getByRole("button", { name: "Sign in", exact: true }).click();
      };
      await enter("twins@example.com");
      await page.getByText("The name or the password is wrong.").waitFor();
      await enter("nomail");
      await page.getByText("The directory has no e-mail address of yours.").waitFor();
      await enter("ben");
      await page.waitForURL((url) => url.pathname === "/account");
    },
  },
];
