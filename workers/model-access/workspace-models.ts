import { chosenEmbedder, type ListedModel, listModels } from "../models/available-models.ts";
import { modelOfJob } from "../models/jobs.ts";
import type { ChatModel } from "../models/ports/chat-model.ts";
import type { Embedder } from "../models/ports/embedder.ts";
import type { Reranker } from "../models/ports/reranker.ts";
import type { VisionModel } from "../models/ports/vision-model.ts";
import {
  calledAt,
  chatModelAt,
  installationConnections,
  resolveChatModel,
  resolveEmbedder,
  resolveReranker,
  resolveVisionModel,
} from "../models/registry.ts";
import type { Runtime } from "../platform/runtime.ts";
import { embedderInLine, visionInLine } from "./box/in-line.ts";
import { boundTo, connectionsOf } from "./connections.ts";
import { recordedEmbedder, recordedReranker, recordedVision } from "./recorded.ts";
import type { ModelUse, Payer, Privacy } from "./use.ts";

/** The chat model of an id, or the default for null, paid by a workspace. Throws as `resolveChatModel`, and `SecretBoxError`. */
export const chatModelFor = (ctx: Runtime, payer: Payer, id: string | null): Promise<ChatModel> =>
  resolveChatModel(ctx, connectionsOf(ctx, payer), id);

/** The model for what is short and keeps nobody waiting, where the installation has one that may be asked; null where it has not. Throws `SecretBoxError`. */
export async function fastModelFor(ctx: Runtime, payer: Payer): Promise<ChatModel | null> {
  const connections = connectionsOf(ctx, payer);
  const id = await modelOfJob(ctx, connections, "fast");
  return id === null ? null : chatModelAt(ctx, connections, id);
}

/** The embedder of an id, or the default for null, whose calls are charged as its use says. Throws as `resolveEmbedder`, and `SecretBoxError`. */
export async function embedderFor(ctx: Runtime, use: ModelUse, id: string | null): Promise<Embedder> {
  const connections = connectionsOf(ctx, use);
  const embedder = await resolveEmbedder(ctx, connections, id);
  const at = await calledAt(ctx, connections, embedder.id, "embedder");
  return at ? recordedEmbedder(ctx, use, at.called, embedderInLine(ctx, use, at.connection, embedder)) : embedder;
}

/** The embedder that somebody chooses for a workspace. Throws `validation_failed` for one that nothing has, and `SecretBoxError`. */
export const chosenEmbedderFor = (ctx: Runtime, payer: Payer, id: string): Promise<Embedder> =>
  chosenEmbedder(ctx, connectionsOf(ctx, payer), id);

/** The reranker of an id, or the default for null, whose calls are charged as its use says. Throws as `resolveReranker`. */
export async function rerankerFor(ctx: Runtime, use: ModelUse, id: string | null): Promise<Reranker | null> {
  const connections = connectionsOf(ctx, use);
  const reranker = await resolveReranker(ctx, connections, id);
  const at = reranker && (await calledAt(ctx, connections, reranker.id, "reranker"));
  return at ? recordedReranker(ctx, use, at.called, reranker) : reranker;
}

/** Refuses a reranker that somebody chooses for a workspace, and which is not set up. Throws as `resolveReranker`. */
export async function requireReranker(ctx: Runtime, payer: Payer, id: string): Promise<void> {
  await resolveReranker(ctx, connectionsOf(ctx, payer), id);
}

/** The model that reads pictures, whose calls are charged as its use says. Throws as `resolveVisionModel`, and `SecretBoxError`. */
export async function visionModelFor(ctx: Runtime, use: ModelUse): Promise<VisionModel | null> {
  const connections = connectionsOf(ctx, use);
  const vision = await resolveVisionModel(ctx, connections);
  const at = vision && (await calledAt(ctx, connections, vision.id, "chatModel"));
  return at ? recordedVision(ctx, use, at.called, visionInLine(ctx, use, at.connection, vision)) : vision;
}

/** Every model that a workspace can choose now, the default first. Throws `SecretBoxError`. */
export const listModelsFor = (ctx: Runtime, payer: Payer): Promise<ListedModel[]> =>
  listModels(ctx, connectionsOf(ctx, payer));

/** The embedder of whoever chose none, by the installation's own connections, as far as something is bound. */
export const defaultEmbedder = (ctx: Runtime, privacy: Privacy = null): Promise<Embedder> =>
  resolveEmbedder(ctx, boundTo(privacy, installationConnections(ctx)), null);
