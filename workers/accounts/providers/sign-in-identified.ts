import type { LoginAnswer } from "../contract.ts";
import type { WithCookies } from "../cookies.ts";
import type { AccountCall } from "../operation.ts";
import type { Newcomer } from "./oauth-agreement.ts";
import type { Identity } from "./oauth-identity.ts";
import { openFor } from "./open-for.ts";
import { type Authority, newcomerIn, personOf } from "./whose-account.ts";

/** Who says that somebody is somebody. */
export interface Identifier extends Authority {
  /** As the audit log has it. */
  id: string;
}

/** Opens a session for whoever a provider says it is, or asks for a code; names the newcomer who has to agree to the terms first. Throws `OAuthRefusal`. */
export async function signInIdentified(
  call: AccountCall,
  provider: Identifier,
  identity: Identity,
): Promise<WithCookies<LoginAnswer> | { newcomer: Newcomer }> {
  const newcomer = await newcomerIn(call, provider, identity);
  if (newcomer) return { newcomer };
  return openFor(call, await personOf(call, provider, identity), { by: provider.id });
}
