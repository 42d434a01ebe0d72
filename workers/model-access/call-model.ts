import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import type { ChatModel } from "../models/ports/chat-model.ts";
import { type Allowance, type ModelEnd, type Reader, readModel } from "../models/read-model.ts";
import type { Runtime } from "../platform/runtime.ts";
import type { ModelUse } from "./use.ts";

/** How a chat model is called. */
interface ChatCall {
  options: LanguageModelV4CallOptions;
  signal: AbortSignal;
  allowance: Allowance;
}

/**
 * Calls a chat model and hands its text over as it comes: the one door to chat models, whoever asks. Resolves and throws as `readModel` does.
 */
export function callModel(
  _ctx: Runtime,
  _use: ModelUse,
  chat: ChatModel,
  { options, signal, allowance }: ChatCall,
  reader: Reader,
): Promise<ModelEnd | null> {
  return readModel(chat.model, options, signal, allowance, reader);
}
