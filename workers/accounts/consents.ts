import { type Origin, originOf } from "../audit/origin.ts";
import { iso } from "../platform/clock.ts";
import type { Config } from "../platform/config/config.ts";
import { Problem, refusedField } from "../platform/errors.ts";
import type { Runtime } from "../platform/runtime.ts";
import { type From, personAudit } from "./audit-person.ts";
import type { Consent, Policy } from "./consent-contract.ts";
import { type ConsentRow, findConsent, insertConsent, type NewConsent } from "./consent-queries.ts";

const longestAgent = 300;

/** What this installation asks people to agree to. */
export const policyOf = ({ TERMS_URL, PRIVACY_URL, POLICY_VERSION }: Config): Policy => ({
  version: POLICY_VERSION ?? null,
  terms_url: TERMS_URL ?? null,
  privacy_url: PRIVACY_URL ?? null,
});

export const presentConsent = (row: ConsentRow): Consent => ({
  version: row.version,
  agreed_at: iso(row.createdAt),
  terms_url: row.termsUrl,
  privacy_url: row.privacyUrl,
  address: row.address,
  agent: row.agent,
});

/** The consent to `accepted`, which has to be the present version; null where nobody is asked. Throws `validation_failed` on `path`. */
function consentTo(config: Config, accepted: string | undefined, path: string, from: Origin): NewConsent | null {
  const { version, terms_url, privacy_url } = policyOf(config);
  if (version === null || terms_url === null || privacy_url === null) return null;
  if (accepted !== version) {
    throw refusedField(
      path,
      accepted
        ? `The terms have changed. Read them again, and agree to version “${version}”.`
        : "Agree to the terms and the privacy policy to go on.",
    );
  }
  const agent = from.agent?.slice(0, longestAgent) ?? null;
  return { version, termsUrl: terms_url, privacyUrl: privacy_url, address: from.address, agent };
}

/** The consent that signing up takes; null where it takes none. Throws `validation_failed`. */
export const consentAtSignUp = (runtime: Runtime, accepted: string | undefined, request: Headers) =>
  consentTo(runtime.config, accepted, "accept_policy", originOf(runtime, request));

/** Notes that a person agrees to the present version, once. Throws `conflict` where nobody is asked, `validation_failed`. */
export async function giveConsent(runtime: Runtime, userId: string, version: string, from: From): Promise<Consent> {
  const { db } = runtime;
  const given = consentTo(runtime.config, version, "version", from);
  if (!given) throw new Problem("conflict", "There is nothing to agree to here.");
  const event = { action: "consent.given", details: { version } } as const;
  const audit = await personAudit(runtime, userId, from, event);
  const [made] = await db.batch([insertConsent(db, userId, given, runtime.clock.now()), ...audit]);
  const row = made[0] ?? (await findConsent(db, userId, version));
  if (!row) throw new Problem("unauthenticated", "Sign in to do this.");
  return presentConsent(row);
}

/** What a person has still to agree to; null where they have, or nobody is asked. */
export async function policyToAccept(runtime: Runtime, userId: string): Promise<Policy | null> {
  const policy = policyOf(runtime.config);
  if (policy.version === null) return null;
  return (await findConsent(runtime.db, userId, policy.version)) ? null : policy;
}
