import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import { calledModel } from "../models/ports/called-model.ts";
import type { ChatModel } from "../models/ports/chat-model.ts";
import { promptTokens } from "../models/prompt-tokens.ts";
import { type Allowance, type ModelEnd, type Reader, readModel } from "../models/read-model.ts";
import type { Runtime } from "../platform/runtime.ts";
import { estimateTokens } from "../text/tokens.ts";
import { recordCall } from "./recorded.ts";
import type { ModelUse } from "./use.ts";

/** How a chat model is called. */
interface ChatCall {
  options: LanguageModelV4CallOptions;
  signal: AbortSignal;
  allowance: Allowance;
}

/**
 * Calls a chat model and hands its text over as it comes: the one door to chat models, whoever asks. Resolves and throws as `readModel` does. What it took
 * is recorded here, but for an answer's, which its turn records together with how it ends.
 */
export async function callModel(
  ctx: Runtime,
  use: ModelUse,
  chat: ChatModel,
  { options, signal, allowance }: ChatCall,
  reader: Reader,
): Promise<ModelEnd | null> {
  const ask = (told: Reader) => readModel(chat.model, options, signal, allowance, told);
  if (use.purpose === "answer") return ask(reader);
  const startedAt = ctx.clock.now();
  let said = "";
  const onText = (text: string) => {
    said += text;
    return reader.onText(text);
  };
  const record = (end: ModelEnd | null, outcome: "complete" | "failed") => {
    const call = { counted: end ?? {}, startedAt, firstTokenMs: end?.firstTokenMs ?? null, outcome };
    // A rough estimate does: these calls are short, and an answer may be waiting for what comes of one.
    const estimate = { promptTokens: promptTokens(options.prompt), completionTokens: estimateTokens(said) };
    recordCall(ctx, use, calledModel(chat.info, chat.connection), call, estimate);
  };
  try {
    const end = await ask({ ...reader, onText });
    record(end, "complete");
    return end;
  } catch (error) {
    // Of what failed before its first token no provider takes anything: that leaves no event.
    if (said !== "") record(null, "failed");
    throw error;
  }
}
