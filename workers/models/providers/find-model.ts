import type { Connection, Connections } from "../ports/connection.ts";
import type { Provider } from "../ports/provider.ts";
import { providers, usualProvider } from "./list.ts";

type Ability = "chatModel" | "embedder" | "reranker";
type Able<A extends Ability> = Provider & Required<Pick<Provider, A>>;

/** Where a model is: at which provider, under which name there, and what that provider is reached by. */
interface FoundModel<A extends Ability> {
  provider: Able<A>;
  name: string;
  connection: Connection;
}

/** The providers that can do something. */
export const providersWith = <A extends Ability>(ability: A): Able<A>[] =>
  providers.filter((provider): provider is Able<A> => provider[ability] !== undefined);

/** Finds whose a model is by its id, `provider/name`; null where nobody's, or its provider is not set up. */
export async function findModel<A extends Ability>(
  connections: Connections,
  id: string,
  ability: A,
): Promise<FoundModel<A> | null> {
  const slash = id.indexOf("/");
  const prefix = id.slice(0, Math.max(0, slash));
  // What is built in is reached by nothing.
  if (prefix === "offline") return null;
  const able = providersWith(ability);
  const named = able.find(({ name }) => name === prefix);
  const provider = named ?? able.find((each) => each === usualProvider);
  const name = named ? id.slice(slash + 1) : id;
  const connection = provider && name !== "" ? await connections(provider) : null;
  return provider && connection ? { provider, name, connection } : null;
}
