import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4StreamPart,
  LanguageModelV4StreamResult,
  SharedV4Warning,
} from "@ai-sdk/provider";
import { problemOfGarbledAnswer, problemOfSaid } from "../failures.ts";
import type { Connection } from "../ports/connection.ts";
import { type Emit, type EventReader, readEventStream } from "./event-stream.ts";
import { providerFetch, providerFetchJson, type Reach, withoutKey } from "./provider-fetch.ts";

/** Takes the body of an answer in the SDK's place. */
export type Take = (body: ReadableStream<Uint8Array>) => void;

/** What a model is made of that an SDK asks. */
interface SdkModel {
  connection: Connection;
  name: string;
  /** Loads the SDK, and makes the model of it: with `take` it reads nothing of an answer but an empty one. */
  make(take?: Take): Promise<LanguageModelV4>;
  /** How calls of this model differ from what the caller says. */
  prepare?(options: LanguageModelV4CallOptions): LanguageModelV4CallOptions;
  /** Whether the SDK reads all its answers itself. */
  readsItself?: boolean;
  createReader(emit: Emit): EventReader;
}

/** What an SDK takes for an answer whose body somebody else reads. */
const emptyStream = () => new Response("", { headers: { "Content-Type": "text/event-stream" } });

/** How an error begins that comes in an answer's place behind a status that tells of none; SDKs take one for an answer with nothing in it. */
const errorAhead = /^\s*(?:\[\s*)?\{\s*"(?:error"|type"\s*:\s*"error")/;

/** An answer of which no page and no error stands in the place. Throws what those say. */
async function withoutError(response: Response, connection: Connection): Promise<Response> {
  const { status, headers } = response;
  const type = headers.get("Content-Type") ?? "";
  if (!/json|html/.test(type)) return response;
  const text = await response.text();
  if (type.includes("html") || errorAhead.test(text)) throw problemOfSaid(withoutKey(text, connection));
  return new Response(text, { status, headers });
}

/** `fetch` for an SDK: a refusal comes out as a `Problem`; what it may not read is taken from it. */
export const fetchFor =
  (reach: Reach, take?: Take): typeof fetch =>
  async (url, init) => {
    if (!take) return withoutError(await providerFetchJson(reach, url, init), reach.connection);
    const { body } = await providerFetch(reach, url, init);
    if (!body) throw problemOfGarbledAnswer(new Error("The answer has no body."));
    take(body);
    return emptyStream();
  };

/** Has an SDK write and send a request, whose answer it does not read. */
async function send({ make }: SdkModel, options: LanguageModelV4CallOptions) {
  let body: ReadableStream<Uint8Array> | undefined;
  const model = await make((taken) => {
    body = taken;
  });
  const { stream } = await model.doStream(options);
  const reader = stream.getReader();
  const { value } = await reader.read();
  const warnings: SharedV4Warning[] = value?.type === "stream-start" ? value.warnings : [];
  // There is nothing behind it: how it comes to its end does not matter.
  reader.cancel().catch(() => undefined);
  if (!body) throw problemOfGarbledAnswer(new Error("The SDK asked nothing."));
  return { body, warnings };
}

/** An SDK's answer, which has failed where its provider never said why it ended: some SDKs take that for an end. */
const wholly = ({ stream, ...rest }: LanguageModelV4StreamResult): LanguageModelV4StreamResult => ({
  ...rest,
  stream: stream.pipeThrough(
    new TransformStream<LanguageModelV4StreamPart, LanguageModelV4StreamPart>({
      transform(part, controller) {
        const isOver =
          part.type === "finish" && (part.finishReason.raw !== undefined || part.finishReason.unified !== "other");
        if (part.type !== "finish" || isOver) controller.enqueue(part);
        else controller.enqueue({ type: "error", error: problemOfGarbledAnswer(new Error("No reason for its end.")) });
      },
    }),
  ),
});

/**
 * A chat model whose requests an SDK writes, which is loaded when the first is. The text of streams is read here, as the SDK's own readers take two to three times
 * the CPU for each piece; with tools, whose calls come in many forms, it is left to the SDK, as are answers in one.
 */
export function sdkModel(of: SdkModel): LanguageModelV4 {
  const { connection, name, prepare = (options) => options } = of;
  return {
    specificationVersion: "v4",
    provider: connection.provider,
    modelId: name,
    supportedUrls: {},
    doGenerate: async (options) => (await of.make()).doGenerate(prepare(options)),
    async doStream(options) {
      const prepared = prepare(options);
      if (of.readsItself || options.tools?.length) return wholly(await (await of.make()).doStream(prepared));
      const { body, warnings } = await send(of, prepared);
      const answering = { warnings, withoutKey: (text: string) => withoutKey(text, connection) };
      return { stream: readEventStream(body, of.createReader, answering, options.abortSignal) };
    },
  };
}

type ProviderOptions = NonNullable<LanguageModelV4CallOptions["providerOptions"]>;

/** `options` with some of a provider's own beneath those that the caller has for it. */
export const withProviderOptions = (
  options: LanguageModelV4CallOptions,
  provider: string,
  own: ProviderOptions[string],
): LanguageModelV4CallOptions => ({
  ...options,
  providerOptions: { ...options.providerOptions, [provider]: { ...own, ...options.providerOptions?.[provider] } },
});
