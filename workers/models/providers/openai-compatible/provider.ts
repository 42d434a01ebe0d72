import { Problem } from "../../../platform/errors.ts";
import type { Connection } from "../../ports/connection.ts";
import type { ListedName, Provider } from "../../ports/provider.ts";
import { isRemoteName } from "../ollama/box-model.ts";
import { atOwnAddress, hasAddress } from "../own-connection.ts";
import { bearer, fetchProviderJson, listWithinMs, withoutSlash } from "../provider-fetch.ts";
import { laneOf, waitsFor } from "../waits.ts";
import { chatModel } from "./chat-model.ts";
import { embedder } from "./embedder.ts";
import { namesIn } from "./model-list.ts";

const openaiAddress = "https://api.openai.com/v1";

/** The models of a server of OpenAI's wire. */
async function list(connection: Connection, env: Env): Promise<ListedName[]> {
  const body = await fetchProviderJson(
    { connection, env },
    `${connection.address}/models`,
    bearer(connection),
    listWithinMs,
  );
  const names = namesIn(body);
  if (names) return names.map((name) => ({ name }));
  throw new Problem("model_unavailable", "The server's list of models could not be read.");
}

/** What every server of OpenAI's wire can do. */
export const openaiWire = { chatModel, embedder, list, isRemote: isRemoteName } satisfies Partial<Provider>;

/** OpenAI, or the server of OpenAI's wire that is set up in its place. A local server needs an address only, OpenAI itself a key only. */
export const openaiCompatible = {
  name: "openai",
  usual: { chat: "gpt-5-mini", fast: "gpt-5-nano", vision: "gpt-5-mini", embedding: "text-embedding-3-small" },
  takesOwn: true,
  connect(config, _env, own) {
    if (hasAddress(own)) return atOwnAddress(config, this.name, own);
    const { OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY } = config;
    const apiKey = own?.apiKey ?? OPENAI_API_KEY;
    if (!baseUrl && !apiKey) return null;
    const address = withoutSlash(baseUrl ?? openaiAddress);
    const payer = own ? "workspace" : "installation";
    return { provider: this.name, address, apiKey, lane: laneOf(address), payer, waits: waitsFor(config, address) };
  },
  ...openaiWire,
} satisfies Provider;
