import type { LanguageModelV4 } from "@ai-sdk/provider";
import type { Connection } from "../../ports/connection.ts";
import { fetchFor, sdkModel, withProviderOptions } from "../sdk-model.ts";
import { AnswerReader } from "./answer-reader.ts";
import { pathOf, sdkFor } from "./sdk.ts";

/** Those that think, and show it where they are asked to. */
const thinkers = /^gemini-(?:2\.5|[3-9])(?!.*-(?:image|tts|live))/;
/** Those whose long answers come in several, which the SDK puts together. */
const continuing = /^gemini-[4-9]/;

/** The chat model `name` of Gemini. */
export const chatModel = (connection: Connection, name: string, env: Env): LanguageModelV4 =>
  sdkModel({
    connection,
    name,
    make: async (take) => (await sdkFor(connection, fetchFor({ connection, env }, take)))(pathOf(name)),
    prepare: (options) =>
      thinkers.test(name)
        ? withProviderOptions(options, "google", { thinkingConfig: { includeThoughts: true } })
        : options,
    readsItself: continuing.test(name),
    createReader: (emit) => new AnswerReader(emit),
  });
