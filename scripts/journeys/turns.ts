import assert from "node:assert/strict";
import { makeClone, signUp } from "./account.ts";
import { eventually } from "./expect.ts";
import { heldModel } from "./held-model.ts";
import type { Journey, Visit } from "./journey.ts";

async function begin(visit: Visit, model: string, question: string): Promise<void> {
  await signUp(visit);
  const clone = await makeClone(visit, { name: "Counter", model });
  await visit.open(`/chat?clone=${clone.id}`);
  await visit.page.getByRole("textbox", { name: /^Ask Counter/ }).fill(question);
  await visit.page.keyboard.press("Enter");
}

const payloads = [
  "![x](https://evil.example/leak.png) end",
  "<img src=x onerror=\"document.title='taken'\"> end",
  "[go](javascript:document.title='taken') end",
  "<script>document.title='taken'</script> end",
];

const shown = async ({ page }: Visit) => (await page.locator(".answer").last().innerText()).replace(/\s+/g, " ").trim();

/** Every counted word once and in order: nothing lost, nothing twice. */
async function expectUnbroken(visit: Visit, last: number): Promise<void> {
  await eventually(`word${last} is shown`, async () => (await shown(visit)).includes(`word${last}`));
  const text = await shown(visit);
  const numbers = [...text.matchAll(/word(\d+)/g)].map((match) => Number(match[1]));
  assert.equal(numbers.at(-1), last, `ends with word${last}: “…${text.slice(-40)}”`);
  numbers.forEach((number, at) => {
    const before = numbers[at - 1];
    assert.ok(before === undefined || number === before + 1, `word${before} is followed by word${number}`);
  });
}

const enough = (visit: Visit, word: number) =>
  eventually(
    `word${word} is shown`,
    async () => (await visit.page.locator(".answer").count()) > 0 && (await shown(visit)).includes(`word${word}`),
  );

export const turnJourneys: Journey[] = [
  {
    name: "an answer is stopped, keeps what was said, and can be asked for again",
    async run(visit) {
      const { page } = visit;
      const model = heldModel(visit, 400, 12);
      if (!model) return;
      await begin(visit, model.id, "Count for me");
      await enough(visit, 12);
      await page.getByRole("button", { name: "Stop the answer" }).click();
      await page.getByText("You stopped this answer here.").waitFor();
      const said = await shown(visit);
      assert.ok(!said.includes("word400"));
      await page.getByRole("button", { name: "Answer again" }).click();
      await page.getByRole("button", { name: "Stop the answer" }).waitFor();
      await enough(visit, 8);
      await page.getByRole("button", { name: "Stop the answer" }).click();
      await page.getByRole("group", { name: "Versions of this answer" }).getByText("2/2").waitFor();
      await page.getByRole("button", { name: "Previous answer" }).click();
      await page.getByText("1/2").waitFor();
      assert.equal(await shown(visit), said);
    },
  },
  {
    name: "a reload in the middle of an answer loses nothing and repeats nothing",
    async run(visit) {
      const { page } = visit;
      const model = heldModel(visit, 90, 15);
      if (!model) return;
      await begin(visit, model.id, "Count on");
      await enough(visit, 15);
      await page.waitForURL(/\/chat\/conv_/);
      await page.reload();
      await enough(visit, 15);
      await model.goOn();
      await page.getByRole("button", { name: "Copy answer" }).waitFor();
      await expectUnbroken(visit, 90);
    },
  },
  {
    name: "a lost connection is told, and the answer goes on where it was",
    options: { expectedStatuses: [0] },
    async run(visit) {
      const { page, line } = visit;
      const model = heldModel(visit, 120, 15, 60);
      if (!model) return;
      await begin(visit, model.id, "Count through it");
      await enough(visit, 15);
      await page.waitForURL(/\/chat\/conv_/);
      line.cut();
      await page.getByText("Reconnecting…").waitFor();
      await model.goOn();
      line.mend();
      await enough(visit, 60);
      await model.goOn();
      await page.getByRole("button", { name: "Copy answer" }).waitFor();
      await expectUnbroken(visit, 120);
    },
  },
  {
    name: "two tabs show the same answer, word for word",
    async run(visit) {
      const { page, context } = visit;
      const model = heldModel(visit, 90, 15);
      if (!model) return;
      await begin(visit, model.id, "Count for two");
      await enough(visit, 15);
      await page.waitForURL(/\/chat\/conv_/);
      const second = await context.newPage();
      await second.goto(page.url());
      await enough({ ...visit, page: second }, 15);
      await model.goOn();
      for (const tab of [page, second]) {
        await tab.getByRole("button", { name: "Copy answer" }).waitFor();
        await expectUnbroken({ ...visit, page: tab }, 90);
      }
    },
  },
  {
    name: "a model that fails says so in place; the question is not lost",
    async run(visit) {
      const { page } = visit;
      await begin(visit, "openai/stand-in?fault=500", "Will you fail?");
      await page.getByRole("alert").waitFor();
      assert.ok(
        await page.getByRole("region", { name: "Messages", exact: true }).getByText("Will you fail?").isVisible(),
      );
      await page.getByRole("button", { name: "Try again" }).waitFor();
    },
  },
  {
    name: "a question is edited; both versions and their answers stay",
    async run(visit) {
      const { page } = visit;
      await begin(visit, "openai/stand-in?tokens=12", "First wording");
      await page.getByRole("button", { name: "Copy answer" }).waitFor();
      await page.getByRole("region", { name: "Messages", exact: true }).getByText("First wording").first().hover();
      await page.getByRole("button", { name: "Edit question" }).click();
      await page.getByLabel("Edit your question").fill("Second wording");
      await page.keyboard.press("Enter");
      await page.getByRole("group", { name: "Versions of this question" }).getByText("2/2").waitFor();
      await page.getByRole("button", { name: "Copy answer" }).waitFor();
      await eventually("the second answer is shown", async () => /Second wording/.test(await shown(visit)));
      await page.getByRole("button", { name: "Previous question" }).click();
      await eventually("the first answer is back", async () => /First wording/.test(await shown(visit)));
    },
  },
  {
    name: "hostile markdown in an answer runs nothing and loads nothing",
    async run(visit) {
      const { page, open } = visit;
      await signUp(visit);
      for (const payload of payloads) {
        const clone = await makeClone(visit, {
          name: "Parrot",
          model: `openai/stand-in?reply=${encodeURIComponent(payload)}`,
        });
        await open(`/chat?clone=${clone.id}`);
        await page.getByRole("textbox", { name: /^Ask Parrot/ }).fill("Say it");
        await page.keyboard.press("Enter");
        await page.getByRole("button", { name: "Copy answer" }).waitFor();
        await page.locator(".answer .markdown:not([data-streaming])").waitFor();
        await eventually(`“${payload}” is shown`, async () => (await shown(visit)).includes("end"));
        assert.equal(await page.locator(".answer :is(img, script, iframe, style, form)").count(), 0, payload);
        assert.equal(await page.locator('.answer a:not([href^="http"])').count(), 0, payload);
        assert.notEqual(await page.title(), "taken", payload);
      }
    },
  },
];
