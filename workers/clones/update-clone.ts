import type { z } from "zod";
import { requireChoosable } from "../model-access/choose-model.ts";
import { notFound } from "../platform/errors.ts";
import { withAudit } from "../workspaces/audited.ts";
import type { Context, UserActor } from "../workspaces/context.ts";
import { operation } from "../workspaces/operation.ts";
import { cloneChanged } from "./clone-changes.ts";
import { toRow } from "./clone-fields.ts";
import { clone, tags, updateCloneInput } from "./contract.ts";
import { slugTaken } from "./create-clone.ts";
import { presentClone } from "./present.ts";
import { changeClone, countDocuments, findAnyClone } from "./queries.ts";

/** A model, and what the clone is bound to, that go together: each as it is given, else as it was. */
async function requireAgreeing(
  ctx: Context<UserActor>,
  id: string,
  given: z.output<typeof updateCloneInput>,
): Promise<void> {
  const { workspaceId } = ctx.actor;
  const before = await findAnyClone(ctx.db, { id });
  if (before?.workspaceId !== workspaceId) throw notFound("clone");
  const { model = before.model, privacy = before.privacy } = given;
  // What was chosen before is only asked about where it may not be reached any more.
  await requireChoosable(ctx, { workspaceId, privacy }, model, privacy === before.privacy ? before.model : null);
}

/** Throws `not_found`, `conflict` for a slug that is taken, `validation_failed` for a model that nothing has. */
export const updateClone = operation({
  summary: "Change a clone; publish it by its visibility",
  tags,
  action: "clone.write",
  audit: "clone.changed",
  params: ["id"],
  input: updateCloneInput,
  output: clone,
  async run(ctx, { params: { id }, body }) {
    const { workspaceId } = ctx.actor;
    if (body.model || body.privacy) await requireAgreeing(ctx, id, body);
    const changes = { ...toRow(body), updatedAt: ctx.clock.now() };
    try {
      const [row] = await withAudit(ctx, changeClone(ctx.db, workspaceId, id, changes), {
        action: "clone.changed",
        resource: { kind: "clone", id },
        details: { fields: Object.keys(body), ...(body.visibility && { visibility: body.visibility }) },
      });
      if (!row) throw notFound("clone");
      await cloneChanged(ctx, id);
      const counts = await countDocuments(ctx.db, workspaceId);
      return presentClone(row, counts.get(id) ?? 0);
    } catch (cause) {
      // The unique index settles the race; who holds the slug now tells whether that is what failed.
      const holder = body.slug === undefined ? undefined : await findAnyClone(ctx.db, { slug: body.slug });
      if (body.slug !== undefined && holder && holder.id !== id) throw slugTaken(body.slug);
      throw cause;
    }
  },
});
