import type { z } from "zod";
import { Problem, refusedField } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { type From, personAudit } from "../audit-person.ts";
import { mails, sendNotice } from "../mails.ts";
import type { addPasskeyInput, creationOptions, Passkey, passkeyOptionsInput } from "../passkey-contract.ts";
import { insertPasskey, listPasskeyRows, mostPasskeys, passkeyByCredential } from "../passkey-queries.ts";
import { personById } from "../person-queries.ts";
import { isRecent, requireFresh, type Session } from "../read-session.ts";
import { deviceName } from "../session/device-name.ts";
import { requireBoth } from "../two-factor.ts";
import { newChallenge, patience, takeChallenge } from "./passkey-challenges.ts";
import { algorithms, challengeIn, site, verifyNewCredential } from "./passkey-verification.ts";
import { toPasskey } from "./passkeys.ts";

type Options = z.output<typeof creationOptions>;

/** A passkey opens the account by itself: adding one takes what a sign-in takes. */
async function requireThemselves(
  runtime: Runtime,
  session: Session,
  { password, code }: z.output<typeof passkeyOptionsInput>,
): Promise<void> {
  if (password !== undefined) return requireBoth(runtime, session, { password, code });
  if (isRecent(runtime, session)) return;
  const person = await personById(runtime.db, session.user.id);
  if (!person?.passwordHash) {
    throw new Problem("conflict", "Sign out and in again first: this takes a sign-in within the last ten minutes.");
  }
  requireFresh(runtime, session);
}

const tooMany = () =>
  new Problem("conflict", `You have ${mostPasskeys} passkeys, which is as many as one may have. Remove one first.`);

/** What the browser makes a passkey from, within five minutes and this session. Throws `conflict`, `validation_failed`. */
export async function passkeyOptions(
  runtime: Runtime,
  session: Session,
  input: z.output<typeof passkeyOptionsInput>,
): Promise<Options> {
  await requireThemselves(runtime, session, input);
  const { user } = session;
  const own = await listPasskeyRows(runtime.db, user.id);
  if (own.length >= mostPasskeys) throw tooMany();
  return {
    challenge: await newChallenge(runtime, { purpose: "add", holder: session.id }),
    rp: { id: site(runtime).rpId, name: "Understudy" },
    user: { id: Buffer.from(user.id).toString("base64url"), name: user.email, displayName: user.name },
    pubKeyCredParams: algorithms.map((alg) => ({ type: "public-key", alg })),
    timeout: patience,
    excludeCredentials: own.map(({ credentialId: id, transports }) => ({ id, type: "public-key", transports })),
    authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
    attestation: "none",
  };
}

const refused = (message: string) => refusedField("credential", message);

/** Adds the passkey that the browser made. Throws `conflict`, `validation_failed`. */
export async function addPasskey(
  runtime: Runtime,
  { id: sessionId, user }: Session,
  { name, credential }: z.output<typeof addPasskeyInput>,
  { from, userAgent }: { from: From; userAgent: string | null },
): Promise<Passkey> {
  const challenge = challengeIn(credential.response.clientDataJSON);
  if (!challenge || !(await takeChallenge(runtime, { purpose: "add", holder: sessionId }, challenge))) {
    throw refused("That took too long, or was sent before. Try again.");
  }
  const made = await verifyNewCredential(runtime, credential, challenge);
  if (!made) throw refused("This passkey cannot be used here: it is not for this site, or did not ask who you are.");
  const { db } = runtime;
  const now = runtime.clock.now();
  const row = {
    ...made,
    id: newId("passkey"),
    userId: user.id,
    name: name ?? deviceName(userAgent),
    transports: credential.response.transports ?? [],
    createdAt: now,
    lastUsedAt: null,
  };
  const audit = await personAudit(runtime, user.id, from, { action: "passkey.added", details: { name: row.name } });
  if (!(await insertPasskey(db, row, { sessionId, now, audit }))) {
    if (await passkeyByCredential(db, row.credentialId)) {
      throw new Problem("conflict", "This passkey was added before. Use another device or password manager.");
    }
    if ((await listPasskeyRows(db, user.id)).length >= mostPasskeys) throw tooMany();
    throw new Problem("unauthenticated", "This session has ended. Sign in again.");
  }
  await sendNotice(runtime, mails.passkeyAdded(runtime, user.email, row.name));
  return toPasskey(row);
}
