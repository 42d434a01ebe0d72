import { getTalkableClone, getTalkableCloneBySlug } from "../../clones/get-talkable-clone.ts";
import { type CloneRow, listClonePage } from "../../clones/queries.ts";
import { listModelsFor } from "../../model-access/workspace-models.ts";
import { isProblem } from "../../platform/errors.ts";
import type { Context } from "../../workspaces/context.ts";
import { operation } from "../../workspaces/operation.ts";
import { ownerOf } from "../access.ts";
import { anyQuery, type OpenaiModel, openaiModel, openaiModelList, openaiTags } from "./openai-contract.ts";
import { UnknownModel } from "./openai-errors.ts";

const prefix = "clone:";
const maxClones = 1_000;

const ofClone = ({ slug, createdAt }: CloneRow): OpenaiModel => ({
  id: prefix + slug,
  object: "model",
  created: Math.floor(createdAt / 1000),
  owned_by: "understudy",
});
const ofCatalogue = ({ id, provider }: { id: string; provider: string }): OpenaiModel => ({
  id,
  object: "model",
  created: 0,
  owned_by: provider,
});

/** The clone that a model’s name stands for, or null where it is none. Throws `UnknownModel` for one that is not the actor’s to ask. */
export async function cloneNamed(ctx: Context, model: string): Promise<CloneRow | null> {
  if (!model.startsWith(prefix)) return null;
  return getTalkableCloneBySlug(ctx, model.slice(prefix.length)).catch((error) => {
    throw isProblem(error) && error.code === "not_found" ? new UnknownModel(model) : error;
  });
}

/** What the actor may name as a model: their workspace’s clones, then the catalogue; a visitor, the one clone they came for. */
async function modelsFor(ctx: Context): Promise<OpenaiModel[]> {
  const owner = ownerOf(ctx);
  if ("cloneId" in owner) return [ofClone(await getTalkableClone(ctx, owner.cloneId))];
  const [clones, models] = await Promise.all([
    listClonePage(ctx.db, owner.workspaceId, { after: null, limit: maxClones }),
    listModelsFor(ctx, { workspaceId: owner.workspaceId, privacy: null }),
  ]);
  return [...clones.map(ofClone), ...models.map(ofCatalogue)];
}

export const listOpenaiModels = operation({
  summary: "Clones and models, in OpenAI’s wire",
  tags: openaiTags,
  action: "conversation.read",
  query: anyQuery,
  output: openaiModelList,
  run: async (ctx) => ({ object: "list" as const, data: await modelsFor(ctx) }),
});

/** Also a clone that the list has not, and that the actor may talk to. Throws `UnknownModel`. */
export const readOpenaiModel = operation({
  summary: "One of them",
  tags: openaiTags,
  action: "conversation.read",
  params: ["id"],
  query: anyQuery,
  output: openaiModel,
  async run(ctx, { params: { id } }) {
    const clone = await cloneNamed(ctx, id);
    if (clone) return ofClone(clone);
    const found = (await modelsFor(ctx)).find((model) => model.id === id);
    if (!found) throw new UnknownModel(id);
    return found;
  },
});
