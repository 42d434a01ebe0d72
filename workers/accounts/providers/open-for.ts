import type { Runtime } from "../../platform/runtime.ts";
import { type From, personAudit } from "../audit-person.ts";
import type { LoginAnswer } from "../contract.ts";
import type { WithCookies } from "../cookies.ts";
import type { Person } from "../person-queries.ts";
import { openSession } from "../session/open-session.ts";
import { toUser } from "../session/present-user.ts";
import { askForCode, type FirstStep } from "../two-factor.ts";
import { OAuthRefusal } from "./oauth-refusal.ts";

/** Where a sign-in by a provider came from. */
export interface Asking {
  request: Headers;
  from: From;
}

/** Opens a session for a person whom somebody else has vouched for, or asks for their code. Throws `OAuthRefusal`. */
export async function openFor(
  runtime: Runtime,
  person: Person,
  by: FirstStep,
  { request, from }: Asking,
): Promise<WithCookies<LoginAnswer>> {
  if (person.suspendedAt !== null) throw new OAuthRefusal("suspended");
  const waiting = await askForCode(runtime, person.id, by);
  if (waiting) return waiting;
  const event = { action: "session.started", details: { ...by } } as const;
  return openSession(runtime, toUser(person), request, await personAudit(runtime, person.id, from, event));
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
