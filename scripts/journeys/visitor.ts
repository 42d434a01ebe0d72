import assert from "node:assert/strict";
import { eventually, expectNoOverflow } from "./expect.ts";
import type { Journey } from "./journey.ts";

export const visitorJourneys: Journey[] = [
  {
    name: "a visitor asks the demo on the landing page and opens a citation where it stands",
    async run({ page, context, open }) {
      await open("/");
      const demo = page.getByRole("region", { name: "Try it" });
      await demo.getByRole("list", { name: "Questions to start with" }).getByRole("button").first().click();
      const source = demo.getByRole("button", { name: /^Source \d+:/ }).first();
      await source.waitFor();
      assert.match(await demo.innerText(), /Offline reader/);
      await source.click();
      const card = page.getByRole("dialog", { name: /^Source/ });
      await card.locator("blockquote").waitFor();
      const quote = (await card.locator("blockquote").innerText()).trim();
      assert.ok(quote.length > 10, "the card quotes the passage");
      const [reader] = await Promise.all([
        context.waitForEvent("page"),
        card.getByRole("link", { name: /^Open/ }).click(),
      ]);
      await reader.locator("mark[data-cited]").first().waitFor();
      const marked = (await reader.locator("mark[data-cited]").allInnerTexts()).join(" ").replace(/\s+/g, " ");
      const opening = quote.replace(/\s+/g, " ").slice(0, 30);
      assert.ok(marked.includes(opening), `the marked passage “${marked.slice(0, 80)}” is the quoted one “${opening}”`);
    },
  },
  {
    name: "what a visitor writes, sends and opens before the page has its handlers counts once it has them",
    async run({ page, open }) {
      const handlers = Promise.withResolvers<void>();
      await page.route(/react-dom/, async (route) => {
        await handlers.promise;
        await route.continue();
      });
      await open("/");
      const box = page.getByRole("region", { name: "Try it" }).getByRole("textbox");
      await box.focus();
      await page.keyboard.type("What is Understudy?");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Theme" }).focus();
      await page.keyboard.press("Enter");
      assert.equal(await box.inputValue(), "What is Understudy?", "what was written stays");
      handlers.resolve();
      await page.getByRole("menu").waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("list", { name: "Sources" }).waitFor();
      assert.equal(await page.getByText("You asked").count(), 1, "it is asked once");
      assert.equal(await box.inputValue(), "");
    },
  },
  {
    name: "a visitor reloads, and the conversation is still there",
    async run({ page, open }) {
      await open("/");
      const demo = page.getByRole("region", { name: "Try it" });
      await demo.getByRole("textbox").fill("What is Understudy?");
      await page.keyboard.press("Enter");
      await demo.getByRole("button", { name: "Copy answer" }).waitFor();
      await demo.locator(".answer .markdown:not([data-streaming])").waitFor();
      const said = await demo.locator(".answer").innerText();
      await page.reload();
      await demo.getByRole("button", { name: "Copy answer" }).waitFor();
      await eventually("the same words", async () => (await demo.locator(".answer").innerText()) === said);
      await demo.getByRole("button", { name: "New conversation" }).click();
      await demo.getByRole("list", { name: "Questions to start with" }).waitFor();
    },
  },
  {
    name: "a phone shows the landing page and its chat without sideways scrolling",
    options: { width: 375, scheme: "dark", expectedStatuses: [404] },
    async run({ page, open }) {
      await open("/");
      await expectNoOverflow(page, "the landing page");
      const demo = page.getByRole("region", { name: "Try it" });
      await demo.getByRole("list", { name: "Questions to start with" }).getByRole("button").first().click();
      await demo.getByRole("button", { name: "Copy answer" }).waitFor();
      await expectNoOverflow(page, "the landing page with an answer");
      for (const path of ["/sign-in", "/sign-up", "/nowhere-at-all"]) {
        await open(path);
        await expectNoOverflow(page, path);
      }
    },
  },
  {
    name: "the theme follows the system until it is chosen, and the choice outlives a reload without a flash",
    options: { scheme: "dark" },
    async run({ page, open }) {
      const lightness = () =>
        page.evaluate(() => {
          const canvas = document.createElement("canvas").getContext("2d");
          if (!canvas) return -1;
          canvas.fillStyle = getComputedStyle(document.documentElement).backgroundColor;
          canvas.fillRect(0, 0, 1, 1);
          return canvas.getImageData(0, 0, 1, 1).data[0] ?? -1;
        });
      await open("/");
      assert.ok((await lightness()) < 60, "dark, as the system is");
      await page.getByRole("button", { name: "Theme" }).click();
      await page.getByRole("menuitemradio", { name: "Light" }).click();
      await eventually("light, as chosen", async () => (await lightness()) > 200);
      await eventually("the choice is stored", async () =>
        (await page.context().cookies()).some(({ name, value }) => name === "theme" && value === "light"),
      );
      // The server itself sends the theme: there is nothing to correct, hence nothing to flash.
      assert.match(await (await page.context().request.get(page.url())).text(), /<html[^>]*data-theme="light"/);
    },
  },
  {
    name: "an address that leads nowhere says so in plain words",
    options: { expectedStatuses: [404] },
    async run({ page, open }) {
      await open("/c/no-such-clone-anywhere");
      await page.getByRole("heading", { name: "Nothing to see here" }).waitFor();
      await open("/this/is/nothing");
      await page.getByRole("link", { name: "To the start page" }).click();
      await page.waitForURL((url) => url.pathname === "/");
    },
  },
];
