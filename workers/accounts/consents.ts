import type { Origin } from "../audit/origin.ts";
import { iso } from "../platform/clock.ts";
import type { Config } from "../platform/config/config.ts";
import { Problem, refusedField } from "../platform/errors.ts";
import { openOperation } from "../platform/open-operation.ts";
import type { Runtime } from "../platform/runtime.ts";
import { personAudit } from "./audit-person.ts";
import { type Consent, consent, consentInput, consentList, type Policy, policy } from "./consent-contract.ts";
import { type ConsentRow, findConsent, insertConsent, listConsents, type NewConsent } from "./consent-queries.ts";
import { tags } from "./contract.ts";
import { type AccountCall, ownOperation } from "./operation.ts";

const longestAgent = 300;

/** What this installation asks people to agree to. */
export const policyOf = ({ TERMS_URL, PRIVACY_URL, POLICY_VERSION }: Config): Policy => ({
  version: POLICY_VERSION ?? null,
  terms_url: TERMS_URL ?? null,
  privacy_url: PRIVACY_URL ?? null,
});

export const readPolicy = openOperation({
  summary: "The terms and the privacy policy, and which version signing up takes",
  tags,
  output: policy,
  run: ({ config }) => policyOf(config),
});

export const presentConsent = (row: ConsentRow): Consent => ({
  version: row.version,
  agreed_at: iso(row.createdAt),
  terms_url: row.termsUrl,
  privacy_url: row.privacyUrl,
  address: row.address,
  agent: row.agent,
});

export const readConsents = ownOperation({
  summary: "What you agreed to, newest first",
  tags,
  output: consentList,
  async run({ db, session }) {
    return { data: (await listConsents(db, session.user.id)).map(presentConsent), next_cursor: null };
  },
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
export const consentAtSignUp = ({ config, from }: AccountCall, accepted: string | undefined) =>
  consentTo(config, accepted, "accept_policy", from);

/** Throws `conflict` where nobody is asked, `validation_failed`. */
export const giveConsent = ownOperation({
  summary: "Agree to the present version of the terms and the privacy policy",
  description: "It is noted once, with address and browser, and is never changed.",
  tags,
  audit: "consent.given",
  input: consentInput,
  output: consent,
  async run(call, { body: { version } }) {
    const { db, config, clock, from, session } = call;
    const { id: userId } = session.user;
    const given = consentTo(config, version, "version", from);
    if (!given) throw new Problem("conflict", "There is nothing to agree to here.");
    const event = { action: "consent.given", details: { version } } as const;
    const audit = await personAudit(call, userId, from, event);
    const [made] = await db.batch([insertConsent(db, userId, given, clock.now()), ...audit]);
    const row = made[0] ?? (await findConsent(db, userId, version));
    if (!row) throw new Problem("unauthenticated", "Sign in to do this.");
    return presentConsent(row);
  },
});

/** What a person has still to agree to; null where they have, or nobody is asked. */
export async function policyToAccept(runtime: Runtime, userId: string): Promise<Policy | null> {
  const present = policyOf(runtime.config);
  if (present.version === null) return null;
  return (await findConsent(runtime.db, userId, present.version)) ? null : present;
}
