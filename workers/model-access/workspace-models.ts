import { chosenEmbedder, type ListedModel, listModels } from "../models/available-models.ts";
import { modelOfJob } from "../models/jobs.ts";
import type { ChatModel } from "../models/ports/chat-model.ts";
import type { Embedder } from "../models/ports/embedder.ts";
import type { Reranker } from "../models/ports/reranker.ts";
import type { VisionModel } from "../models/ports/vision-model.ts";
import {
  chatModelAt,
  installationConnections,
  resolveChatModel,
  resolveEmbedder,
  resolveReranker,
  resolveVisionModel,
} from "../models/registry.ts";
import type { Runtime } from "../platform/runtime.ts";
import { boundTo, connectionsOf } from "./connections.ts";
import type { Payer, Privacy } from "./use.ts";

/** The chat model of an id, or the default for null, paid by a workspace. Throws as `resolveChatModel`, and `SecretBoxError`. */
export const chatModelFor = (ctx: Runtime, payer: Payer, id: string | null): Promise<ChatModel> =>
  resolveChatModel(ctx, connectionsOf(ctx, payer), id);

/** The model for what is short and keeps nobody waiting, where the installation has one that may be asked; null where it has not. Throws `SecretBoxError`. */
export async function fastModelFor(ctx: Runtime, payer: Payer): Promise<ChatModel | null> {
  const connections = connectionsOf(ctx, payer);
  const id = await modelOfJob(ctx, connections, "fast");
  return id === null ? null : chatModelAt(ctx, connections, id);
}

/** The embedder of an id, or the default for null, paid by a workspace. Throws as `resolveEmbedder`, and `SecretBoxError`. */
export const embedderFor = (ctx: Runtime, payer: Payer, id: string | null): Promise<Embedder> =>
  resolveEmbedder(ctx, connectionsOf(ctx, payer), id);

/** The embedder that somebody chooses for a workspace. Throws `validation_failed` for one that nothing has, and `SecretBoxError`. */
export const chosenEmbedderFor = (ctx: Runtime, payer: Payer, id: string): Promise<Embedder> =>
  chosenEmbedder(ctx, connectionsOf(ctx, payer), id);

/** The reranker of an id, or the default for null, paid by a workspace. Throws as `resolveReranker`. */
export const rerankerFor = (ctx: Runtime, payer: Payer, id: string | null): Promise<Reranker | null> =>
  resolveReranker(ctx, connectionsOf(ctx, payer), id);

/** The model that reads a workspace's pictures. Throws as `resolveVisionModel`, and `SecretBoxError`. */
export const visionModelFor = (ctx: Runtime, payer: Payer): Promise<VisionModel | null> =>
  resolveVisionModel(ctx, connectionsOf(ctx, payer));

/** Every model that a workspace can choose now, the default first. Throws `SecretBoxError`. */
export const listModelsFor = (ctx: Runtime, payer: Payer): Promise<ListedModel[]> =>
  listModels(ctx, connectionsOf(ctx, payer));

/** The embedder of whoever chose none, by the installation's own connections, as far as something is bound. */
export const defaultEmbedder = (ctx: Runtime, privacy: Privacy = null): Promise<Embedder> =>
  resolveEmbedder(ctx, boundTo(privacy, installationConnections(ctx)), null);
