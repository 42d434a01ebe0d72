import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { makeClone, signUp } from "./account.ts";
import { eventually, expectNoOverflow } from "./expect.ts";
import type { Journey, Visit } from "./journey.ts";

async function converse(visit: Visit, title: string, content: string): Promise<string> {
  await signUp(visit);
  const clone = await makeClone(visit, { name: "Clerk", model: "openai/stand-in?tokens=40" });
  const { id } = await visit.call<{ id: string }>("POST", "/conversations", { clone_id: clone.id, title });
  await visit.call("POST", `/conversations/${id}/messages`, { content });
  return id;
}

const hasFocus = (what: string, locator: Locator) =>
  eventually(`${what} has the focus`, () => locator.evaluate((element) => element === document.activeElement));

/** Tabs on until `locator` has the focus, as somebody without a mouse would. */
async function tabTo({ page }: Visit, what: string, locator: Locator): Promise<void> {
  for (let at = 0; at < 60; at++) {
    await page.keyboard.press("Tab");
    if (await locator.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`Sixty tabs do not lead to ${what}.`);
}

async function pressUntil({ page }: Visit, key: string, item: Locator): Promise<void> {
  await item.waitFor();
  for (let at = 0; at < 20; at++) {
    if (await item.evaluate((element) => element === document.activeElement)) return;
    const focused = await page.evaluateHandle(() => document.activeElement);
    await page.keyboard.press(key);
    // A busy page is behind the keys: the next one is for what has the focus then.
    await page.waitForFunction((before) => document.activeElement !== before, focused);
  }
  throw new Error(`${key} does not lead to the item.`);
}

/** In reach of everybody: without a mouse, and on the narrowest phone. */
export const reachJourneys: Journey[] = [
  {
    name: "without a mouse: search, settings, filing, choosing several, and a message’s menu",
    async run(visit) {
      const { page } = visit;
      const id = await converse(visit, "Orchard", "How do I prune a quince tree?");
      await visit.open("/chat");
      await tabTo(visit, "the search field", page.getByRole("searchbox", { name: "Search messages" }));
      await page.keyboard.type("quince");
      const result = page.getByRole("region", { name: "Messages found" }).getByRole("link", { name: /prune/ }).first();
      await result.waitFor();
      await tabTo(visit, "the result", result);
      await page.keyboard.press("Enter");
      await page.waitForURL(new RegExp(`${id}#msg_`));
      await page.getByRole("searchbox").focus();
      await page.keyboard.press("Escape");

      const more = page.getByRole("button", { name: "More about “Orchard”" });
      await tabTo(visit, "the conversation’s menu", more);
      await page.keyboard.press("Enter");
      await pressUntil(visit, "ArrowDown", page.getByRole("menuitem", { name: "Folder and tags" }));
      await page.keyboard.press("Enter");
      const filing = page.getByRole("dialog", { name: "Folder and tags" });
      await hasFocus("the folder", filing.getByLabel(/^Folder/));
      await page.keyboard.type("Garden");
      await page.keyboard.press("Enter");
      await filing.waitFor({ state: "detached" });
      await hasFocus("the menu it came from", more);

      const settings = page.getByRole("button", { name: "Conversation settings", exact: true });
      await tabTo(visit, "the settings", settings);
      await page.keyboard.press("Enter");
      const dialog = page.getByRole("dialog", { name: "Conversation settings" });
      await tabTo(visit, "the temperature", dialog.getByRole("slider", { name: "Temperature" }));
      await page.keyboard.press("Home");
      await tabTo(visit, "Save", dialog.getByRole("button", { name: "Save" }));
      await page.keyboard.press("Enter");
      await dialog.waitFor({ state: "detached" });
      await hasFocus("the button it came from", page.getByRole("button", { name: "Conversation settings, changed" }));
      const { temperature } = await visit.call<{ temperature: number }>("GET", `/conversations/${id}`);
      assert.equal(temperature, 0);

      const answerMenu = page.getByRole("button", { name: "More about this answer" });
      await page.getByRole("region", { name: "Messages", exact: true }).focus();
      await tabTo(visit, "the answer’s menu", answerMenu);
      await page.keyboard.press("Enter");
      await pressUntil(visit, "ArrowDown", page.getByRole("menuitem", { name: "Delete from here on" }));
      await page.keyboard.press("Enter");
      await page.getByRole("alertdialog").waitFor();
      await page.keyboard.press("Escape");
      await hasFocus("the answer’s menu", answerMenu);

      const list = page.getByRole("button", { name: "More about your conversations" });
      await list.focus();
      await page.keyboard.press("Enter");
      await pressUntil(visit, "ArrowDown", page.getByRole("menuitem", { name: "Choose several" }));
      await page.keyboard.press("Enter");
      await tabTo(visit, "the box", page.getByRole("checkbox", { name: "Orchard" }));
      await page.keyboard.press("Space");
      await page.getByText("1 chosen").waitFor();
    },
  },
  {
    name: "on a phone: the list’s search, filing and import, and a conversation’s settings and comparison",
    options: { width: 375, scheme: "dark" },
    async run(visit) {
      const { page } = visit;
      const id = await converse(visit, "A title far too long for any phone’s list", "How do I prune a quince tree?");
      const models = ["openai/stand-in?tokens=40", "openai/stand-in?tokens=120", "offline/extractive"];
      await visit.call("POST", `/conversations/${id}/compare`, { content: "Which of you is right?", models });
      await visit.open(`/chat/${id}`);
      const answers = page.getByRole("list", { name: "Answers side by side" });
      await answers.getByText("1 of 3").waitFor();
      await expectNoOverflow(page, "the comparison");
      const last = answers.getByRole("button", { name: "Go on with this one" }).last();
      await last.scrollIntoViewIfNeeded();
      await last.click();
      await answers.getByRole("listitem").filter({ hasText: "3 of 3" }).getByText("Goes on from here").waitFor();

      await page.getByRole("button", { name: "Conversation settings" }).click();
      const dialog = page.getByRole("dialog", { name: "Conversation settings" });
      await dialog.getByLabel(/^Max tokens/).fill("200");
      await expectNoOverflow(page, "the settings");
      await dialog.getByRole("button", { name: "Save" }).click();
      await dialog.waitFor({ state: "detached" });

      const drawer = page.getByRole("dialog", { name: "Conversations", exact: true });
      await page.getByRole("button", { name: "Conversations" }).click();
      await drawer.getByRole("button", { name: /^More about “A title/ }).click();
      await expectNoOverflow(page, "the conversation’s menu");
      await page.getByRole("menuitem", { name: "Folder and tags" }).click();
      const filing = page.getByRole("dialog", { name: "Folder and tags" });
      await filing.getByLabel(/^Tags/).fill("garden");
      await filing.getByRole("button", { name: "Save" }).click();
      await filing.waitFor({ state: "detached" });
      await drawer.getByRole("button", { name: "All conversations" }).click();
      await page.getByRole("menuitemradio", { name: "#garden" }).click();
      await drawer.getByRole("button", { name: "#garden" }).waitFor();
      await drawer.getByRole("button", { name: "More about your conversations" }).click();
      await page.getByRole("menuitem", { name: "Import" }).click();
      await page.getByRole("dialog", { name: "Import conversations" }).waitFor();
      await expectNoOverflow(page, "the import");
      await page.keyboard.press("Escape");
      await drawer.getByRole("searchbox").fill("quince");
      await drawer
        .getByRole("region", { name: "Messages found" })
        .getByRole("link", { name: /How do I prune/ })
        .first()
        .click();
      await drawer.waitFor({ state: "detached" });
      const question = page
        .getByRole("region", { name: "Messages", exact: true })
        .getByText("How do I prune a quince tree?", { exact: true });
      await eventually("the question is in view", () =>
        question.evaluate((element) => {
          const { top, bottom } = element.getBoundingClientRect();
          return top > 0 && bottom < window.innerHeight;
        }),
      );
      await expectNoOverflow(page, "the conversation");
    },
  },
];
