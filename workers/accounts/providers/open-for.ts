import { personAudit } from "../audit-person.ts";
import type { LoginAnswer } from "../contract.ts";
import type { WithCookies } from "../cookies.ts";
import type { AccountCall } from "../operation.ts";
import type { Person } from "../person-queries.ts";
import { openSession } from "../session/open-session.ts";
import { toUser } from "../session/present-user.ts";
import { askForCode, type FirstStep } from "../two-factor.ts";
import { OAuthRefusal } from "./oauth-refusal.ts";

/** Opens a session for a person whom somebody else has vouched for, or asks for their code. Throws `OAuthRefusal`. */
export async function openFor(call: AccountCall, person: Person, by: FirstStep): Promise<WithCookies<LoginAnswer>> {
  if (person.suspendedAt !== null) throw new OAuthRefusal("suspended");
  const waiting = await askForCode(call, person.id, by);
  if (waiting) return waiting;
  const event = { action: "session.started", details: { ...by } } as const;
  return openSession(call, toUser(person), await personAudit(call, person.id, call.from, event));
}

/** A sign-in that succeeded in a browser: a session, or a token that waits for the second factor, or for a newcomer to agree. */
export interface OAuthSignedIn {
  cookies: string[];
  twoFactorToken?: string;
  agreementToken?: string;
}

/** What a browser needs of an answer, whose tokens are for programs. */
export function inBrowser({ body, cookies }: WithCookies<LoginAnswer>): OAuthSignedIn {
  return "two_factor_required" in body ? { cookies, twoFactorToken: body.two_factor_token } : { cookies };
}
