import { z } from "zod";
import { problemOfGarbledAnswer } from "../../failures.ts";
import type { Connection } from "../../ports/connection.ts";
import type { ListedName, Provider } from "../../ports/provider.ts";
import { cloudConnection } from "../cloud-connection.ts";
import { fetchProviderJson, listWithinMs } from "../provider-fetch.ts";
import { chatModel } from "./chat-model.ts";

const listed = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      max_input_tokens: z.number().nullish(),
      max_tokens: z.number().nullish(),
      capabilities: z.object({ image_input: z.object({ supported: z.boolean() }).optional() }).nullish(),
    }),
  ),
});

async function list(connection: Connection, env: Env): Promise<ListedName[]> {
  const { address, apiKey = "" } = connection;
  const headers = { "x-api-key": apiKey, "anthropic-version": "2023-06-01" };
  const url = `${address}/models?limit=1000`;
  const parsed = listed.safeParse(await fetchProviderJson({ connection, env }, url, headers, listWithinMs));
  if (!parsed.success) throw problemOfGarbledAnswer(parsed.error);
  return parsed.data.data.map(({ id, max_input_tokens: window, max_tokens: limit, capabilities }) => ({
    name: id,
    chats: true,
    ...(window ? { contextWindow: window } : {}),
    ...(limit ? { outputLimit: limit } : {}),
    ...(capabilities?.image_input ? { vision: capabilities.image_input.supported } : {}),
  }));
}

/** Anthropic's Claude. It makes no vectors. */
export const anthropic = {
  name: "anthropic",
  usual: { chat: "claude-sonnet-5-5", fast: "claude-haiku-5-5", vision: "claude-sonnet-5-5" },
  takesOwn: true,
  connect(config, _env, own) {
    const { ANTHROPIC_API_KEY: apiKey, ANTHROPIC_BASE_URL: baseUrl } = config;
    const usualAddress = "https://api.anthropic.com/v1";
    return cloudConnection(config, { provider: this.name, usualAddress, apiKey, baseUrl }, own);
  },
  chatModel,
  list,
} satisfies Provider;
