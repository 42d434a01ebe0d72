import type { Runtime } from "../platform/runtime.ts";
import { type From, personAudit } from "./audit-person.ts";
import { OAuthRefusal } from "./oauth-refusal.ts";
import { openSession } from "./open-session.ts";
import { toUser } from "./present-user.ts";
import type { Person } from "./queries.ts";
import { askForCode, type FirstStep } from "./two-factor.ts";

/** A sign-in by a provider that succeeded: a session, or a token that waits for the second factor. */
export interface OAuthSignedIn {
  cookies: string[];
  twoFactorToken?: string;
}

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
): Promise<OAuthSignedIn> {
  if (person.suspendedAt !== null) throw new OAuthRefusal("suspended");
  const waiting = await askForCode(runtime, person.id, by);
  if (waiting) return { cookies: waiting.cookies, twoFactorToken: waiting.body.two_factor_token };
  const audit = await personAudit(runtime, person.id, from, { action: "session.started", details: { ...by } });
  const { cookies } = await openSession(runtime, toUser(person), request, audit);
  return { cookies };
}
