import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import type { ChatModel } from "../models/ports/chat-model.ts";
import { type Allowance, type ModelEnd, type Reader, readModel } from "../models/read-model.ts";
import type { Place } from "../platform/limits/line.ts";
import type { Runtime } from "../platform/runtime.ts";
import { inSpan } from "../platform/tracing/in-span.ts";
import { enterBox } from "./box/enter-box.ts";
import type { Urgency } from "./box/line-policy.ts";
import { inModelSpan } from "./model-span.ts";
import type { ModelUse, Purpose } from "./use.ts";

/** How a chat model is called. */
interface ChatCall {
  options: LanguageModelV4CallOptions;
  signal: AbortSignal;
  allowance: Allowance;
  /** Ends the wait for a machine that does one thing at a time, and nothing after that. */
  leave?: AbortSignal;
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
 * throws as `readModel` does, and `model_unavailable` where the machine does not answer, or the wait was too long.
 */
export const callModel = (
  ctx: Runtime,
  use: ModelUse,
  chat: ChatModel,
  call: ChatCall,
  reader: Reader,
): Promise<ModelEnd | null> =>
  inModelSpan(ctx, use, chat, call, reader, (inner, watched) => ask(inner, use, chat, call, watched));

async function ask(
  ctx: Runtime,
  { purpose, cloneId }: ModelUse,
  chat: ChatModel,
  { options, signal, allowance, leave, onPlace }: ChatCall,
  reader: Reader,
): Promise<ModelEnd | null> {
  const { connection, info } = chat;
  if (!connection?.hasLine) return readModel(chat.model, options, signal, allowance, reader);
  const waiting = leave ? AbortSignal.any([signal, leave]) : signal;
  const wanted = { model: info.name, cloneId, urgency: urgencies[purpose] };
  const held = await inSpan(ctx, "queue", {}, () => enterBox(ctx, connection, wanted, { signal: waiting, onPlace }));
  try {
    const both = AbortSignal.any([signal, held.lost]);
    return await readModel(chat.model, options, both, allowance, reader);
  } finally {
    held.release();
  }
}
