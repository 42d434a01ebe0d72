import type { Connection } from "../../ports/connection.ts";
import type { Provider } from "../../ports/provider.ts";
import { withoutSlash } from "../provider-fetch.ts";
import { waitsOfBox } from "../waits.ts";
import { vpcBinding, vpcOf } from "./box.ts";
import { isRemoteName } from "./box-model.ts";
import { chatModel } from "./chat-model.ts";
import { embedder } from "./embedder.ts";
import { boxEntries } from "./model-list.ts";

/** Ollama's own cloud speaks the same wire. */
const isCloud = (address: string) => /(?:^|\.)ollama\.com$/.test(new URL(address).hostname);

/** Ollama on a machine of the owner's, by its own API: in their private network by a binding of Workers VPC, else at an address. */
export const ollama = {
  name: "ollama",
  usual: { chat: "llama3.2", fast: "llama3.2", vision: "llama3.2-vision", embedding: "nomic-embed-text" },
  choosesListed: true,
  takesOwnKeys: false,
  connect(config, env): Connection | null {
    const { OLLAMA_BASE_URL: baseUrl, OLLAMA_KEEP_ALIVE: keepAlive } = config;
    const { CF_ACCESS_CLIENT_ID: id, CF_ACCESS_CLIENT_SECRET: secret } = config;
    // Whoever copies Ollama's address of OpenAI's wire means the same box.
    const address = vpcOf(env) ? vpcBinding : baseUrl && withoutSlash(baseUrl).replace(/\/(?:v1|api)$/, "");
    if (!address) return null;
    return {
      provider: this.name,
      address,
      apiKey: undefined,
      lane: address !== vpcBinding && isCloud(address) ? "cloud" : "own",
      payer: "installation",
      ...(id && secret ? { headers: { "CF-Access-Client-Id": id, "CF-Access-Client-Secret": secret } } : {}),
      ...(keepAlive === undefined ? {} : { keepAlive }),
      waits: waitsOfBox(config),
    };
  },
  isRemote: isRemoteName,
  chatModel,
  embedder,
  list: boxEntries,
} satisfies Provider;
