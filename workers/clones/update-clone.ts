import type { z } from "zod";
import { requireChoosable } from "../model-access/choose-model.ts";
import { notFound } from "../platform/errors.ts";
import { withAudit } from "../workspaces/audited.ts";
import type { Context, UserActor } from "../workspaces/context.ts";
import type { updateCloneInput } from "./contract.ts";
import { slugTaken } from "./create-clone.ts";
import { type CloneRow, changeClone, findAnyClone } from "./queries.ts";

/** Changes the given fields of a clone. Throws `not_found`, `conflict` for a slug that is taken, `validation_failed` for a model that nothing has. */
export async function updateClone(
  ctx: Context<UserActor>,
  id: string,
  input: z.output<typeof updateCloneInput>,
): Promise<CloneRow> {
  const { source_access, ...fields } = input;
  if (fields.model !== undefined && fields.model !== null) {
    const before = await findAnyClone(ctx.db, { id });
    if (before?.workspaceId !== ctx.actor.workspaceId) throw notFound("clone");
    await requireChoosable(ctx, before.workspaceId, fields.model, before.model);
  }
  const changes = {
    ...fields,
    ...(source_access === undefined ? {} : { sourceAccess: source_access }),
    updatedAt: ctx.clock.now(),
  };
  try {
    const [row] = await withAudit(ctx, changeClone(ctx.db, ctx.actor.workspaceId, id, changes), {
      action: "clone.changed",
      resource: { kind: "clone", id },
      details: { fields: Object.keys(input), ...(fields.visibility && { visibility: fields.visibility }) },
    });
    if (!row) throw notFound("clone");
    return row;
  } catch (cause) {
    // The unique index settles the race; who holds the slug now tells whether that is what failed.
    const holder = input.slug === undefined ? undefined : await findAnyClone(ctx.db, { slug: input.slug });
    if (input.slug !== undefined && holder && holder.id !== id) throw slugTaken(input.slug);
    throw cause;
  }
}
