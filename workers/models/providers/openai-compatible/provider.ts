import { Problem } from "../../../platform/errors.ts";
import type { Provider } from "../../ports/provider.ts";
import { bearer, fetchProviderJson, withoutSlash } from "../provider-fetch.ts";
import { waitsFor } from "../waits.ts";
import { chatModel } from "./chat-model.ts";
import { embedder } from "./embedder.ts";
import { namesIn } from "./model-list.ts";

const listWithinMs = 2_000;

/** OpenAI, or the server of OpenAI's wire that is set up in its place. A local server needs an address only, OpenAI itself a key only. */
export const openaiCompatible = {
  name: "openai",
  takesOwnKeys: true,
  connect(config, _env, ownKey) {
    const { OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY } = config;
    const apiKey = ownKey ?? OPENAI_API_KEY;
    if (!baseUrl && !apiKey) return null;
    const address = withoutSlash(baseUrl ?? "https://api.openai.com/v1");
    return { provider: this.name, address, apiKey, waits: waitsFor(config, address) };
  },
  chatModel,
  embedder,
  async listNames(connection) {
    const body = await fetchProviderJson(`${connection.address}/models`, bearer(connection), listWithinMs);
    const names = namesIn(body);
    if (names) return names;
    throw new Problem("model_unavailable", "The server's list of models could not be read.");
  },
} satisfies Provider;
