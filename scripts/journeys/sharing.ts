import type { Browser } from "playwright-core";
import { makeClone, signUp } from "./account.ts";
import { eventually, expectNoOverflow } from "./expect.ts";
import { type Journey, newContext, type Visit } from "./journey.ts";
import { makeWorkspace, picture } from "./workspaces.ts";

async function share(visit: Visit): Promise<void> {
  const { page } = visit;
  await signUp(visit);
  await makeWorkspace(visit, "Garden club");
  const clone = await makeClone(visit, { name: "Gardener", model: "openai/stand-in?reply=In%20late%20winter." });
  const title = "Quinces";
  const { id } = await visit.call<{ id: string }>("POST", "/conversations", { clone_id: clone.id, title });
  await visit.call("POST", `/conversations/${id}/messages`, { content: "When do I prune a quince?" });
  await visit.open("/chat");
  const isNarrow = (page.viewportSize()?.width ?? 0) < 700;
  const list = async () => {
    if (isNarrow) await page.getByRole("button", { name: "Conversations", exact: true }).click();
  };
  await list();
  await page.getByRole("button", { name: `More about “${title}”` }).click();
  await page.getByRole("menuitem", { name: "Share" }).click();
  const dialog = page.getByRole("dialog", { name: "Share" });
  await dialog.getByRole("button", { name: "Make a link" }).click();
  const link = new URL((await dialog.locator("code").innerText()).trim());
  await dialog.getByRole("button", { name: "Share with the workspace" }).click();
  await dialog.getByText("Everybody in the workspace", { exact: true }).waitFor();
  await expectNoOverflow(page, "the dialog");
  await picture(visit, `share-dialog-${page.viewportSize()?.width}`);

  const browser = visit.context.browser() as Browser;
  const stranger = await newContext(browser, {
    viewport: page.viewportSize(),
    colorScheme: isNarrow ? "dark" : "light",
  });
  try {
    const reader = await stranger.newPage();
    await reader.goto(visit.base + link.pathname);
    await reader.getByRole("heading", { name: title, level: 1 }).waitFor();
    await reader.getByText("When do I prune a quince?").waitFor();
    await reader.getByText("In late winter.").waitFor();
    await expectNoOverflow(reader, "the shared conversation");
    await picture({ ...visit, page: reader }, `shared-${page.viewportSize()?.width}`);

    await dialog.getByRole("button", { name: "End sharing with: whoever has the link" }).click();
    await dialog.getByText("Whoever has the link").waitFor({ state: "detached" });
    await eventually(
      "the link has ended",
      async () => (await reader.goto(visit.base + link.pathname))?.status() === 404,
    );
  } finally {
    await stranger.close();
  }

  await visit.open("/shared");
  await page.getByRole("list", { name: "Shared conversations" }).getByRole("link", { name: title }).click();
  await page.getByText("In late winter.").waitFor();
  await expectNoOverflow(page, "the conversation that is shared with the workspace");
}

export const sharingJourneys: Journey[] = [
  { name: "a conversation is shared by a link and with the workspace, and the link is ended", run: share },
  { name: "sharing on a phone, in the dark", options: { width: 375, scheme: "dark" }, run: share },
];
