import { and, eq, gt } from "drizzle-orm";
import { verifications } from "../../db/schema/accounts.ts";
import { newId } from "../../platform/ids.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { newSecret, secretHash } from "../secrets.ts";

/** Milliseconds in which a person touches their authenticator. */
export const patience = 5 * 60 * 1000;

/** What a challenge is for, and who may answer it: a session, or the browser that has a cookie. */
export interface Ceremony {
  purpose: "add" | "sign-in";
  holder: string;
}

const identifierOf = ({ purpose, holder }: Ceremony, challenge: string) =>
  `passkey:${secretHash(`passkey-${purpose}:${holder}`, challenge)}`;

/** A new challenge. What nobody answered is swept by the cron. */
export async function newChallenge({ db, clock }: Runtime, ceremony: Ceremony): Promise<string> {
  const challenge = newSecret();
  const at = new Date(clock.now());
  await db.insert(verifications).values({
    id: newId("attempt"),
    identifier: identifierOf(ceremony, challenge),
    value: "",
    expiresAt: new Date(clock.now() + patience),
    createdAt: at,
    updatedAt: at,
  });
  return challenge;
}

/** Takes a challenge: false where it is unknown, too old, was taken before, or is for something or somebody else. */
export async function takeChallenge({ db, clock }: Runtime, ceremony: Ceremony, challenge: string): Promise<boolean> {
  const taken = await db
    .delete(verifications)
    .where(
      and(
        eq(verifications.identifier, identifierOf(ceremony, challenge)),
        gt(verifications.expiresAt, new Date(clock.now())),
      ),
    )
    .returning({ id: verifications.id });
  return taken.length > 0;
}
