import assert from "node:assert/strict";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { signUp } from "./account.ts";
import { expectNoOverflow } from "./expect.ts";
import { type Journey, newContext, type Visit } from "./journey.ts";
import { makeWorkspace, picture } from "./workspaces.ts";

interface Service {
  callback_url: string | null;
}

/** Puts a text into the DNS that the product asks. */
async function putText({ web }: Visit, domain: string, text: string): Promise<void> {
  const url = new URL(`/dns-texts?name=${domain}`, web?.url);
  await fetch(url, { method: "POST", body: JSON.stringify([text]) });
}

/** Makes a shared workspace and its single sign-on, through the page; ends with the card open. */
async function begin(visit: Visit, name: string, protocol: string): Promise<string> {
  const { page } = visit;
  await signUp(visit);
  const id = await makeWorkspace(visit, name);
  const section = page.getByRole("region", { name: "Single sign-on" });
  await section.getByRole("button", { name: "Add" }).click();
  await section.getByText("Give it a name").waitFor();
  await section.getByLabel("Name").fill(`${name} ID`);
  await section.getByLabel("Protocol").selectOption({ label: protocol });
  await section.getByRole("button", { name: "Add" }).click();
  await section
    .getByRole("article", { name: `${name} ID` })
    .getByText("Draft")
    .waitFor();
  return id;
}

/** Names a domain and proves it; ends with the single sign-on in use. */
async function prove(visit: Visit, domain: string): Promise<void> {
  const { page } = visit;
  const card = page.getByRole("article");
  await card.getByLabel("Domain", { exact: true }).fill("gmail.com");
  await card.getByRole("button", { name: "Add domain" }).click();
  await card.getByText("Anybody gets an address at gmail.com").waitFor();
  await card.getByLabel("Domain", { exact: true }).fill(domain);
  await card.getByRole("button", { name: "Add domain" }).click();
  await card.getByRole("button", { name: `Verify ${domain}` }).click();
  await card.getByText(`The TXT record is not at ${domain} yet`).waitFor();
  await expectNoOverflow(page, "the single sign-on with a domain");
  await picture(visit, `sso-unverified-${page.viewportSize()?.width}`);
  const value = await card.getByText(/^understudy-verification=/).innerText();
  await putText(visit, domain, value.trim());
  await card.getByRole("button", { name: `Verify ${domain}` }).click();
  await card.getByText("In use").waitFor();
  await expectNoOverflow(page, "the single sign-on in use");
  await picture(visit, `sso-in-use-${page.viewportSize()?.width}`);
}

/** A page of somebody else's browser, on the form for single sign-on. */
async function newcomer({ context, page, base }: Visit, options: BrowserContextOptions = {}): Promise<Page> {
  const browser = context.browser() as Browser;
  const viewport = page.viewportSize();
  const other = await newContext(browser, { viewport, ...options });
  const theirs = await other.newPage();
  await theirs.goto(`${base}/sign-in?next=%2Fclones%2Fnew`);
  if (options.javaScriptEnabled !== false) await theirs.waitForSelector("html[data-ready]", { state: "attached" });
  await theirs.getByRole("link", { name: "Single sign-on" }).click();
  await theirs.getByRole("heading", { name: "Single sign-on" }).waitFor();
  return theirs;
}

const at =
  ({ product }: Visit, path: string) =>
  (url: URL) =>
    url.origin === product && url.pathname === path;

