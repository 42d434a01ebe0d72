import type { LanguageModelV4 } from "@ai-sdk/provider";
import type { Config } from "../../platform/config/config.ts";
import type { Connection } from "./connection.ts";
import type { Embedder } from "./embedder.ts";
import type { Reranker } from "./reranker.ts";

/**
 * A provider of models: all that is known of it outside its folder. It makes what it can; nothing is called on the network before
 * what it made is asked. What it makes serves many requests: it takes nothing of the one that it was made in.
 */
export interface Provider {
  /** What the ids of its models begin with, before the slash. */
  name: string;
  /** Whether a workspace may pay it by a key of its own. */
  takesOwnKeys: boolean;
  /** What it is reached by as the installation is set up, with somebody's own key in the place of the installation's; null where that is not enough. */
  connect(config: Config, env: Env, ownKey?: string): Connection | null;
  chatModel?(connection: Connection, name: string): LanguageModelV4;
  embedder?(connection: Connection, name: string): Embedder;
  reranker?(connection: Connection, name: string, env: Env): Reranker;
  /** The names of the models that it has now, for chat or not. Throws what `classifyModelFailure` sorts. */
  listNames?(connection: Connection): Promise<string[]>;
}
