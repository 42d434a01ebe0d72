import type { z } from "zod";
import { requireChoosable } from "../model-access/choose-model.ts";
import { Problem } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import { withAudit } from "../workspaces/audited.ts";
import type { Context, UserActor } from "../workspaces/context.ts";
import type { createCloneInput } from "./contract.ts";
import { type CloneRow, insertClone, type NewClone } from "./queries.ts";
import { slugify, withTail } from "./slug.ts";

/** The refusal of a slug that another clone, of any workspace, has. */
export function slugTaken(slug: string): Problem {
  const message = `The address “${slug}” is taken. Choose another.`;
  return new Problem("conflict", message, { errors: [{ path: "slug", message }] });
}

/** Creates a clone. A slug that was asked for is taken as it is (`conflict` where it is gone), one from the name is made free. Throws `validation_failed` for a model that nothing has. */
export async function createClone(
  ctx: Context<UserActor>,
  input: Omit<z.output<typeof createCloneInput>, "workspace_id">,
): Promise<CloneRow> {
  await requireChoosable(ctx, ctx.actor.workspaceId, input.model);
  const now = ctx.clock.now();
  const { slug: wanted, source_access, ...fields } = input;
  const row: Omit<NewClone, "slug"> = {
    ...fields,
    id: newId("clone"),
    workspaceId: ctx.actor.workspaceId,
    sourceAccess: source_access,
    createdBy: ctx.actor.userId,
    createdAt: now,
    updatedAt: now,
  };
  const first = wanted ?? slugify(input.name);
  const insert = (slug: string) =>
    withAudit(ctx, insertClone(ctx.db, { ...row, slug }), {
      action: "clone.created",
      resource: { kind: "clone", id: row.id },
      details: { name: row.name, visibility: row.visibility ?? "private" },
    });
  const [created] = await insert(first);
  if (created) return created;
  if (wanted) throw slugTaken(wanted);
  const [second] = await insert(withTail(first));
  if (!second) throw slugTaken(first);
  return second;
}