export const ssoJourneys: Journey[] = [
  {
    name: "an owner sets up single sign-on by SAML, and somebody of the organisation comes in by it",
    options: { expectedStatuses: [409, 422] },
    async run(visit) {
      const { page, saml } = visit;
      if (!saml) return console.log("    SKIPPED: the product that BASE_URL names knows no provider of SAML here.");
      const domain = `saml-${Date.now()}.example`;
      const id = await begin(visit, "Acme", "SAML 2.0");
      const card = page.getByRole("article");
      await card.getByLabel("Metadata").fill("<html>not this</html>");
      await card.getByRole("button", { name: "Save" }).click();
      await card.getByText("The metadata must describe one identity provider.").waitFor();
      await picture(visit, "sso-wrong-metadata");
      await card.getByLabel("Metadata").fill(await (await fetch(`${saml}/metadata`)).text());
      await card.getByRole("button", { name: "Save" }).click();
      await card.getByText("Saved.").waitFor();
      await card.getByText("Needs a domain").waitFor();
      await prove(visit, domain);

      const theirs = await newcomer(visit);
      try {
        await theirs.getByLabel("Work e-mail").fill("ben@elsewhere.example");
        await theirs.getByRole("button", { name: "Continue" }).click();
        await theirs.getByText("There is no single sign-on for elsewhere.example.").waitFor();
        await theirs.getByLabel("Work e-mail").fill(`ben@${domain}`);
        await theirs.getByRole("button", { name: "Continue" }).click();
        await theirs.waitForURL((url) => url.origin === saml);
        // At the provider, first as somebody who is not of the organisation.
        await theirs.getByLabel("Who are you?").fill("eve@elsewhere.example");
        await theirs.getByRole("button", { name: "Continue" }).click();
        await theirs.waitForURL(at(visit, "/sign-in"));
        await theirs.getByRole("alert").getByText("none of the domains").waitFor();
        await theirs.getByRole("link", { name: "Single sign-on" }).click();
        await theirs.getByLabel("Work e-mail").fill(`ben@${domain}`);
        await theirs.getByRole("button", { name: "Continue" }).click();
        await theirs.getByLabel("Who are you?").fill(`ben@${domain}`);
        await theirs.getByRole("button", { name: "Continue" }).click();
        await theirs.waitForURL(at(visit, "/clones/new"));
        await theirs.getByRole("button", { name: /^Account of ben/ }).waitFor();
        await theirs.getByRole("button", { name: "Workspace Acme" }).waitFor();
      } finally {
        await theirs.context().close();
      }
      await page.reload();
      await page.getByRole("list", { name: "People" }).getByText(`ben@${domain}`).waitFor();
      await page.getByRole("button", { name: /Acme ID/ }).click();
      await page.getByRole("button", { name: "End this single sign-on" }).click();
      await page.getByRole("alertdialog").getByRole("button", { name: "End it" }).click();
      await page.getByRole("article").waitFor({ state: "detached" });
      assert.deepEqual((await visit.call<{ data: object[] }>("GET", `/workspaces/${id}/sso`)).data, []);
    },
  },
  {
    name: "single sign-on by OpenID Connect is set up on a phone, in the dark, and leads there without scripts too",
    options: { width: 375, scheme: "dark", expectedStatuses: [409, 422] },
    async run(visit) {
      const { page, provider } = visit;
      if (!provider) return console.log("    SKIPPED: the product that BASE_URL names knows no provider here.");
      const domain = `oidc-${Date.now()}.example`;
      const id = await begin(visit, "Workshop", "OpenID Connect");
      const sso = await visit.call<{ data: { service: Service }[] }>("GET", `/workspaces/${id}/sso`);
      const callback = sso.data[0]?.service.callback_url;
      const registered = await fetch(`${provider}/reg`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ redirect_uris: [callback] }),
      });
      const { client_id, client_secret } = (await registered.json()) as Record<string, string>;
      const card = page.getByRole("article");
      await card.getByText(callback ?? "nothing").waitFor();
      await card.getByLabel("Issuer").fill("http://169.254.169.254");
      await card.getByLabel("Client ID").fill(client_id ?? "");
      await card.getByLabel("Client secret").fill(client_secret ?? "");
      await card.getByRole("button", { name: "Save" }).click();
      await card.getByText("The address leads into a private network.").waitFor();
      await card.getByLabel("Issuer").fill(provider);
      await card.getByRole("button", { name: "Save" }).click();
      await card.getByText("Saved.").waitFor();
      assert.equal(await card.getByLabel("Client secret").inputValue(), "");
      await prove(visit, domain);

      const person = { sub: domain, email: `ben@${domain}`, email_verified: "true", name: "Ben" };
      for (const javaScriptEnabled of [true, false]) {
        const theirs = await newcomer(visit, { javaScriptEnabled, colorScheme: "dark" });
        try {
          await expectNoOverflow(theirs, "the form for single sign-on");
          await picture({ ...visit, page: theirs }, `sso-sign-in-${javaScriptEnabled}`);
          await theirs.getByLabel("Work e-mail").fill(`BEN@${domain}`);
          await theirs.getByRole("button", { name: "Continue" }).click();
          await theirs.waitForURL((url) => url.origin === provider);
          await theirs.getByLabel("Who are you?").fill(new URLSearchParams(person).toString());
          await theirs.getByRole("button", { name: "Continue" }).click();
          await theirs.waitForURL(at(visit, "/clones/new"));
        } finally {
          await theirs.context().close();
        }
      }
    },
  },
];
