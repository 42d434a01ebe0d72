import type { Runtime } from "../../platform/runtime.ts";
import type { LoginAnswer } from "../contract.ts";
import type { WithCookies } from "../cookies.ts";
import type { Newcomer } from "./oauth-agreement.ts";
import type { Identity } from "./oauth-identity.ts";
import { type Asking, openFor } from "./open-for.ts";
import { type Authority, newcomerIn, personOf } from "./whose-account.ts";

/** Who says that somebody is somebody. */
export interface Identifier extends Authority {
  /** As the audit log has it. */
  id: string;
}

/** Opens a session for whoever a provider says it is, or asks for a code; names the newcomer who has to agree to the terms first. Throws `OAuthRefusal`. */
export async function signInIdentified(
  runtime: Runtime,
  provider: Identifier,
  identity: Identity,
  asking: Asking,
): Promise<WithCookies<LoginAnswer> | { newcomer: Newcomer }> {
  const newcomer = await newcomerIn(runtime, provider, identity);
  if (newcomer) return { newcomer };
  return openFor(runtime, await personOf(runtime, provider, identity), { by: provider.id }, asking);
}
