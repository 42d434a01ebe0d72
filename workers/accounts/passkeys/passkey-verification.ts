import { z } from "zod";
import { publicUrl } from "../../platform/http/public-url.ts";
import type { Runtime } from "../../platform/runtime.ts";
import type { Assertion, NewCredential } from "../passkey-contract.ts";
import type { PasskeyRow } from "../passkey-queries.ts";

/** ES256, EdDSA and RS256, as COSE numbers them: whatever authenticators are made today has one of these. */
export const algorithms = [-7, -8, -257];

/** What a passkey belongs to: the address that people see, and its host. Never what a request says. */
export function site({ config }: Pick<Runtime, "config">): { origin: string; rpId: string } {
  const { origin, hostname } = new URL(publicUrl(config));
  return { origin, rpId: hostname };
}

const clientData = z.object({ challenge: z.string().max(200), crossOrigin: z.boolean().optional() });

/** The challenge that a browser says it answers; null where it says none, or was asked by a frame in another site’s page. */
export function challengeIn(clientDataJSON: string): string | null {
  try {
    const said = clientData.parse(JSON.parse(Buffer.from(clientDataJSON, "base64url").toString()));
    return said.crossOrigin ? null : said.challenge;
  } catch {
    // Anybody may send anything.
    return null;
  }
}

/** The library throws for whatever it does not accept, in sentences for who runs this. */
async function unlessRefused<T>({ log }: Runtime, verify: () => Promise<T | null>): Promise<T | null> {
  try {
    return await verify();
  } catch (error) {
    log.info("passkey_refused", { reason: String(error).slice(0, 300) });
    return null;
  }
}

/**
 * What a new passkey is, once it is shown to be one for this site, made now, with its person verified by the authenticator; else null.
 * Who made the authenticator is not asked: certificates are refused, as checking them would fetch what they name.
 */
export function verifyNewCredential(
  runtime: Runtime,
  credential: NewCredential,
  challenge: string,
): Promise<Pick<PasskeyRow, "credentialId" | "publicKey" | "counter" | "deviceType" | "backedUp" | "aaguid"> | null> {
  return unlessRefused(runtime, async () => {
    const { verifyRegistrationResponse, decodeAttestationObject, isoBase64URL } = await import("./webauthn-library.ts");
    const attestation = decodeAttestationObject(isoBase64URL.toBuffer(credential.response.attestationObject));
    const isPlain = attestation.get("fmt") === "none";
    const isSelfSigned = attestation.get("fmt") === "packed" && !attestation.get("attStmt").get("x5c");
    if (!isPlain && !isSelfSigned) throw new Error(`Attestation “${attestation.get("fmt")}” was not asked for`);
    const { origin, rpId } = site(runtime);
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: { ...credential, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: algorithms,
    });
    if (!verified || registrationInfo.credential.id !== credential.id) return null;
    return {
      credentialId: registrationInfo.credential.id,
      publicKey: isoBase64URL.fromBuffer(registrationInfo.credential.publicKey),
      counter: registrationInfo.credential.counter,
      deviceType: registrationInfo.credentialDeviceType,
      backedUp: registrationInfo.credentialBackedUp,
      aaguid: registrationInfo.aaguid,
    };
  });
}

/** What an authenticator says as it signs, once the signature is shown to be the passkey's for this challenge; else null. */
export function verifyAssertion(
  runtime: Runtime,
  assertion: Assertion,
  passkey: PasskeyRow,
  challenge: string,
): Promise<Pick<PasskeyRow, "counter" | "backedUp"> | null> {
  return unlessRefused(runtime, async () => {
    const { verifyAuthenticationResponse } = await import("./webauthn-library.ts");
    const { origin, rpId } = site(runtime);
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { ...assertion, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: true,
      credential: {
        id: passkey.credentialId,
        publicKey: new Uint8Array(Buffer.from(passkey.publicKey, "base64url")),
        // The library would compare counts before the signature, which anybody could provoke: ours are compared as they are stored.
        counter: 0,
      },
    });
    const isTheSameKind = authenticationInfo.credentialDeviceType === passkey.deviceType;
    if (!verified || !isTheSameKind) return null;
    return { counter: authenticationInfo.newCounter, backedUp: authenticationInfo.credentialBackedUp };
  });
}
