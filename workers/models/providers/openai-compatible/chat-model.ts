import { OpenAICompatibleChatLanguageModel } from "@ai-sdk/openai-compatible";
import type { LanguageModelV4, LanguageModelV4CallOptions, LanguageModelV4Content } from "@ai-sdk/provider";
import { problemOfGarbledAnswer } from "../../failures.ts";
import type { Connection } from "../../ports/connection.ts";
import { readParts } from "../../read-parts.ts";
import { bearer, providerFetch, withoutKey } from "../provider-fetch.ts";
import { readChatStream } from "./chat-stream.ts";
import { LearnedRequest } from "./request.ts";
import type { ThoughtHabits } from "./thought-tags.ts";

/**
 * The chat model `name` of a server. The SDK writes its requests; its answers, which servers give in many ways, are read by `readChatStream`, whole ones too.
 * It remembers what the server refused, and how the model thinks.
 */
export function chatModel(connection: Connection, name: string, env: Env): LanguageModelV4 {
  const url = `${connection.address}/chat/completions`;
  const provider = `${connection.provider}.chat`;
  const model = new OpenAICompatibleChatLanguageModel(name, {
    provider,
    url: () => url,
    headers: {},
    supportsStructuredOutputs: true,
  });
  const habits: ThoughtHabits = { omitsOpening: false, isPlain: false };
  const requests = new LearnedRequest();

  async function ask(options: LanguageModelV4CallOptions, asStream: object) {
    const { body, warnings } = await model.prepareRequest(options);
    const { abortSignal: signal, headers } = options;
    const response = await requests.send({ ...body, ...asStream }, (asked) =>
      providerFetch({ connection, env }, url, {
        method: "POST",
        headers: new Headers({
          "Content-Type": "application/json",
          ...bearer(connection),
          ...(headers as Record<string, string>),
        }),
        body: JSON.stringify(asked),
        ...(signal ? { signal } : {}),
      }),
    );
    if (!response.body) throw problemOfGarbledAnswer(new Error("The answer has no body."));
    const hasTools = (options.tools?.length ?? 0) > 0;
    const answering = {
      modelName: name,
      habits,
      hasTools,
      warnings,
      withoutKey: (text: string) => withoutKey(text, connection),
    };
    return { stream: readChatStream(response.body, answering, signal), warnings };
  }

  return {
    specificationVersion: "v4",
    provider,
    modelId: name,
    supportedUrls: {},
    async doGenerate(options) {
      const { stream, warnings } = await ask(options, {});
      return { ...(await whole(stream, options.abortSignal)), warnings };
    },
    doStream: (options) => ask(options, { stream: true, stream_options: { include_usage: true } }),
  };
}

/** An answer as one, out of its parts. Throws what they failed of. */
async function whole(stream: ReturnType<typeof readChatStream>, signal = new AbortController().signal) {
  const said = { text: "", reasoning: "" };
  type End = Parameters<Parameters<typeof readParts>[2]>[0] & { type: "finish" };
  const calls: LanguageModelV4Content[] = [];
  let end: End | undefined;
  await readParts(stream, signal, (part) => {
    if (part.type === "error") throw part.error;
    if (part.type === "text-delta") said.text += part.delta;
    if (part.type === "reasoning-delta") said.reasoning += part.delta;
    if (part.type === "tool-call") calls.push(part);
    if (part.type === "finish") end = part;
  });
  if (!end) throw problemOfGarbledAnswer(new Error("The answer has no end."));
  const content = (["reasoning", "text"] as const).flatMap((type): LanguageModelV4Content[] =>
    said[type] === "" ? [] : [{ type, text: said[type] }],
  );
  return { content: [...content, ...calls], finishReason: end.finishReason, usage: end.usage };
}
