import type { z } from "zod";
import { Problem, refusedField } from "../../platform/errors.ts";
import { newId } from "../../platform/ids.ts";
import { personAudit } from "../audit-person.ts";
import { tags } from "../contract.ts";
import { mails, sendNotice } from "../mails.ts";
import { type OwnCall, ownOperation } from "../operation.ts";
import { addPasskeyInput, creationOptions, passkey, passkeyOptionsInput } from "../passkey-contract.ts";
import { insertPasskey, listPasskeyRows, mostPasskeys, passkeyByCredential } from "../passkey-queries.ts";
import { personById } from "../person-queries.ts";
import { isRecent, requireFresh } from "../read-session.ts";
import { deviceName } from "../session/device-name.ts";
import { requireBoth } from "../two-factor.ts";
import { newChallenge, patience, takeChallenge } from "./passkey-challenges.ts";
import { algorithms, challengeIn, site, verifyNewCredential } from "./passkey-verification.ts";
import { toPasskey } from "./passkeys.ts";

/** A passkey opens the account by itself: adding one takes what a sign-in takes. */
async function requireThemselves(call: OwnCall, { password, code }: z.output<typeof passkeyOptionsInput>) {
  const { db, session } = call;
  if (password !== undefined) return requireBoth(call, session, { password, code });
  if (isRecent(call, session)) return;
  const person = await personById(db, session.user.id);
  if (!person?.passwordHash) {
    throw new Problem("conflict", "Sign out and in again first: this takes a sign-in within the last ten minutes.");
  }
  requireFresh(call, session);
}

const tooMany = () =>
  new Problem("conflict", `You have ${mostPasskeys} passkeys, which is as many as one may have. Remove one first.`);

/** What the browser makes a passkey from. Throws `conflict`, `validation_failed`. */
export const beginPasskey = ownOperation({
  limit: "auth",
  summary: "Begin to add a passkey",
  description: "For `navigator.credentials.create()`. The challenge counts once, for five minutes, in this session.",
  tags,
  audit: { nothing: "a challenge is made" },
  input: passkeyOptionsInput,
  output: creationOptions,
  async run(call, { body }): Promise<z.output<typeof creationOptions>> {
    await requireThemselves(call, body);
    const { id: holder, user } = call.session;
    const own = await listPasskeyRows(call.db, user.id);
    if (own.length >= mostPasskeys) throw tooMany();
    return {
      challenge: await newChallenge(call, { purpose: "add", holder }),
      rp: { id: site(call).rpId, name: "Understudy" },
      user: { id: Buffer.from(user.id).toString("base64url"), name: user.email, displayName: user.name },
      pubKeyCredParams: algorithms.map((alg) => ({ type: "public-key", alg })),
      timeout: patience,
      excludeCredentials: own.map(({ credentialId: id, transports }) => ({ id, type: "public-key", transports })),
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
      attestation: "none",
    };
  },
});

const refused = (message: string) => refusedField("credential", message);

/** Adds the passkey that the browser made. Throws `conflict`, `validation_failed`. */
export const addPasskey = ownOperation({
  limit: "auth",
  summary: "Add a passkey",
  tags,
  audit: "passkey.added",
  input: addPasskeyInput,
  output: passkey,
  async run(call, { body: { name, credential } }) {
    const { db, clock, from, headers, session } = call;
    const { id: sessionId, user } = session;
    const challenge = challengeIn(credential.response.clientDataJSON);
    if (!challenge || !(await takeChallenge(call, { purpose: "add", holder: sessionId }, challenge))) {
      throw refused("That took too long, or was sent before. Try again.");
    }
    const made = await verifyNewCredential(call, credential, challenge);
    if (!made) throw refused("This passkey cannot be used here: it is not for this site, or did not ask who you are.");
    const now = clock.now();
    const row = {
      ...made,
      id: newId("passkey"),
      userId: user.id,
      name: name ?? deviceName(headers.get("User-Agent")),
      transports: credential.response.transports ?? [],
      createdAt: now,
      lastUsedAt: null,
    };
    const audit = await personAudit(call, user.id, from, { action: "passkey.added", details: { name: row.name } });
    if (!(await insertPasskey(db, row, { sessionId, now, audit }))) {
      if (await passkeyByCredential(db, row.credentialId)) {
        throw new Problem("conflict", "This passkey was added before. Use another device or password manager.");
      }
      if ((await listPasskeyRows(db, user.id)).length >= mostPasskeys) throw tooMany();
      throw new Problem("unauthenticated", "This session has ended. Sign in again.");
    }
    await sendNotice(call, mails.passkeyAdded(call, user.email, row.name));
    return toPasskey(row);
  },
});
