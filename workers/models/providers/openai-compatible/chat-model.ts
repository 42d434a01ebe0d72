import { OpenAICompatibleChatLanguageModel } from "@ai-sdk/openai-compatible";
import type { LanguageModelV4 } from "@ai-sdk/provider";
import { problemOfGarbledAnswer } from "../../failures.ts";
import type { Connection } from "../../ports/connection.ts";
import { bearer, providerFetch } from "../provider-fetch.ts";
import { readChatStream } from "./chat-stream.ts";
import { sdkSettings } from "./sdk-settings.ts";

/** The chat model `name` of a server. Its streams are read by `readChatStream`, all else by the SDK. */
export function chatModel(connection: Connection, name: string): LanguageModelV4 {
  const model = new OpenAICompatibleChatLanguageModel(name, sdkSettings(connection, "chat"));
  return {
    specificationVersion: "v4",
    provider: model.provider,
    modelId: name,
    supportedUrls: {},
    doGenerate: (options) => model.doGenerate(options),
    async doStream(options) {
      const { body, warnings } = await model.prepareRequest(options);
      const { abortSignal: signal, headers } = options;
      const response = await providerFetch(`${connection.address}/chat/completions`, {
        method: "POST",
        headers: new Headers({
          "Content-Type": "application/json",
          ...bearer(connection),
          ...(headers as Record<string, string>),
        }),
        body: JSON.stringify({ ...body, stream: true, stream_options: { include_usage: true } }),
        ...(signal ? { signal } : {}),
      });
      if (!response.body) throw problemOfGarbledAnswer(new Error("The answer has no body."));
      return { stream: readChatStream(response.body, warnings, signal) };
    },
  };
}
