import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import { newAddress, signUp } from "./account.ts";
import { eventually, expectNoOverflow } from "./expect.ts";
import { callOf, type Journey, newContext, type Visit } from "./journey.ts";

/** Where pictures of the pages go, for people to look at; none are taken where it is not set. */
const pictures = process.env.JOURNEYS_PICTURES;

export async function picture({ page }: Visit, name: string): Promise<void> {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
}

/** A browser of somebody else, signed up with an address of its own. */
async function somebodyElse(visit: Visit, name: string): Promise<{ visit: Visit; email: string; id: string }> {
  const browser = visit.context.browser() as Browser;
  const context = await newContext(browser, { viewport: visit.page.viewportSize() });
  const page = await context.newPage();
  const email = newAddress(name);
  const call = callOf(context, visit.base);
  const open = async (path: string) => {
    await page.goto(visit.base + path);
    await page.waitForSelector("html[data-ready]", { state: "attached" });
  };
  const { user } = await call<{ user: { id: string } }>("POST", "/auth/register", {
    email,
    name,
    password: "correct horse battery",
  });
  return { visit: { ...visit, page, context, call, open }, email, id: user.id };
}

/** Makes a workspace through its page; ends on it. */
export async function makeWorkspace(visit: Visit, name: string): Promise<string> {
  await visit.open("/workspaces/new");
  await visit.page.getByLabel("Name", { exact: true }).fill(name);
  await visit.page.getByRole("button", { name: "Create workspace" }).click();
  await visit.page.getByRole("heading", { name, level: 1 }).waitFor();
  return visit.page.url().split("/").at(-1) ?? "";
}

async function share(visit: Visit, name: string): Promise<void> {
  const { page } = visit;
  await signUp(visit);
  await makeWorkspace(visit, name);
  const ben = await somebodyElse(visit, "Benjamin");
  try {
    await page.getByLabel("E-mail").fill(ben.email);
    await page.getByLabel("Role", { exact: true }).selectOption("viewer");
    await page.getByRole("button", { name: "Invite" }).click();
    await page.getByText(`The link was mailed to ${ben.email}`).waitFor();
    const link = new URL((await page.locator("code").first().innerText()).trim());
    await page.getByRole("list", { name: "Invitations" }).getByText(ben.email).waitFor();
    await expectNoOverflow(page, "the workspace with an invitation");
    await picture(visit, `workspace-invited-${page.viewportSize()?.width}-${name}`);

    await ben.visit.open(link.pathname);
    await expectNoOverflow(ben.visit.page, "the invitation");
    await picture(ben.visit, `join-${page.viewportSize()?.width}`);
    await ben.visit.page.getByRole("button", { name: `Join ${name}` }).click();
    await ben.visit.page.waitForURL("**/clones");
    // A viewer is offered nothing that the API would refuse.
    await ben.visit.page.getByText("No clones yet").waitFor();
    assert.equal(await ben.visit.page.getByRole("link", { name: "New clone" }).count(), 0);

    await page.reload();
    const people = page.getByRole("list", { name: "People" });
    await people.getByText(ben.email).waitFor();
    await page.getByRole("button", { name: "More about Benjamin" }).click();
    await page.getByRole("menuitemradio", { name: "Member" }).click();
    await people.getByText("Member", { exact: true }).waitFor();
    await ben.visit.open("/clones");
    await ben.visit.page.getByRole("link", { name: "New clone" }).first().waitFor();

    await page.getByRole("button", { name: "More about Benjamin" }).click();
    await page.getByRole("menuitem", { name: "Suspend" }).click();
    await people.getByText("Suspended").waitFor();
    await expectNoOverflow(page, "the workspace");
    await picture(visit, `workspace-${page.viewportSize()?.width}-${name}`);
    await eventually("the suspended member’s app is back in their own workspace", async () => {
      const { workspace_id, workspaces } = await ben.visit.call<{
        workspace_id: string;
        workspaces: { id: string; kind: string }[];
      }>("GET", "/me");
      return workspaces.find(({ id }) => id === workspace_id)?.kind === "personal";
    });

    await page.getByRole("button", { name: "More about Benjamin" }).click();
    await page.getByRole("menuitem", { name: "Remove" }).click();
    await page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
    await people.getByText(ben.email).waitFor({ state: "detached" });
  } finally {
    await ben.visit.context.close();
  }
}

export const workspaceJourneys: Journey[] = [
  {
    name: "a workspace is made, somebody joins by a link, and their role decides what they are offered",
    run: (visit) => share(visit, "Laboratory"),
  },
  {
    name: "a workspace is shared on a phone, in the dark",
    options: { width: 375, scheme: "dark" },
    run: (visit) => share(visit, "Workshop"),
  },
  {
    name: "workspaces are switched in the header, taken out and erased by their owner",
    options: { expectedStatuses: [422] },
    async run(visit) {
      const { page, open } = visit;
      await signUp(visit);
      await visit.call("POST", "/clones", { name: "Private mentor" });
      const id = await makeWorkspace(visit, "Second shift");
      await open("/clones");
      await page.getByText("Make your first clone").waitFor();
      await page.getByRole("button", { name: "Workspace Second shift" }).click();
      await picture(visit, "switcher");
      await page.getByRole("menuitemradio", { name: "Ada Lovelace’s workspace" }).click();
      await page.getByText("Private mentor").waitFor();
      await open(`/workspaces/${id}`);
      await page.getByLabel("Name of the workspace").fill("Third shift");
      await page.getByRole("button", { name: "Rename" }).click();
      await page.getByRole("heading", { name: "Third shift", level: 1 }).waitFor();
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: "Download everything" }).click();
      const file = await download;
      assert.match(file.suggestedFilename(), /^understudy-workspace-\d{4}-\d\d-\d\d\.zip$/);
      // How a ZIP begins, and names its first file.
      const head = readFileSync(await file.path()).toString("latin1", 0, 60);
      assert.ok(head.startsWith("PK") && head.includes("workspace.json"), head);
      await picture(visit, "workspace-end");
      await page.getByLabel("Your password").fill("not the password");
      await page.getByRole("button", { name: "Erase workspace for good" }).click();
      await page.getByText("This is not your password.").waitFor();
      await page.getByLabel("Your password").fill("the engine weaves patterns");
      await page.getByRole("button", { name: "Erase workspace for good" }).click();
      await page.getByRole("heading", { name: "Your workspace is closed" }).waitFor();
      assert.match(page.url(), /\/erased\/[\w.-]+$/);
      await picture(visit, "workspace-erased");
      assert.equal((await visit.call<{ data: object[] }>("GET", "/workspaces")).data.length, 1);
    },
  },
];
