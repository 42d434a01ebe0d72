import assert from "node:assert/strict";
import { signUp } from "./account.ts";
import { expectNoOverflow } from "./expect.ts";
import type { Journey, Visit } from "./journey.ts";
import { picture } from "./workspaces.ts";

/** Sets both periods on the page of one’s own workspace, in which everything is new: nothing of it is too old. */
async function setPeriods(visit: Visit): Promise<void> {
  const { page, open, call } = visit;
  await signUp(visit);
  const width = page.viewportSize()?.width;
  const { workspace_id } = await call<{ workspace_id: string }>("GET", "/me");
  const { id } = await call<{ id: string }>("POST", "/conversations", { title: "What the engine weaves" });
  await open(`/workspaces/${workspace_id}`);
  const section = page.getByRole("region", { name: "How long conversations are kept" });
  await section.getByLabel("Members’ conversations").fill("9999");
  await section.getByRole("button", { name: "See what would go" }).click();
  await section.getByText("Give whole days, from 1 to 3650.").waitFor();
  await section.getByLabel("Members’ conversations").fill("a year");
  await section.getByRole("button", { name: "See what would go" }).click();
  await section.getByText("Give whole days, from 1 to 3650.").waitFor();
  assert.equal(await section.getByRole("button", { name: "Save" }).count(), 0);

  await section.getByLabel("Members’ conversations").fill("365");
  await section.getByRole("button", { name: "See what would go" }).click();
  await section.getByText("No conversation would be deleted today.").waitFor();
  // What was seen is not what would be saved any more.
  await section.getByLabel("Visitors’ conversations").fill("30");
  assert.equal(await section.getByRole("button", { name: "Save" }).count(), 0);
  await section.getByRole("button", { name: "See what would go" }).click();
  await section.getByRole("button", { name: "Save" }).click();
  await section.getByText("Saved.").waitFor();
  await section.getByText("In force from").waitFor();
  await expectNoOverflow(page, "how long conversations are kept");
  await picture(visit, `retention-${width}`);
  const saved = await call<{ member_days: number; visitor_days: number }>(
    "GET",
    `/workspaces/${workspace_id}/retention`,
  );
  assert.deepEqual([saved.member_days, saved.visitor_days], [365, 30]);
  await call("GET", `/conversations/${id}`);
}

export const retentionJourneys: Journey[] = [
  {
    name: "an owner sees what would go before they say how long conversations are kept",
    options: { expectedStatuses: [422] },
    run: setPeriods,
  },
  {
    name: "how long conversations are kept is set on a phone, in the dark",
    options: { width: 375, scheme: "dark", expectedStatuses: [422] },
    run: setPeriods,
  },
];
