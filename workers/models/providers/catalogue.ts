import type { Runtime } from "../../platform/runtime.ts";
import { type Found, findRow } from "../catalogue/find-row.ts";
import { type Catalogues, readCatalogues } from "../catalogue/read-catalogue.ts";
import type { ModelFacts, ModelInfo } from "../ports/chat-model.ts";
import type { Connection } from "../ports/connection.ts";
import type { Price } from "../ports/price.ts";
import type { ListedName } from "../ports/provider.ts";
import { ownMachinePrice, priceFrom } from "../price-row.ts";

/** Names that a server lists beside its chat models, and which cannot chat. */
const notForChat =
  /embed|whisper|tts|dall-e|moderation|transcribe|realtime|image|sora|rerank|bge-|minilm|davinci|babbage|speech/i;

/** The window, in tokens, that is assumed of a model nobody has heard of. */
const usualWindow = 32_768;

export function isChatModelName(name: string): boolean {
  return !notForChat.test(name);
}

/** What `catalogue.json` calls OpenAI is OpenAI's own service: what other servers of its wire take, it does not know. */
const isItsOwn = ({ provider, address }: Connection) =>
  provider !== "openai" || URL.parse(address)?.hostname.endsWith("openai.com") === true;

/** What a call of a model costs: as the operator says, as its provider lists it, or as is known of the provider; null where nobody knows. */
function priceOf(
  { operator, own }: Catalogues,
  connection: Connection,
  name: string,
  lane: Connection["lane"],
  listed: Price | undefined,
): Price | null {
  const { provider } = connection;
  const set = operator && findRow(operator, provider, name);
  if (operator && set?.id && set.row.cost)
    return priceFrom(`operator/${operator.date}/${provider}/${set.id}`, operator.date, set.row.cost);
  if (lane === "own") return ownMachinePrice;
  if (listed) return listed;
  const known = isItsOwn(connection) ? findRow(own, provider, name) : null;
  return known?.id && known.row.cost
    ? priceFrom(`${own.date}/${provider}/${known.id}`, own.date, known.row.cost)
    : null;
}

/** What a row says of a model; a number of 0 says nothing. */
function factsOf({ row }: Found): Partial<ModelFacts> {
  const { attachment, reasoning, tool_call: tools, modalities, limit } = row;
  const vision = modalities?.input.includes("image") ?? attachment;
  return {
    ...(limit?.context ? { contextWindow: limit.context } : {}),
    ...(limit?.output ? { outputLimit: limit.output } : {}),
    ...(vision === undefined ? {} : { vision }),
    ...(tools === undefined ? {} : { tools }),
    ...(reasoning === undefined ? {} : { reasoning }),
  };
}

/** What can be said of a provider's model, with the catalogues at hand: what the operator says, what the provider says, and what is known by its name. */
function infoFrom(catalogues: Catalogues, connection: Connection, name: string, said?: ListedName): ModelInfo {
  const { provider } = connection;
  const lane = said?.isRemote ? "cloud" : connection.lane;
  const [set, known] = [catalogues.operator, catalogues.own].map((each) => each && findRow(each, provider, name));
  const listed = defined(said ?? {});
  const facts = { ...(known && factsOf(known)), ...listed, ...(set?.id && factsOf(set)) };
  // What others of its family lack, it may have.
  const itself = known?.id ? facts : { ...listed, ...(set?.id && factsOf(set)) };
  return {
    id: `${provider}/${name}`,
    provider,
    name,
    lane,
    contextWindow: facts.contextWindow ?? usualWindow,
    isWindowKnown: facts.contextWindow !== undefined,
    outputLimit: facts.outputLimit ?? null,
    vision: facts.vision ?? false,
    tools: facts.tools ?? false,
    reasoning: facts.reasoning ?? false,
    lacks: (["vision", "tools"] as const).filter((ability) => itself[ability] === false),
    // A variant of a name that is listed may cost something else.
    price: priceOf(catalogues, connection, name, lane, said?.name === name ? said.price : undefined),
    offline: false,
  };
}

/** What a provider really says, of what it may say. */
function defined(said: Partial<ModelFacts>): Partial<ModelFacts> {
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined && value !== null));
}

/** What can be said of models, asked of one connection after another. */
export type Describe = (connection: Connection, name: string, said?: ListedName) => ModelInfo;

/** What describes models by what is known of them now. */
export async function describer(runtime: Runtime): Promise<Describe> {
  const catalogues = await readCatalogues(runtime);
  return (connection, name, said) => infoFrom(catalogues, connection, name, said);
}
