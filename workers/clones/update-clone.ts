import { requireChoosable } from "../model-access/choose-model.ts";
import { notFound } from "../platform/errors.ts";
import { withAudit } from "../workspaces/audited.ts";
import { operation } from "../workspaces/operation.ts";
import { cloneChanged } from "./clone-changes.ts";
import { clone, tags, updateCloneInput } from "./contract.ts";
import { slugTaken } from "./create-clone.ts";
import { presentClone } from "./present.ts";
import { changeClone, countDocuments, findAnyClone } from "./queries.ts";

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
    const { source_access, ...fields } = body;
    const { workspaceId } = ctx.actor;
    if (fields.model !== undefined && fields.model !== null) {
      const before = await findAnyClone(ctx.db, { id });
      if (before?.workspaceId !== workspaceId) throw notFound("clone");
      await requireChoosable(ctx, { workspaceId, privacy: null }, fields.model, before.model);
    }
    const changes = {
      ...fields,
      ...(source_access === undefined ? {} : { sourceAccess: source_access }),
      updatedAt: ctx.clock.now(),
    };
    try {
      const [row] = await withAudit(ctx, changeClone(ctx.db, workspaceId, id, changes), {
        action: "clone.changed",
        resource: { kind: "clone", id },
        details: { fields: Object.keys(body), ...(fields.visibility && { visibility: fields.visibility }) },
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
