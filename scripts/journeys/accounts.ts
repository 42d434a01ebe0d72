import assert from "node:assert/strict";
import { newAddress, signUp } from "./account.ts";
import { eventually } from "./expect.ts";
import type { Journey } from "./journey.ts";

export const accountJourneys: Journey[] = [
  {
    name: "signing in says what is wrong, where it is wrong",
    options: { expectedStatuses: [401, 422] },
    async run({ page, open }) {
      await open("/sign-in?next=%2F%2Fevil.example");
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await page.getByText("Enter an e-mail address such as ada@example.com.").waitFor();
      const email = page.getByLabel("E-mail");
      assert.equal(await email.getAttribute("aria-invalid"), "true");
      await email.fill("nobody@example.com");
      await page.getByLabel("Password", { exact: true }).fill("not the password");
      await page.getByRole("button", { name: "Show password" }).click();
      assert.equal(await page.getByLabel("Password", { exact: true }).getAttribute("type"), "text");
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await page.getByRole("alert").waitFor();
      assert.equal(await email.inputValue(), "nobody@example.com");
    },
  },
  {
    name: "a page behind the door leads to sign-in, and from there back to it",
    async run(visit) {
      const { page, open } = visit;
      await signUp(visit);
      await open("/clones/new");
      await page.getByRole("button", { name: /^Account of/ }).click();
      await page.getByRole("menuitem", { name: "Sign out" }).click();
      await page.waitForURL((url) => url.pathname === "/");
      await open("/clones/new");
      await page.waitForURL((url) => url.pathname === "/sign-in" && url.searchParams.get("next") === "/clones/new");
    },
  },
  {
    name: "forms work without JavaScript",
    options: { javaScript: false, expectedStatuses: [422] },
    async run({ page, base }) {
      await page.goto(`${base}/sign-up?next=%2Fclones%2Fnew`);
      await page.getByLabel("E-mail").fill("not an address");
      await page.getByRole("button", { name: "Create account" }).click();
      await page.getByText("Enter your name.").waitFor();
      await page.getByLabel("Your name").fill("Grace");
      await page.getByLabel("E-mail").fill(newAddress("Grace"));
      await page.getByLabel("Password", { exact: true }).fill("nanoseconds of wire");
      await page.getByRole("button", { name: "Create account" }).click();
      await page.waitForURL("**/clones/new");
      await page.getByLabel("Name", { exact: true }).fill("Compiler lore");
      await page.getByRole("button", { name: /^Create/ }).click();
      await page.waitForURL(/\/clones\/clone_[^/]+\/knowledge$/);
    },
  },
  {
    name: "the keyboard alone signs up, makes a clone and asks",
    async run({ page, open }) {
      await open("/");
      const focused = () =>
        page.evaluate(() => {
          const element = document.activeElement;
          if (!element?.matches("a, button, input, textarea")) return "";
          return element.getAttribute("aria-label") ?? element.textContent?.trim() ?? "";
        });
      const tabTo = async (what: RegExp) => {
        for (let presses = 0; presses < 60; presses++) {
          await page.keyboard.press("Tab");
          if (what.test(await focused())) return;
        }
        throw new Error(`Sixty presses of Tab did not lead to ${what}`);
      };
      await page.keyboard.press("Tab");
      assert.equal(await focused(), "Skip to content");
      await tabTo(/^Sign up$/);
      await page.keyboard.press("Enter");
      await page.waitForURL("**/sign-up");
      await eventually(
        "the name has the focus",
        async () => (await page.evaluate(() => document.activeElement?.getAttribute("name"))) === "name",
      );
      await page.keyboard.type("Katherine");
      await page.keyboard.press("Tab");
      await page.keyboard.type(newAddress("Katherine"));
      await page.keyboard.press("Tab");
      await page.keyboard.type("figures, not excuses");
      await page.keyboard.press("Enter");
      await page.waitForURL("**/clones");
      await tabTo(/New clone/);
      await page.keyboard.press("Enter");
      await page.waitForURL("**/clones/new");
      await eventually(
        "the name has the focus",
        async () => (await page.evaluate(() => document.activeElement?.getAttribute("name"))) === "name",
      );
      await page.keyboard.type("Orbits");
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/knowledge$/);
      await tabTo(/^Chat$/);
      await page.keyboard.press("Enter");
      await page.getByRole("textbox", { name: /^Ask Orbits/ }).waitFor();
      await tabTo(/^Ask Orbits/);
      await page.keyboard.type("What is an orbit?");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Copy answer" }).waitFor();
    },
  },
];
