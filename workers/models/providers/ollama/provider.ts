import type { Config } from "../../../platform/config/config.ts";
import type { Connection, OwnConnection } from "../../ports/connection.ts";
import type { Provider } from "../../ports/provider.ts";
import { atOwnAddress, hasAddress } from "../own-connection.ts";
import { withoutSlash } from "../provider-fetch.ts";
import { waitsOfBox } from "../waits.ts";
import { answerWithinMs, boxJson, vpcBinding, vpcOf } from "./box.ts";
import { isRemoteName } from "./box-model.ts";
import { chatModel } from "./chat-model.ts";
import { embedder } from "./embedder.ts";
import { boxEntries } from "./model-list.ts";

/** Ollama's own cloud speaks the same wire. */
const isCloud = (address: string) => /(?:^|\.)ollama\.com$/.test(new URL(address).hostname);

/** Whoever copies Ollama's address of OpenAI's wire means the same box. */
const boxAt = (address: string) => withoutSlash(address).replace(/\/(?:v1|api)$/, "");

/** A box of a workspace's own, with nothing of the installation's. Behind a tunnel it looks like anybody's machine: whose it is, its owner says. */
function ownBox(config: Config, own: OwnConnection & { address: string }): Connection {
  const connection = atOwnAddress(config, "ollama", { ...own, address: boxAt(own.address) });
  const isOwn = (own.isOwn || connection.lane === "own") && !isCloud(connection.address);
  return { ...connection, lane: isOwn ? "own" : "cloud", hasLine: true, waits: waitsOfBox(config) };
}

/** Ollama on a machine of the owner's, by its own API: in their private network by a binding of Workers VPC, else at an address. */
export const ollama = {
  name: "ollama",
  usual: { chat: "llama3.2", fast: "llama3.2", vision: "llama3.2-vision", embedding: "nomic-embed-text" },
  takesOwn: true,
  connect(config, env, own): Connection | null {
    if (own) return hasAddress(own) ? ownBox(config, own) : null;
    const { OLLAMA_BASE_URL: baseUrl, OLLAMA_KEEP_ALIVE: keepAlive } = config;
    const { CF_ACCESS_CLIENT_ID: id, CF_ACCESS_CLIENT_SECRET: secret } = config;
    const address = vpcOf(env) ? vpcBinding : baseUrl && boxAt(baseUrl);
    if (!address) return null;
    return {
      provider: this.name,
      address,
      apiKey: undefined,
      lane: address !== vpcBinding && isCloud(address) ? "cloud" : "own",
      payer: "installation",
      ...(id && secret ? { headers: { "CF-Access-Client-Id": id, "CF-Access-Client-Secret": secret } } : {}),
      ...(keepAlive === undefined ? {} : { keepAlive }),
      hasLine: true,
      waits: waitsOfBox(config),
    };
  },
  isRemote: isRemoteName,
  chatModel,
  embedder,
  list: boxEntries,
  async answers(connection, env, signal) {
    await boxJson(connection, env, { path: "version", signal }, answerWithinMs);
  },
} satisfies Provider;
