import { requireChoosable } from "../model-access/choose-model.ts";
import { type Problem, refusedField } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import { actIn } from "../workspaces/act-in.ts";
import { withAudit } from "../workspaces/audited.ts";
import { operation } from "../workspaces/operation.ts";
import { toRow } from "./clone-fields.ts";
import { clone, createCloneInput, tags } from "./contract.ts";
import { presentClone } from "./present.ts";
import { insertClone, type NewClone } from "./queries.ts";
import { slugify, withTail } from "./slug.ts";

/** The refusal of a slug that another clone, of any workspace, has. */
export function slugTaken(slug: string): Problem {
  return refusedField("slug", `The address “${slug}” is taken. Choose another.`, "conflict");
}

/** A slug that was asked for is taken as it is (`conflict` where it is gone), one from the name is made free. Throws `validation_failed` for a model that nothing has. */
export const createClone = operation({
  summary: "Create a clone",
  tags,
  action: "clone.write",
  audit: "clone.created",
  input: createCloneInput,
  output: clone,
  async run(caller, { body: { workspace_id, slug: wanted, ...fields } }) {
    const ctx = await actIn(caller, workspace_id, "clone.write");
    await requireChoosable(ctx, { workspaceId: ctx.actor.workspaceId, privacy: fields.privacy }, fields.model);
    const now = ctx.clock.now();
    const row: Omit<NewClone, "slug"> = {
      ...toRow(fields),
      name: fields.name,
      id: newId("clone"),
      workspaceId: ctx.actor.workspaceId,
      createdBy: ctx.actor.userId,
      createdAt: now,
      updatedAt: now,
    };
    const insert = (slug: string) =>
      withAudit(ctx, insertClone(ctx.db, { ...row, slug }), {
        action: "clone.created",
        resource: { kind: "clone", id: row.id },
        details: { name: row.name, visibility: row.visibility ?? "private" },
      });
    const first = wanted ?? slugify(fields.name);
    const [created] = await insert(first);
    if (created) return presentClone(created, 0);
    if (wanted) throw slugTaken(wanted);
    const [second] = await insert(withTail(first));
    if (!second) throw slugTaken(first);
    return presentClone(second, 0);
  },
});
