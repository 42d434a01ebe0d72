import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import { withinLimit } from "../models/answer-limit.ts";
import { calledModel } from "../models/ports/called-model.ts";
import type { ChatModel } from "../models/ports/chat-model.ts";
import { promptTokens } from "../models/prompt-tokens.ts";
import { type Allowance, type ModelEnd, type Reader, readModel } from "../models/read-model.ts";
import type { Place } from "../platform/limits/line.ts";
import type { Runtime } from "../platform/runtime.ts";
import { estimateTokens } from "../text/tokens.ts";
import { inLine } from "./box/in-line.ts";
import type { Urgency } from "./box/line-policy.ts";
import { inModelSpan } from "./model-span.ts";
import { recordCall } from "./recorded.ts";
import type { ModelUse, Purpose } from "./use.ts";

/** How a chat model is called. */
interface ChatCall {
  options: LanguageModelV4CallOptions;
  signal: AbortSignal;
  allowance: Allowance;
  /** Ends the wait for a machine that does one thing at a time, and nothing after that. */
  leave?: AbortSignal | undefined;
  /** Told where the call stands in such a line. */
  onPlace?(place: Place): void;
}

/** Who waits for what is made: the person who asked, nobody in particular, or nobody at all. */
const urgencies: Record<Purpose, Urgency> = {
  answer: "person",
  rewriting: "person",
  rerank: "person",
  title: "background",
  summary: "background",
  vision: "batch",
  embedding: "batch",
};

/**
 * Calls a chat model and hands its text over as it comes: the one door to chat models, whoever asks. Where its machine does one thing at a time, it stands in line first. Resolves and
 * throws as `readModel` does, and `model_unavailable` where the machine does not answer, or the wait was too long. What it took is recorded here, but for an answer's, which its turn
 * records together with how it ends.
 */
export const callModel = (
  ctx: Runtime,
  use: ModelUse,
  chat: ChatModel,
  asked: ChatCall,
  reader: Reader,
): Promise<ModelEnd | null> => {
  const call = { ...asked, options: withinLimit(chat.info, asked.options) };
  return inModelSpan(ctx, use, chat, call, reader, (inner, watched) => recorded(inner, use, chat, call, watched));
};

/** Calls a model, once it is its turn where its machine does one thing at a time. */
async function ask(
  ctx: Runtime,
  { purpose, cloneId }: ModelUse,
  { connection, info, model }: ChatModel,
  { options, signal, allowance, leave, onPlace }: ChatCall,
  reader: Reader,
): Promise<ModelEnd | null> {
  const standing = { model: info.name, cloneId, urgency: urgencies[purpose] };
  return inLine(ctx, connection, standing, { signal, leave, onPlace }, (held) =>
    readModel(model, options, held, allowance, reader),
  );
}

/** Calls a model, and records what that took where nobody else does. */
async function recorded(
  ctx: Runtime,
  use: ModelUse,
  chat: ChatModel,
  how: ChatCall,
  reader: Reader,
): Promise<ModelEnd | null> {
  if (use.purpose === "answer") return ask(ctx, use, chat, how, reader);
  const startedAt = ctx.clock.now();
  let said = "";
  const onText = (text: string) => {
    said += text;
    return reader.onText(text);
  };
  const record = (end: ModelEnd | null, outcome: "complete" | "failed") => {
    const call = { counted: end ?? {}, startedAt, firstTokenMs: end?.firstTokenMs ?? null, outcome };
    // A rough estimate does: these calls are short, and an answer may be waiting for what comes of one.
    const estimate = { promptTokens: promptTokens(how.options.prompt), completionTokens: estimateTokens(said) };
    recordCall(ctx, use, calledModel(chat.info, chat.connection), call, estimate);
  };
  try {
    const end = await ask(ctx, use, chat, how, { ...reader, onText });
    record(end, "complete");
    return end;
  } catch (error) {
    // Of what failed before its first token no provider takes anything: that leaves no event.
    if (said !== "") record(null, "failed");
    throw error;
  }
}
