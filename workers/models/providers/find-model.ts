import type { Connection, Connections } from "../ports/connection.ts";
import type { Provider } from "../ports/provider.ts";
import { usualProvider } from "../provider-list.ts";

type Ability = "chatModel" | "embedder" | "reranker";
type Able<A extends Ability> = Provider & Required<Pick<Provider, A>>;

/** Where a model is: at which provider, under which name there, and what that provider is reached by. */
interface FoundModel<A extends Ability> {
  provider: Able<A>;
  name: string;
  connection: Connection;
}

/** The providers that can do something. */
export async function providersWith<A extends Ability>(connections: Connections, ability: A): Promise<Able<A>[]> {
  const providers = await connections.providers();
  return providers.filter((provider): provider is Able<A> => provider[ability] !== undefined);
}

/** An id as the name of its provider and that of the model there. One without a slash is the usual provider's. */
export function partsOfId(id: string): { prefix: string; name: string } {
  const slash = id.indexOf("/");
  return slash < 0
    ? { prefix: usualProvider.name, name: id }
    : { prefix: id.slice(0, slash), name: id.slice(slash + 1) };
}

/** Finds whose a model is by its id, `provider/name`; null where nobody's, or its provider is not set up. What names no provider here is sent to none. */
export async function findModel<A extends Ability>(
  connections: Connections,
  id: string,
  ability: A,
): Promise<FoundModel<A> | null> {
  const { prefix, name } = partsOfId(id);
  // What is built in is reached by nothing.
  if (prefix === "offline" || name === "") return null;
  const provider = (await providersWith(connections, ability)).find((each) => each.name === prefix);
  const connection = provider ? await connections.reach(provider) : null;
  return provider && connection ? { provider, name, connection } : null;
}
