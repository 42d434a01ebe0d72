import assert from "node:assert/strict";
import { makeClone, signUp } from "./account.ts";
import { eventually } from "./expect.ts";
import { heldModel } from "./held-model.ts";
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

const settingsOf = (visit: Visit) => visit.page.getByRole("dialog", { name: "Conversation settings" });

export const modelJourneys: Journey[] = [
  {
    name: "what a model thought is folded above its answer, which says where it was written",
    async run(visit) {
      const { page } = visit;
      await openRoom(visit, "openai/stand-in?tokens=12&thought=Lamps first.");
      await ask(visit, "How long does it burn?");
      await page.getByRole("button", { name: "Copy answer" }).waitFor();
      const thought = page.getByRole("region", { name: "What the model thought" });
      assert.equal(await thought.count(), 0);
      // How long that was is only said where the page saw it think.
      await page.getByText(/^Thought (?:for \d+ seconds?|before it answered)$/).click();
      assert.equal(await thought.innerText(), "Lamps first.");
      const messages = page.getByRole("region", { name: "Messages", exact: true });
      await messages.getByText("Own machine", { exact: true }).waitFor();
      await page.reload();
      await page.getByText("Thought before it answered").click();
      assert.equal(await thought.innerText(), "Lamps first.");
    },
  },
  {
    name: "a new conversation says which model will answer, before it is asked anything",
    async run(visit) {
      const { page } = visit;
      await openRoom(visit, "openai/stand-in?tokens=12");
      await page.getByRole("button", { name: "Model: openai/stand-in?tokens=12" }).waitFor();
      await makeClone(visit, { name: "Reader" });
      const { data } = await visit.call<{ data: { id: string; default: boolean }[] }>("GET", "/models");
      assert.equal(data.find((model) => model.default)?.id, "offline/extractive");
      await visit.open("/chat");
      await page.getByText("quotes your documents, writes nothing of its own").waitFor();
      await page.getByRole("button", { name: "Model: Offline reader" }).waitFor();
      await page.getByRole("textbox", { name: /^Ask Reader/ }).fill("What do you know?");
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/chat\/conv_/);
      await page.getByRole("button", { name: "Model: Offline reader" }).waitFor();
    },
  },
  {
    name: "a server of the workspace’s own is brought, chosen and asked, and nobody else sees it",
    options: { expectedStatuses: [422] },
    async run(visit) {
      const { page, models } = visit;
      if (!models)
        return console.log("    SKIPPED: the product that BASE_URL names may reach no server of a journey’s.");
      await openRoom(visit, "offline/extractive");
      await visit.open("/models");
      await page.getByText("Nothing of your own yet").waitFor();
      await page.getByLabel("Provider").selectOption({ label: "OpenAI-compatible server" });
      await page.getByLabel("Name").fill("attic");
      await page.getByLabel("Address").fill("http://localhost:9/v1");
      await page.getByRole("button", { name: "Check and save" }).click();
      await page.getByText(/cannot be reached/).waitFor();
      await page.getByLabel("Address").fill(models.replace("127.0.0.1", "localhost"));
      await page.getByRole("button", { name: "Check and save" }).click();
      await page.getByRole("button", { name: "Remove “attic”" }).waitFor();
      await visit.open("/chat");
      await page.getByRole("button", { name: /^Model:/ }).click();
      const own = page.getByRole("group", { name: /^attic/ });
      assert.match(await own.innerText(), /Own machine/);
      await page.getByRole("combobox", { name: "Find a model" }).fill("attic stand-in");
      await own.getByRole("option", { name: /^attic\/stand-in/ }).click();
      await ask(visit, "Who are you?");
      await page.getByRole("button", { name: "Copy answer" }).waitFor();
      await page.waitForURL(/\/chat\/conv_/);
      const id = page.url().split("/").at(-1);
      const { data } = await visit.call<{ data: { model: string | null; lane: string | null }[] }>(
        "GET",
        `/conversations/${id}/messages`,
      );
      assert.deepEqual([data.at(-1)?.model, data.at(-1)?.lane], ["attic/stand-in", "own"]);
      const strangers = (await (await fetch(`${visit.product}/api/v1/models`)).json()) as { data: { id: string }[] };
      assert.equal(strangers.data.filter((model) => model.id.startsWith("attic/")).length, 0);
    },
  },
  {
    name: "a conversation’s settings are made before it begins, hold, and are changed from the list",
    options: { expectedStatuses: [0, 422] },
    async run(visit) {
      const { page, line } = visit;
      await openRoom(visit, "openai/stand-in?tokens=12");
      await page.getByRole("button", { name: "Conversation settings", exact: true }).click();
      const dialog = settingsOf(visit);
      await dialog.getByRole("button", { name: "Model: Standard" }).click();
      const choice = page.getByRole("dialog", { name: "Choose a model" });
      await eventually("models are listed", async () => (await choice.getByRole("option").count()) > 2);
      await page.keyboard.press("Escape");
      await choice.waitFor({ state: "detached" });
      await dialog.getByLabel(/^Instructions/).fill("Answer in French.");
      await dialog.getByRole("slider", { name: "Temperature" }).focus();
      for (const _ of "123") await page.keyboard.press("ArrowLeft");
      await dialog.getByLabel(/^Max tokens/).fill("many");
      await dialog.getByRole("button", { name: "Save" }).click();
      await dialog.getByText("Use a whole number, 1 to 32,000.").waitFor();
      await dialog.getByLabel(/^Max tokens/).fill("4,000");
      await dialog.getByRole("button", { name: "Save" }).click();
      await dialog.waitFor({ state: "detached" });
      await page.getByRole("button", { name: "Conversation settings, changed" }).waitFor();
      await ask(visit, "Quoi?");
      await page.getByRole("button", { name: "Copy answer" }).waitFor();
      await page.waitForURL(/\/chat\/conv_/);
      await page.waitForURL(/\/chat\/conv_/);
      const id = page.url().split("/").at(-1);
      const kept = () => visit.call<Record<string, unknown>>("GET", `/conversations/${id}`);
      const { system_prompt, temperature, top_p, max_tokens } = await kept();
      assert.deepEqual(
        { system_prompt, temperature, top_p, max_tokens },
        { system_prompt: "Answer in French.", temperature: 0.7, top_p: null, max_tokens: 4_000 },
      );
      const list = page.getByRole("navigation", { name: "Conversations" });
      await list.getByRole("button", { name: /^More about “/ }).click();
      await page.getByRole("menuitem", { name: "Settings" }).click();
      await dialog.getByRole("button", { name: "Model: Standard" }).click();
      await choice.getByRole("option", { name: /^openai\/gpt-4o-stand-in/ }).click();
      await dialog.getByRole("button", { name: "Model: openai/gpt-4o-stand-in" }).waitFor();
      await dialog.getByRole("button", { name: "Reset Temperature" }).click();
      await dialog.getByLabel(/^Max tokens/).fill("99999");
      await dialog.getByRole("button", { name: "Save" }).click();
      await dialog.getByText("Use 1 to 32,000.", { exact: true }).waitFor();
      await dialog.getByLabel(/^Max tokens/).fill("");
      line.cut();
      await dialog.getByRole("button", { name: "Save" }).click();
      await dialog.getByText(/server cannot be reached/).waitFor();
      assert.equal(await dialog.getByLabel(/^Instructions/).inputValue(), "Answer in French.");
      line.mend();
      await dialog.getByRole("button", { name: "Save" }).click();
      await dialog.waitFor({ state: "detached" });
      const changed = await kept();
      assert.deepEqual(
        [changed.model, changed.temperature, changed.max_tokens],
        ["openai/gpt-4o-stand-in", null, null],
      );
      await page.getByRole("button", { name: "Model: openai/gpt-4o-stand-in" }).waitFor();
    },
  },
  {
    name: "the model that was chosen answers what waits, what is edited, and what is asked again",
    async run(visit) {
      const { page } = visit;
      const model = heldModel(visit, 60, 10);
      if (!model) return;
      await openRoom(visit, model.id);
      await ask(visit, "Count first");
      await page.waitForURL(/\/chat\/conv_/);
      await page.getByRole("button", { name: "Stop the answer" }).waitFor();
      await page.getByRole("button", { name: /^Model:/ }).click();
      await page.getByRole("combobox", { name: "Find a model" }).fill("4o stand");
      await page.getByRole("option", { name: /^openai\/gpt-4o-stand-in/ }).waitFor();
      await page.keyboard.press("Enter");
      await ask(visit, "Count second");
      await page.getByRole("list", { name: "Asked next" }).getByText("Count second").waitFor();
      await model.goOn();
      const copies = page.getByRole("button", { name: "Copy answer" });
      await eventually("both are answered", async () => (await copies.count()) === 2);
      await page.getByRole("button", { name: "Answer again" }).last().click();
      await page.getByRole("group", { name: "Versions of this answer" }).getByText("2/2").waitFor();
      await eventually("it is whole", async () => (await copies.count()) === 2);
      await page.getByRole("button", { name: "Edit question" }).last().click();
      await page.getByRole("textbox", { name: "Edit your question" }).fill("Count third");
      await page.keyboard.press("Enter");
      await page.getByRole("group", { name: "Versions of this question" }).getByText("2/2").waitFor();
      await eventually("it is whole", async () => (await copies.count()) === 2);
      await page.waitForURL(/\/chat\/conv_/);
      const id = page.url().split("/").at(-1);
      const { data } = await visit.call<{ data: { role: string; model: string | null }[] }>(
        "GET",
        `/conversations/${id}/messages`,
      );
      assert.deepEqual(
        data.filter(({ role }) => role === "assistant").map(({ model }) => model?.split("?")[0]),
        ["openai/stand-in", "openai/gpt-4o-stand-in", "openai/gpt-4o-stand-in", "openai/gpt-4o-stand-in"],
      );
    },
  },
  {
    name: "one question is put to two models side by side, and one answer gone on with",
    async run(visit) {
      const { page } = visit;
      await openRoom(visit, "openai/stand-in?tokens=20");
      await page.getByRole("button", { name: /^Model:/ }).click();
      await page.getByRole("button", { name: "Compare models…" }).click();
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
      const kept = page.getByRole("listitem").filter({ hasText: "Goes on from here" });
      await kept.getByRole("heading", { name: chosen }).waitFor();
    },
  },
  {
    name: "a question that cannot be kept stays written, and one that cannot be taken back stays in its place",
    options: { expectedStatuses: [0] },
    async run(visit) {
      const { page, line } = visit;
      const model = heldModel(visit, 300, 10);
      if (!model) return;
      await openRoom(visit, model.id);
      await ask(visit, "Count slowly");
      await page.waitForURL(/\/chat\/conv_/);
      await page.getByRole("button", { name: "Stop the answer" }).waitFor();
      await ask(visit, "Kept");
      const next = page.getByRole("list", { name: "Asked next" });
      await next.getByText("Kept").waitFor();
      line.cut();
      await ask(visit, "Not lost");
      const told = page.getByText(/server cannot be reached/);
      await told.waitFor();
      assert.equal(await composer(visit).inputValue(), "Not lost");
      await next.getByRole("button", { name: "Take back “Kept”" }).click();
      await told.waitFor();
      await next.getByText("Kept").waitFor();
      line.mend();
      await page.getByText("Reconnecting…").waitFor({ state: "detached" });
      await page.keyboard.press("Enter");
      await next.getByText("Not lost").waitFor();
      await next.getByRole("button", { name: "Take back “Kept”" }).click();
      await next.getByText("Kept").waitFor({ state: "detached" });
      assert.equal(await composer(visit).inputValue(), "Kept");
      await told.waitFor({ state: "detached" });
      await page.reload();
      await next.getByText("Not lost").waitFor();
      await page.getByRole("button", { name: "Stop the answer" }).click();
    },
  },
  {
    name: "a question waits for the running answer, can be taken back, and is asked by itself",
    async run(visit) {
      const { page } = visit;
      const model = heldModel(visit, 100, 10);
      if (!model) return;
      await openRoom(visit, model.id);
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
      await model.goOn();
      await model.goOn();
      const messages = page.getByRole("region", { name: "Messages", exact: true });
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
