import assert from "node:assert/strict";
import type { BrowserContext, CDPSession, Page } from "playwright-core";
import { totp } from "../../workers/accounts/testing/totp.ts";
import { newAddress } from "./account.ts";
import { eventually, expectNoOverflow } from "./expect.ts";
import type { Journey } from "./journey.ts";

const password = "the engine weaves patterns";

/** A device that keeps passkeys and asks who its owner is, as Chromium plays one. */
async function plugIn(page: Page): Promise<{ cdp: CDPSession; authenticatorId: string }> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { cdp, authenticatorId };
}

type Open = (path: string) => Promise<void>;

const openAt =
  (page: Page, product: string): Open =>
  async (path) => {
    await page.goto(product + path);
    await page.waitForSelector("html[data-ready]", { state: "attached" });
  };

/** A page fits a phone and a desk, by day and by night; LOOKS names a folder for pictures of it. */
async function expectToFit(page: Page, open: Open, path: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [375, 1280]) {
      await page.setViewportSize({ width, height: 840 });
      await open(path);
      await expectNoOverflow(page, `${path} at ${width} px`);
      if (!process.env.LOOKS) continue;
      const file = `passkeys${path.replace(/[^a-z]+/g, "-")}-${width}-${colorScheme}.png`;
      await page.screenshot({ path: `${process.env.LOOKS}/${file}`, fullPage: true });
    }
  }
}

/** Fills in the form that is shown. */
async function signUp(page: Page): Promise<void> {
  await page.getByLabel("Your name").fill("Ada Lovelace");
  await page.getByLabel("E-mail").fill(newAddress("Ada"));
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL("**/clones");
}

async function addSecondFactor({ request }: BrowserContext, product: string): Promise<void> {
  const post = (step: string, data: object) =>
    request.post(`${product}/api/v1/auth/2fa/${step}`, { data, headers: { Origin: product } });
  const { secret } = (await (await post("setup", {})).json()) as { secret: string };
  await post("verify", { code: totp(secret) });
}

export const passkeyJourneys: Journey[] = [
  {
    name: "a person adds a passkey, signs in with it and without a code, renames and removes it",
    options: { expectedStatuses: [401, 422] },
    async run({ page, product, context }) {
      // A passkey belongs to the address that the product knows itself by, not to the line's.
      const open = openAt(page, product);
      /** To the form, as a browser that offers passkeys where the address is typed, or as one that cannot. */
      const signOut = async (offers: "in the field" | "by the button") => {
        await context.clearCookies();
        await open(`/sign-in?next=%2Faccount${offers === "by the button" ? "&old" : ""}`);
      };
      await page.addInitScript(() => {
        const isOld = new URLSearchParams(location.search).has("old");
        if (isOld) PublicKeyCredential.isConditionalMediationAvailable = async () => false;
      });
      const byButton = () => page.getByRole("button", { name: "Sign in with a passkey" }).click();
      const { cdp, authenticatorId } = await plugIn(page);

      await open("/sign-up");
      await signUp(page);
      await addSecondFactor(context, product);

      await open("/account");
      await page.getByRole("textbox", { name: /^Name/ }).fill("Telephone");
      await page.getByRole("button", { name: "Add a passkey" }).click();
      await page.getByText("“Telephone” was added.").waitFor();
      const rows = page.getByRole("list", { name: "Your passkeys" }).getByRole("listitem");
      await rows.getByText("never used").waitFor();
      assert.equal(await rows.count(), 1);
      // The same device has one already.
      await page.getByRole("button", { name: "Add a passkey" }).click();
      await page.getByText("This device has a passkey for your account already.").waitFor();
      await expectToFit(page, open, "/account");

      // The device answers whatever asks for it.
      await signOut("in the field");
      await page.waitForURL("**/account");
      await rows.getByText("used just now").waitFor();
      await signOut("by the button");
      await byButton();
      await page.waitForURL("**/account");

      await page.getByRole("button", { name: "Rename “Telephone”" }).click();
      await page.getByRole("dialog").getByLabel("Name").fill("Old telephone");
      await page.getByRole("dialog").getByRole("button", { name: "Rename" }).click();
      await page.getByText("Old telephone", { exact: true }).waitFor();
      await page.getByRole("button", { name: "Remove “Old telephone”" }).click();
      await page.getByRole("button", { name: "Remove passkey" }).click();
      await rows.waitFor({ state: "detached" });

      await signOut("by the button");
      await byButton();
      await page.getByText("This passkey is not known here").waitFor();
      // The browser was told, and offers it no more.
      await eventually("the device has forgotten it", async () => {
        const { credentials } = await cdp.send("WebAuthn.getCredentials", { authenticatorId });
        return credentials.length === 0;
      });
      await byButton();
      await page.getByText("Nothing was chosen, or it took too long.").waitFor();
      await expectToFit(page, open, "/sign-in");
    },
  },
  {
    name: "a browser without passkeys says so",
    async run({ page, open, call, context }) {
      await context.addInitScript(() => Reflect.deleteProperty(window, "PublicKeyCredential"));
      await open("/sign-in");
      await page.getByRole("button", { name: "Sign in with a passkey" }).click();
      await page.getByText("This browser has no passkeys.").waitFor();
      const email = newAddress("Ada");
      await call("POST", "/auth/register", { name: "Ada", email, password });
      await open("/account");
      await page.getByText("This browser cannot make passkeys.").waitFor();
    },
  },
];
