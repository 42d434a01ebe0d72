import { deleteModel } from "../../models/box.ts";
import { providerErrorIn } from "../../models/failures.ts";
import { notFound } from "../../platform/errors.ts";
import { recordAudit } from "../../workspaces/audited.ts";
import { operation } from "../../workspaces/operation.ts";
import { boxToChange } from "./reach-box.ts";

/** Throws `not_found` for a model that the box does not have. */
export const deleteBoxModel = operation({
  summary: "Delete a model from the box",
  description: "For whoever runs the installation. Its files go from the box’s disk.",
  tags: ["Models"],
  action: "box.write",
  audit: "model.deleted",
  params: ["name"],
  done: "It is gone.",
  async run(ctx, { params: { name } }) {
    const box = await boxToChange(ctx);
    await deleteModel(box, ctx.env, name).catch((error) => {
      throw providerErrorIn(error)?.status === 404 ? notFound("model on the box") : error;
    });
    await recordAudit(ctx, {
      action: "model.deleted",
      resource: { kind: "model", id: `ollama/${name}` },
      details: { name },
    });
  },
});
