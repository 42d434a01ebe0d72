import { classifyModelFailure, type ProviderError, providerErrorIn, withOwnWords } from "../models/failures.ts";
import type { Connection } from "../models/ports/connection.ts";
import type { Provider } from "../models/ports/provider.ts";
import { Problem } from "../platform/errors.ts";
import type { ProviderCheck } from "./contract.ts";

/** Whether a tunnel's guard let nobody in: Access sends to a page of sign-in, or shows one. Ollama itself refuses without a word. */
const isGuarding = ({ status, words }: ProviderError) =>
  (status >= 300 && status < 400) || status === 401 || (status === 403 && words.text.trim() !== "");

/** The field that a refusal is about. */
function fieldOf(error: unknown, { apiKey, headers, isGuarded }: Connection): string {
  if (!isGuarded) return "key";
  const refusal = providerErrorIn(error);
  if (refusal && headers && isGuarding(refusal)) return "access_client_secret";
  return refusal?.fault === "key" && apiKey ? "key" : "base_url";
}

/** Asks what somebody brings for its models. Throws `validation_failed` where it has none to tell, with the provider's own sentence at the field that it is about. */
export async function checkConnection(provider: Provider, connection: Connection, env: Env): Promise<ProviderCheck> {
  try {
    const listed = (await provider.list?.(connection, env)) ?? [];
    if (!connection.isGuarded) await provider.checkKey?.(connection, env);
    return { models: listed.map(({ name }) => name), lane: connection.lane };
  } catch (cause) {
    const failure = classifyModelFailure(cause);
    if (failure.code === "internal") throw cause;
    const message = withOwnWords(failure);
    throw new Problem("validation_failed", message, { cause, errors: [{ path: fieldOf(cause, connection), message }] });
  }
}
