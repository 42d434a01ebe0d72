import type { LanguageModelV4 } from "@ai-sdk/provider";
import type { Connection } from "../../ports/connection.ts";
import type { Embedder } from "../../ports/embedder.ts";
import { ChunkReader } from "../openai-compatible/chunk-reader.ts";
import { sdkEmbedder } from "../sdk-embedder.ts";
import { sdkModel, type Take } from "../sdk-model.ts";
import { type AiBinding, bindingFor } from "./binding.ts";

async function sdkFor(ai: AiBinding, take?: Take) {
  const { createWorkersAI } = await import("workers-ai-provider");
  return createWorkersAI({ binding: bindingFor(ai, take) as Ai });
}

/** The chat model `name` of Workers AI, such as `@cf/google/gemma-4-26b-a4b-it`. */
export function workersAiChatModel(connection: Connection, name: string, ai: AiBinding): LanguageModelV4 {
  const habits = { omitsOpening: false, isPlain: false };
  return sdkModel({
    connection,
    name,
    make: async (take) => (await sdkFor(ai, take))(name),
    createReader: (emit) => new ChunkReader(name, habits, emit),
  });
}

/** The embedding model `name` of Workers AI, such as `@cf/baai/bge-m3`. */
export const workersAiEmbedder = (connection: Connection, name: string, ai: AiBinding): Embedder =>
  sdkEmbedder({ connection, name, batchSize: 100, make: async (model) => (await sdkFor(ai)).textEmbedding(model) });
