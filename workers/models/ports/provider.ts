import type { LanguageModelV4 } from "@ai-sdk/provider";
import type { Config } from "../../platform/config/config.ts";
import type { ModelFacts } from "./chat-model.ts";
import type { Connection, OwnConnection } from "./connection.ts";
import type { Embedder } from "./embedder.ts";
import type { Price } from "./price.ts";
import type { Reranker } from "./reranker.ts";

/** The names of the models that a provider does each job by where nothing else is set. */
export interface UsualModels {
  chat: string;
  /** For titles, summaries and the like. */
  fast: string;
  vision?: string;
  embedding?: string;
}

/** A model as its provider lists it: what it says of it, and nothing that it does not. */
export interface ListedName extends Partial<ModelFacts> {
  name: string;
  /** What it says that it costs. */
  price?: Price;
  /** Whether it can be talked with; by its name where that is not said. */
  chats?: boolean;
  /** Whether it leaves the machine that lists it, as models do which Ollama passes on to its cloud. */
  isRemote?: boolean;
}

/**
 * A provider of models: all that is known of it outside its folder. It makes what it can; nothing is called on the network before
 * what it made is asked, and what it needs of libraries is loaded then. What it makes serves many requests: it takes nothing of the one that it was made in.
 */
export interface Provider {
  /** What the ids of its models begin with, before the slash. */
  name: string;
  /** What `LLM_PROVIDER` chooses of it. */
  usual?: UsualModels;
  /** Whether a model is known by its name alone to leave the machine that lists it. */
  isRemote?(name: string): boolean;
  /** Whether its list says what its models cost. */
  listsPrices?: boolean;
  /** Whether a workspace may bring a key or an address of its own for it. */
  takesOwn: boolean;
  /** What it is reached by as the installation is set up, with what somebody brings of their own in the place of the installation's; null where that is not enough. */
  connect(config: Config, env: Env, own?: OwnConnection): Connection | null;
  chatModel?(connection: Connection, name: string, env: Env): LanguageModelV4;
  embedder?(connection: Connection, name: string, env: Env): Embedder;
  reranker?(connection: Connection, name: string, env: Env): Reranker;
  /** Throws where the machine behind it does not answer. */
  answers?(connection: Connection, env: Env, signal: AbortSignal): Promise<void>;
  /** Throws where the key is none, for a provider whose list of models is anybody's. */
  checkKey?(connection: Connection, env: Env): Promise<void>;
  /** The models that it has now, for chat or not. Throws what `classifyModelFailure` sorts. */
  list?(connection: Connection, env: Env): Promise<ListedName[]>;
}
