import type { Runtime } from "../../platform/runtime.ts";
import { newSecret, secretHash } from "../secrets.ts";
import { insertVerification, takeVerification } from "../verification-queries.ts";

/** Milliseconds in which a person touches their authenticator. */
export const patience = 5 * 60 * 1000;

/** What a challenge is for, and who may answer it: a session, or the browser that has a cookie. */
export interface Ceremony {
  purpose: "add" | "sign-in";
  holder: string;
}

const identifierOf = ({ purpose, holder }: Ceremony, challenge: string) =>
  `passkey:${secretHash(`passkey-${purpose}:${holder}`, challenge)}`;

/** A new challenge. */
export async function newChallenge({ db, clock }: Runtime, ceremony: Ceremony): Promise<string> {
  const challenge = newSecret();
  const identifier = identifierOf(ceremony, challenge);
  await insertVerification(db, { identifier, value: "", lifetime: patience }, clock.now());
  return challenge;
}

/** Takes a challenge: false where it is unknown, too old, was taken before, or is for something or somebody else. */
export const takeChallenge = async ({ db, clock }: Runtime, ceremony: Ceremony, challenge: string): Promise<boolean> =>
  (await takeVerification(db, identifierOf(ceremony, challenge), clock.now())) !== null;
