import type { LanguageModelV4, LanguageModelV4CallOptions } from "@ai-sdk/provider";
import type { Connection } from "../../ports/connection.ts";
import { fetchFor, sdkModel, withProviderOptions } from "../sdk-model.ts";
import { AnswerReader } from "./answer-reader.ts";

/** Those that always think, and keep it to themselves unless they are asked to tell. */
const thinkers = /claude-(?:fable-5|(?:opus|sonnet)-5-5)/;

/** The same call, with what the model thinks told. */
const thinkingAloud = (options: LanguageModelV4CallOptions) =>
  withProviderOptions(options, "anthropic", { thinking: { type: "adaptive", display: "summarized" } });

/** The chat model `name` of Anthropic. */
export const chatModel = (connection: Connection, name: string, env: Env): LanguageModelV4 =>
  sdkModel({
    connection,
    name,
    async make(take) {
      const { createAnthropic } = await import("@ai-sdk/anthropic");
      const { address, apiKey = "" } = connection;
      return createAnthropic({ baseURL: address, apiKey, fetch: fetchFor({ connection, env }, take) })(name);
    },
    // What a caller wants of its effort, the SDK knows to say, and this with it.
    prepare: (options) => (thinkers.test(name) && !options.reasoning ? thinkingAloud(options) : options),
    createReader: (emit) => new AnswerReader(emit),
  });
