import assert from "node:assert/strict";
import { makeClone, signUp } from "./account.ts";
import { eventually } from "./expect.ts";
import type { Journey, Visit } from "./journey.ts";

async function openRoom(visit: Visit, model: string): Promise<void> {
  await signUp(visit);
  const clone = await makeClone(visit, { name: "Panel", model });
  await visit.open(`/chat?clone=${clone.id}`);
}

const composer = ({ page }: Visit) => page.getByRole("textbox", { name: /^Ask Panel/ });

async function ask(visit: Visit, question: string): Promise<void> {
  await composer(visit).fill(question);
  await visit.page.keyboard.press("Enter");
}

export const modelJourneys: Journey[] = [
  {
    name: "one question is put to two models side by side, and one answer gone on with",
    async run(visit) {
      const { page } = visit;
      await openRoom(visit, "openai/stand-in?tokens=20");
      await page.getByRole("button", { name: /^Model:/ }).click();
      await page.getByRole("menuitem", { name: "Compare models…" }).click();
      const dialog = page.getByRole("dialog", { name: "Compare models" });
      await dialog.getByRole("button", { name: "Compare" }).click();
      await dialog.getByText("Choose at least two models.").waitFor();
      for (const box of (await dialog.getByRole("checkbox").all()).slice(0, 2)) await box.check();
      await dialog.getByRole("button", { name: "Compare" }).click();
      await page.getByRole("button", { name: "Model: Comparing 2 models" }).waitFor();
      await ask(visit, "Who is right?");
      const answers = page.getByRole("list", { name: "Answers side by side" });
      const other = answers.getByRole("button", { name: "Go on with this one" });
      await eventually("both are whole", async () => (await other.isVisible()) && (await other.isEnabled()));
      assert.equal(
        await answers
          .getByRole("listitem")
          .filter({ has: page.getByRole("heading") })
          .count(),
        2,
      );
      const chosen = await answers.getByRole("heading").nth(1).innerText();
      await other.click();
      await page.waitForURL(/\/chat\/conv_/);
      await page.reload();
      const kept = page.getByRole("listitem").filter({ hasText: "Goes on with this one" });
      await kept.getByRole("heading", { name: chosen }).waitFor();
    },
  },
  {
    name: "a question waits for the running answer, can be taken back, and is asked by itself",
    async run(visit) {
      const { page } = visit;
      await openRoom(visit, "openai/stand-in?tokens=100&tokens_per_second=25");
      await ask(visit, "Count first");
      await page.getByRole("button", { name: "Stop the answer" }).waitFor();
      await page.waitForURL(/\/chat\/conv_/);
      await ask(visit, "Never mind this");
      const next = page.getByRole("list", { name: "Asked next" });
      await next.getByRole("button", { name: "Take back “Never mind this”" }).click();
      await next.waitFor({ state: "detached" });
      assert.equal(await composer(visit).inputValue(), "Never mind this");
      await ask(visit, "Count second");
      await next.getByText("Count second").waitFor();
      const messages = page.getByRole("region", { name: "Messages" });
      await messages.getByText("Count second", { exact: true }).waitFor();
      await next.waitFor({ state: "detached" });
      await eventually(
        "both are answered",
        async () => (await page.getByRole("button", { name: "Copy answer" }).count()) === 2,
      );
      await page.reload();
      await eventually(
        "both are kept",
        async () => (await page.getByRole("button", { name: "Copy answer" }).count()) === 2,
      );
      assert.equal(await messages.getByText("Never mind this").count(), 0);
    },
  },
];
