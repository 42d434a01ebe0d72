import { workspacesOf } from "../../audit/queries.ts";
import { forgetEverywhere } from "../../platform/changes/changes.ts";
import { iso } from "../../platform/clock.ts";
import { notFound } from "../../platform/errors.ts";
import { paged } from "../../platform/http/paging.ts";
import { audited } from "../audited.ts";
import { platformQuery, platformUserPage, suspensionEnds, suspensionInput, platformTags as tags } from "../contract.ts";
import { operation } from "../operation.ts";
import { listAllUsers, suspendUser as suspend } from "./platform-queries.ts";

export const listUsers = operation({
  summary: "All people, newest first",
  tags,
  action: "platform.read",
  query: platformQuery,
  output: platformUserPage,
  async run({ db }, { query: { query, ...page } }) {
    const { rows, next_cursor } = await paged(
      page,
      (from) => listAllUsers(db, { query, ...from }),
      ({ createdAt, id }) => [createdAt.getTime(), id],
    );
    const data = rows.map(({ id, name, email, platformRole, suspendedAt, createdAt }) => ({
      id,
      name,
      email,
      super_admin: platformRole === "super_admin",
      suspended: suspendedAt !== null,
      created_at: iso(createdAt.getTime()),
    }));
    return { data, next_cursor };
  },
});

/** It is told in the caller’s own log, and in those of the person’s workspaces. */
export const suspendUser = operation({
  summary: "Suspend a person everywhere, or let them in again",
  description: `${suspensionEnds} Whoever runs the installation cannot be suspended.`,
  tags,
  action: "platform.suspend",
  audit: ["account.suspended", "account.resumed"],
  params: ["id"],
  input: suspensionInput,
  done: "Done.",
  async run(ctx, { params: { id }, body: { suspended } }) {
    const action = suspended ? "account.suspended" : "account.resumed";
    const event = { action, resource: { kind: "user", id } } as const;
    const logs = new Set([ctx.actor.workspaceId, ...(await workspacesOf(ctx.db, id))]);
    const audit = await Promise.all(
      [...logs].map((workspaceId) => audited(ctx, event, { workspaceId, condition: "changed" })),
    );
    const isChanged = await suspend(ctx.db, id, suspended ? ctx.clock.now() : null, audit.flat());
    if (!isChanged) throw notFound("person whom you can suspend");
    await forgetEverywhere(ctx, [`user:${id}`]);
  },
});
