import { z } from "zod";
import { Problem } from "../../../platform/errors.ts";
import type { Provider } from "../../ports/provider.ts";
import { bearer, fetchProviderJson, withoutSlash } from "../provider-fetch.ts";
import { chatModel } from "./chat-model.ts";
import { embedder } from "./embedder.ts";

const listWithinMs = 2_000;
const listing = z.object({ data: z.array(z.object({ id: z.string().min(1).max(200) })).max(5_000) });

/** OpenAI, or the server of OpenAI's wire that is set up in its place. A local server needs an address only, OpenAI itself a key only. */
export const openaiCompatible = {
  name: "openai",
  takesOwnKeys: true,
  connect({ OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY }, _env, ownKey) {
    const apiKey = ownKey ?? OPENAI_API_KEY;
    if (!baseUrl && !apiKey) return null;
    return { provider: this.name, address: withoutSlash(baseUrl ?? "https://api.openai.com/v1"), apiKey };
  },
  chatModel,
  embedder,
  async listNames(connection) {
    const body = await fetchProviderJson(`${connection.address}/models`, bearer(connection), listWithinMs);
    const parsed = listing.safeParse(body);
    if (parsed.success) return parsed.data.data.map(({ id }) => id);
    throw new Problem("model_unavailable", "The server's list of models could not be read.", { cause: parsed.error });
  },
} satisfies Provider;
