import type { Problem } from "../../platform/errors.ts";
import { modelUnavailable } from "../failures.ts";
import type { Connection } from "../ports/connection.ts";
import type { ListedName, Provider } from "../ports/provider.ts";
import { identityOf, KeptReady } from "./kept-ready.ts";

const discoveryLifetime = 60_000;
const mostDiscoveries = 100;

/** What a provider says it has, by name. `error` is the reason where it could not be asked. */
export interface Discovery {
  listed: ReadonlyMap<string, ListedName>;
  error: Problem | null;
  latencyMs: number;
}

/** Results, never promises: one that another request is waiting for ends with that request. */
const discoveries = new KeptReady<{ at: number; result: Discovery }>(mostDiscoveries);

async function ask(provider: Provider, connection: Connection, env: Env): Promise<Discovery> {
  const started = Date.now();
  try {
    const listed = (await provider.list?.(connection, env)) ?? [];
    return { listed: new Map(listed.map((each) => [each.name, each])), error: null, latencyMs: Date.now() - started };
  } catch (cause) {
    return { listed: new Map(), error: modelUnavailable(cause), latencyMs: Date.now() - started };
  }
}

/** Asks a provider for its models, at most once a minute. Never throws: one that is down is a state, not an error. */
export async function discover(provider: Provider, connection: Connection, env: Env, now: number): Promise<Discovery> {
  const identity = identityOf(connection);
  const known = discoveries.get(identity);
  if (known && now - known.at < discoveryLifetime) return known.result;
  const result = await ask(provider, connection, env);
  // A failure is asked again at the next call: the server may be back.
  if (!result.error) discoveries.set(identity, { at: now, result });
  return result;
}

/** Has a provider asked anew: what it has was changed just now. */
export const forgetListed = (connection: Connection): void => discoveries.drop(identityOf(connection));

/** What a provider last said of a model, however long ago; nothing where it has not been asked, or does not list it. */
export const lastSaid = (connection: Connection, name: string): ListedName | undefined =>
  entryOf(discoveries.get(identityOf(connection))?.result.listed ?? new Map(), name);

/** What servers take in the place of a name they list: `llama3.3` is `llama3.3:latest`, and a sign begins a variant (`name:free`, `name@2026`). */
const entryOf = (listed: ReadonlyMap<string, ListedName>, name: string): ListedName | undefined =>
  listed.get(name) ?? listed.get(`${name}:latest`) ?? listed.get(name.split(/[:@?]/, 1)[0] ?? "");

/**
 * Whether a provider has a model `name`: null where that cannot be known, as it does not answer, or lists nothing. A list that knows the
 * name is believed however old it is; one that does not, for as long as `discover` keeps it.
 */
export async function hasModel(
  provider: Provider,
  connection: Connection,
  env: Env,
  name: string,
  now: number,
): Promise<boolean | null> {
  if (lastSaid(connection, name)) return true;
  const { listed, error } = await discover(provider, connection, env, now);
  return error || listed.size === 0 ? null : entryOf(listed, name) !== undefined;
}
