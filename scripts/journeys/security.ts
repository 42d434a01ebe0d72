import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { totp } from "../../workers/accounts/testing/totp.ts";
import { signUp } from "./account.ts";
import { eventually, expectNoOverflow } from "./expect.ts";
import type { Journey, Visit } from "./journey.ts";

interface Mail {
  subject: string;
  text: string;
}

const password = "the engine weaves patterns";
const better = "purple otters juggling teacups";

async function emailOf({ call }: Visit): Promise<string> {
  return (await call<{ user: { email: string } }>("GET", "/me")).user.email;
}

/** The path of the link in the newest mail with this subject. */
function mailedPath({ call }: Visit, to: string, subject: RegExp): Promise<string> {
  return eventually(`a mail to ${to}`, async () => {
    const { data } = await call<{ data: Mail[] }>("GET", `/outbox?to=${encodeURIComponent(to)}`);
    const mail = data.find((each) => subject.test(each.subject));
    const link = mail?.text.match(/https?:\/\/\S+token=\S+/)?.[0];
    return link ? new URL(link).pathname + new URL(link).search : null;
  });
}

const secretOf = async (page: Page) => (await page.locator("code[data-secret]").innerText()).replaceAll(" ", "");

async function signOut({ page, open }: Visit): Promise<void> {
  await open("/clones");
  await page.getByRole("button", { name: /^Account of/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL((url) => url.pathname === "/");
}

async function fillSignIn({ page, open }: Visit, email: string, secret: string): Promise<void> {
  await open("/sign-in");
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(secret);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

/** Nothing sticks out of these pages, narrow and wide, light and dark. `LOOKS` names a folder for pictures of them. */
async function looksRight({ page, open }: Visit, paths: string[]): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    for (const path of paths) {
      for (const width of [375, 1280]) {
        await page.setViewportSize({ width, height: 840 });
        await open(path);
        await expectNoOverflow(page, `${path} at ${width} px`);
        if (!process.env.LOOKS) continue;
        const file = `${path.replace(/[^a-z]+/g, "-")}-${width}-${colorScheme}.png`;
        await page.screenshot({ path: `${process.env.LOOKS}/${file}`, fullPage: true });
      }
    }
  }
}

export const securityJourneys: Journey[] = [
  {
    name: "a forgotten password is chosen anew by mail",
    options: { expectedStatuses: [422] },
    async run(visit) {
      const { page, open } = visit;
      await signUp(visit);
      const email = await emailOf(visit);
      await signOut(visit);
      await open("/sign-in");
      await page.getByRole("link", { name: "Forgot your password?" }).click();
      await page.getByRole("heading", { name: "Forgot your password?" }).waitFor();
      await page.getByLabel("E-mail").fill(email);
      await page.getByRole("button", { name: "Send link" }).click();
      await page.getByText("a link is on its way").waitFor();
      const link = await mailedPath(visit, email, /new password/);
      await open(link);
      await page.getByLabel("New password").fill("password1234");
      await page.getByRole("button", { name: "Set password" }).click();
      await page.getByText("This password is too common").waitFor();
      await page.getByLabel("New password").fill(better);
      await page.getByRole("button", { name: "Set password" }).click();
      await page.getByText("Your new password is set.").waitFor();
      await page.getByLabel("E-mail").fill(email);
      await page.getByLabel("Password", { exact: true }).fill(better);
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await page.waitForURL("**/clones");
      await open(link);
      await page.getByLabel("New password").fill("three green bicycles sing");
      await page.getByRole("button", { name: "Set password" }).click();
      await page.getByText("This link does not count any more").waitFor();
      await page.getByRole("link", { name: "Ask for a new link" }).waitFor();
    },
  },
  {
    name: "an address is confirmed by mail, and changed",
    async run(visit) {
      const { page, open } = visit;
      await signUp(visit);
      const email = await emailOf(visit);
      await open("/account");
      await page.getByText("Not confirmed").waitFor();
      await open(await mailedPath(visit, email, /Confirm your e-mail/));
      await page.getByRole("button", { name: "Confirm address" }).click();
      await page.getByText(`${email} is confirmed.`).waitFor();
      await open("/account");
      await page.getByText("Confirmed", { exact: true }).waitFor();
      await page.getByText("Change your address").click();
      const other = `new.${email}`;
      await page.getByLabel("New e-mail").fill(other);
      await page.getByLabel("Your password").fill(password);
      await page.getByRole("button", { name: "Mail a link to the new address" }).click();
      await page.getByText(`Open the link that was mailed to ${other}.`).waitFor();
      await open(await mailedPath(visit, other, /new e-mail/));
      await page.getByRole("button", { name: "Confirm address" }).click();
      await page.getByText(`${other} is confirmed.`).waitFor();
      assert.equal(await emailOf(visit), other);
    },
  },
  {
    name: "two-factor authentication is set up by its QR code, and asked for",
    options: { expectedStatuses: [422] },
    async run(visit) {
      const { page, open } = visit;
      await signUp(visit);
      const email = await emailOf(visit);
      await open("/account");
      await page.getByRole("button", { name: "Set up two-factor authentication" }).click();
      await page.getByRole("img", { name: "QR code for your authenticator app" }).waitFor();
      const secret = await secretOf(page);
      await page.getByLabel("Code", { exact: true }).fill("000000");
      await page.getByRole("button", { name: "Turn on" }).click();
      await page.getByText("This code is wrong").waitFor();
      assert.equal(await secretOf(page), secret);
      await page.getByLabel("Code", { exact: true }).fill(totp(secret));
      await page.getByRole("button", { name: "Turn on" }).click();
      const codes = page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
      await codes.first().waitFor();
      assert.equal(await codes.count(), 10);
      const [recovery = ""] = await codes.allInnerTexts();
      await page.getByText("10 recovery codes are left").waitFor();
      await signOut(visit);
      await fillSignIn(visit, email, password);
      await page.getByRole("heading", { name: "One more step" }).waitFor();
      await page.getByLabel("Code", { exact: true }).fill("nonsense code");
      await page.getByRole("button", { name: "Verify" }).click();
      await page.getByText("This code is wrong").waitFor();
      await page.getByLabel("Code", { exact: true }).fill(totp(secret, 1));
      await page.getByRole("button", { name: "Verify" }).click();
      await page.waitForURL("**/clones");
      await signOut(visit);
      await fillSignIn(visit, email, password);
      await page.getByLabel("Code", { exact: true }).fill(recovery);
      await page.getByRole("button", { name: "Verify" }).click();
      await page.waitForURL("**/clones");
      await open("/account");
      await page.getByText("9 recovery codes are left").waitFor();
      await looksRight(visit, ["/account"]);
    },
  },
  {
    name: "a person sees where they are signed in, and signs the rest out by changing the password",
    options: { expectedStatuses: [401, 422] },
    async run(visit) {
      const { page, open, context, base } = visit;
      await signUp(visit);
      const email = await emailOf(visit);
      const elsewhere = async (userAgent: string, secret: string) => {
        const response = await fetch(`${base}/api/v1/auth/login`, {
          method: "POST",
          headers: { "Content-Type": "application/json", "User-Agent": userAgent },
          body: JSON.stringify({ email, password: secret }),
        });
        return ((await response.json()) as { access_token: string }).access_token;
      };
      const status = async (token: string) =>
        (await fetch(`${base}/api/v1/me`, { headers: { Authorization: `Bearer ${token}` } })).status;
      const [phone, script] = [
        await elsewhere(
          "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36",
          password,
        ),
        await elsewhere("curl/8.5.0", password),
      ];
      await open("/account");
      await page.getByText("This device").waitFor();
      await page.getByRole("button", { name: "Sign out Chrome on Android" }).click();
      await page.getByText("That device was signed out.").waitFor();
      await eventually("the telephone is out", async () => (await status(phone)) === 401);
      assert.equal(await status(script), 200);
      await page.getByLabel("Current password").fill("not the password");
      await page.getByLabel("New password").fill(better);
      await page.getByRole("button", { name: "Change password" }).click();
      await page.getByText("This is not your password.").waitFor();
      await page.getByLabel("Current password").fill(password);
      await page.getByRole("button", { name: "Change password" }).click();
      await page.getByText("Your password is changed.").waitFor();
      await eventually("the script is out", async () => (await status(script)) === 401);
      await page.getByRole("button", { name: "Sign out everywhere else" }).waitFor({ state: "detached" });
      await looksRight(visit, ["/account", "/account/keys"]);
      await context.clearCookies();
      await looksRight(visit, ["/sign-in", "/forgot-password", "/reset-password?token=x", "/verify-email?token=x"]);
    },
  },
  {
    name: "an API key is made, shown once, used and ended",
    options: { expectedStatuses: [422] },
    async run(visit) {
      const { page, open, base } = visit;
      await signUp(visit);
      await open("/clones");
      await page.getByRole("button", { name: /^Account of/ }).click();
      await page.getByRole("menuitem", { name: "API keys" }).click();
      await page.getByText("No API keys yet").waitFor();
      for (const scope of ["Read", "Chat"]) await page.getByRole("checkbox", { name: scope }).uncheck();
      await page.getByRole("button", { name: "Make key" }).click();
      await page.getByText("Give the key a name.").waitFor();
      await page.getByText("Give the key at least one scope.").waitFor();
      await page.getByLabel("Name").fill("Nightly import");
      await page.getByRole("checkbox", { name: "Read" }).check();
      await page.getByLabel("Ends after").selectOption("30 days");
      await page.getByRole("button", { name: "Make key" }).click();
      const key = await page.locator("code[data-key]").innerText();
      assert.match(key, /^usk_/);
      await page.getByText("never used").waitFor();
      const status = async (method: string) =>
        (
          await fetch(`${base}/api/v1/clones`, {
            method,
            headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
            ...(method === "POST" ? { body: "{}" } : {}),
          })
        ).status;
      assert.deepEqual([await status("GET"), await status("POST")], [200, 403]);
      await open("/account/keys");
      await page.getByText("used just now").waitFor();
      assert.equal(await page.locator("code[data-key]").count(), 0);
      await page.getByRole("button", { name: "End “Nightly import”" }).click();
      await page.getByRole("button", { name: "End key" }).click();
      await page.getByText("No API keys yet").waitFor();
      assert.equal(await status("GET"), 401);
    },
  },
];
