import type { LanguageModelV4CallOptions } from "@ai-sdk/provider";
import { classifyModelFailure } from "../models/failures.ts";
import type { ChatModel } from "../models/ports/chat-model.ts";
import type { ModelEnd, Reader } from "../models/read-model.ts";
import type { Runtime } from "../platform/runtime.ts";
import { measureCall } from "../platform/tracing/export-spans.ts";
import { genAi, modelNamed, own } from "../platform/tracing/gen-ai-names.ts";
import { inSpan } from "../platform/tracing/in-span.ts";
import type { ModelUse, Payer } from "./use.ts";

/** Of a question or an answer, so many characters are sent. */
const mostContent = 32_000;

/** Whether what is asked and answered may be sent to the collector: never what is bound to the owner's own machines. */
function maySend({ config }: Runtime, { workspaceId, privacy }: Payer): boolean {
  const allowed = config.OTLP_CONTENT;
  if (config.OTLP_ENDPOINT === undefined || allowed === "off" || privacy === "own") return false;
  return allowed === "on" || allowed.includes(workspaceId);
}

/** A prompt in the form of the conventions; what is no text is only named. */
function messagesIn({ prompt }: LanguageModelV4CallOptions): string {
  const messages = prompt.map(({ role, content }) => ({
    role,
    parts:
      typeof content === "string"
        ? [{ type: "text", content }]
        : content.map((part) => (part.type === "text" ? { type: "text", content: part.text } : { type: part.type })),
  }));
  return JSON.stringify(messages).slice(0, mostContent);
}

const answered = (content: string) =>
  JSON.stringify([{ role: "assistant", parts: [{ type: "text", content: content.slice(0, mostContent) }] }]);

/** Does a call of a chat model as a span: what was asked of whom, when the first piece came, and how it ended. `call` reads by the reader that it is handed. */
export function inModelSpan(
  ctx: Runtime,
  use: ModelUse,
  { info }: ChatModel,
  { options, signal }: { options: LanguageModelV4CallOptions; signal: AbortSignal },
  reader: Reader,
  call: (ctx: Runtime, reader: Reader) => Promise<ModelEnd | null>,
): Promise<ModelEnd | null> {
  const asked = {
    [genAi.operation]: "chat",
    ...modelNamed(info.id),
    [genAi.temperature]: options.temperature,
    [genAi.topP]: options.topP,
    [genAi.maxTokens]: options.maxOutputTokens,
    [genAi.conversationId]: use.conversationId,
    [own.lane]: info.lane,
  };
  const name = use.purpose === "answer" ? "model" : use.purpose;
  return inSpan(ctx, name, asked, async (inner, span) => {
    const isSent = maySend(ctx, use);
    const watched = watch(reader, isSent);
    if (isSent) span.say(genAi.inputMessages, messagesIn(options));
    const askedAt = Date.now();
    let [end, why]: [ModelEnd | null, string | null] = [null, null];
    try {
      end = await call(inner, watched.reader);
      span.set({
        [genAi.responseModel]: info.name,
        [genAi.finishReasons]: [end?.reason ?? "length"],
        [genAi.inputTokens]: end?.promptTokens,
        [genAi.outputTokens]: end?.completionTokens,
      });
      return end;
    } catch (error) {
      const failure = classifyModelFailure(error);
      why = signal.aborted ? "stopped" : (failure.kind ?? failure.code);
      span.fail(why);
      throw error;
    } finally {
      measureCall(ctx, { operation: "chat", model: info.id, durationMs: Date.now() - askedAt, error: why, ...end });
      span.set({ [genAi.firstChunk]: watched.firstSeconds() });
      if (isSent) span.say(genAi.outputMessages, answered(watched.text()));
    }
  });
}

/** A reader that notes when the first piece came, and keeps the text where that is sent: a comparison or two a piece. */
function watch(reader: Reader, keepsText: boolean) {
  const askedAt = Date.now();
  let firstAt: number | null = null;
  let said = "";
  const watched: Reader = {
    ...reader,
    onText(text) {
      firstAt ??= Date.now();
      if (keepsText && said.length < mostContent) said += text;
      return reader.onText(text);
    },
    onThought(text) {
      firstAt ??= Date.now();
      reader.onThought?.(text);
    },
  };
  return {
    reader: watched,
    text: () => said,
    firstSeconds: () => (firstAt === null ? null : (firstAt - askedAt) / 1_000),
  };
}
