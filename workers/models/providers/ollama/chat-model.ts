import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4Content } from "@ai-sdk/provider";
import { problemOfGarbledAnswer } from "../../failures.ts";
import type { Connection } from "../../ports/connection.ts";
import { readParts } from "../../read-parts.ts";
import { readEventStream } from "../event-stream.ts";
import type { ThoughtHabits } from "../openai-compatible/thought-tags.ts";
import { boxFetch } from "./box.ts";
import { boxModel, requireStays } from "./box-model.ts";
import { requireWhole, Windows } from "./context-window.ts";
import { LineReader } from "./line-reader.ts";
import { Presence } from "./presence.ts";
import { writeRequest } from "./request.ts";

/** The chat model `name` of a box, by Ollama's own `/api/chat`: its wire of OpenAI's cuts prompts without a word. It remembers which window it asked for last. */
export function chatModel(connection: Connection, name: string, env: Env): LanguageModelV4 {
  const habits: ThoughtHabits = { omitsOpening: false, isPlain: false };
  const windows = new Windows();

  async function ask(options: LanguageModelV4CallOptions, presence: Presence) {
    const model = await boxModel(connection, env, name);
    requireStays(connection, name, model.isRemote);
    const { body, size, warnings } = writeRequest(name, options, model);
    const window = windows.next(size, model, options.maxOutputTokens);
    const { keepAlive } = connection;
    const sent = {
      ...body,
      options: { ...body.options, num_ctx: window },
      ...(keepAlive === undefined ? {} : { keep_alive: keepAlive }),
    };
    const response = await boxFetch(connection, env, { path: "chat", body: sent, signal: presence.signal });
    if (!response.body) throw problemOfGarbledAnswer(new Error("The answer has no body."));
    const check = (read: number | undefined) => requireWhole(size, window, read);
    const stream = readEventStream(
      response.body,
      (emit) => new LineReader({ modelName: name, habits, onLine: presence.heard, check }, emit),
      { warnings, withoutKey: (text) => text, onEnd: presence.end },
      options.abortSignal,
    );
    return { stream, warnings };
  }

  async function start(options: LanguageModelV4CallOptions) {
    const presence = new Presence(connection, env, options.abortSignal);
    try {
      return await ask(options, presence);
    } catch (error) {
      presence.end();
      throw presence.signal.aborted ? presence.signal.reason : error;
    }
  }

  return {
    specificationVersion: "v4",
    provider: `${connection.provider}.chat`,
    modelId: name,
    supportedUrls: {},
    doStream: start,
    async doGenerate(options) {
      const { stream, warnings } = await start(options);
      return { ...(await whole(stream, options.abortSignal)), warnings };
    },
  };
}

/** An answer as one, out of its parts. Throws what they failed of. */
async function whole(stream: ReturnType<typeof readEventStream>, signal = new AbortController().signal) {
  const content: LanguageModelV4Content[] = [];
  type End = Parameters<Parameters<typeof readParts>[2]>[0] & { type: "finish" };
  let end: End | undefined;
  await readParts(stream, signal, (part) => {
    if (part.type === "error") throw part.error;
    if (part.type === "text-start") content.push({ type: "text", text: "" });
    if (part.type === "reasoning-start") content.push({ type: "reasoning", text: "" });
    const last = content.at(-1);
    if ((part.type === "text-delta" || part.type === "reasoning-delta") && last && "text" in last)
      last.text += part.delta;
    if (part.type === "tool-call") content.push(part);
    if (part.type === "finish") end = part;
  });
  if (!end) throw problemOfGarbledAnswer(new Error("The answer has no end."));
  return { content, finishReason: end.finishReason, usage: end.usage };
}
