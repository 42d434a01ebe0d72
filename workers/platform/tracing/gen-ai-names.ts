/** What OpenTelemetry's conventions call things of generative AI. They are all “in development” still: nowhere else is one written out. */
export const genAi = {
  operation: "gen_ai.operation.name",
  provider: "gen_ai.provider.name",
  agentId: "gen_ai.agent.id",
  conversationId: "gen_ai.conversation.id",
  dataSourceId: "gen_ai.data_source.id",
  requestModel: "gen_ai.request.model",
  temperature: "gen_ai.request.temperature",
  topP: "gen_ai.request.top_p",
  maxTokens: "gen_ai.request.max_tokens",
  responseModel: "gen_ai.response.model",
  finishReasons: "gen_ai.response.finish_reasons",
  /** In seconds. */
  firstChunk: "gen_ai.response.time_to_first_chunk",
  inputTokens: "gen_ai.usage.input_tokens",
  outputTokens: "gen_ai.usage.output_tokens",
  cachedTokens: "gen_ai.usage.cache_read.input_tokens",
  tokenType: "gen_ai.token.type",
  inputMessages: "gen_ai.input.messages",
  outputMessages: "gen_ai.output.messages",
} as const;

/** What the conventions measure of calls of models, in which unit and which buckets. */
export const instruments = {
  duration: {
    name: "gen_ai.client.operation.duration",
    unit: "s",
    bounds: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
  },
  tokens: {
    name: "gen_ai.client.token.usage",
    unit: "{token}",
    bounds: [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864],
  },
} as const;

/** What other conventions of OpenTelemetry call things. */
export const common = {
  errorType: "error.type",
  method: "http.request.method",
  status: "http.response.status_code",
  path: "url.path",
} as const;

/** What no convention has a name for. */
export const own = {
  requestId: "understudy.request.id",
  turnId: "understudy.turn.id",
  messageId: "understudy.message.id",
  outcome: "understudy.turn.outcome",
  /** In micro-credits. */
  cost: "understudy.turn.cost",
  lane: "understudy.model.lane",
  fallbackReason: "understudy.fallback.reason",
  mode: "understudy.search.mode",
  passages: "understudy.search.passages",
  documentId: "understudy.document.id",
  runId: "understudy.run.id",
} as const;

/** Providers that the conventions call otherwise. */
const providers: Record<string, string> = { gemini: "gcp.gemini" };

const providerName = (provider: string): string => providers[provider] ?? provider;

/** A model by its id, such as `openai/gpt-4o`, as the conventions name it. */
export function modelNamed(id: string): Record<string, string> {
  const slash = id.indexOf("/");
  return { [genAi.provider]: providerName(id.slice(0, slash)), [genAi.requestModel]: id.slice(slash + 1) };
}
