import {
  browserSupportsWebAuthn,
  browserSupportsWebAuthnAutofill,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  sendSignal,
  startAuthentication,
  startRegistration,
  WebAuthnAbortService,
  WebAuthnError,
} from "@simplewebauthn/browser";
import { ApiError, type ApiProblem, fieldError, offlineProblem, problemOf } from "../../client/api-problem.ts";
import { callApi, readApi } from "../../client/call-api.ts";
import type { Passkey } from "../../workers/accounts/passkey-contract.ts";

export const hasPasskeys = browserSupportsWebAuthn;

const sentences: Record<string, string> = {
  NotAllowedError: "Nothing was chosen, or it took too long. Try again.",
  InvalidStateError: "This device has a passkey for your account already.",
  SecurityError: "Passkeys do not work at this address. Open the one that this installation is known by.",
  ConstraintError: "This device cannot ask who you are. Use another one.",
  NotSupportedError: "This device makes no passkeys of the kind that is needed. Use another one.",
};
const unknown = "Your browser could not do this. Try again, or use another device.";

/** Why a passkey came to nothing: what the API says, or what the browser does. */
export function passkeyProblem(error: unknown): ApiProblem {
  const isOfBrowser = error instanceof WebAuthnError || error instanceof DOMException;
  if (!isOfBrowser) return problemOf(error);
  return { ...offlineProblem, code: "passkey", detail: sentences[error.name] ?? unknown };
}

interface NewPasskey {
  name?: string;
  password?: string;
  code?: string;
}

/** Has the browser make a passkey for who is signed in. Throws what `passkeyProblem` tells. */
export async function addPasskey({ name, ...proof }: NewPasskey): Promise<Passkey> {
  const optionsJSON = await readApi<PublicKeyCredentialCreationOptionsJSON>("/auth/passkeys/options", {
    method: "POST",
    json: proof,
  });
  const credential = await startRegistration({ optionsJSON });
  return readApi<Passkey>("/auth/passkeys", { method: "POST", json: { name, credential } });
}

const signInOptions = () =>
  readApi<PublicKeyCredentialRequestOptionsJSON>("/auth/passkeys/sign-in/options", { method: "POST" });

/** What a person chose, which signs them in. */
export interface Chosen {
  rpId: string | undefined;
  credential: Awaited<ReturnType<typeof startAuthentication>>;
}

/** Has the browser ask for a passkey. Throws what `passkeyProblem` tells. */
export async function choosePasskey(): Promise<Chosen> {
  const optionsJSON = await signInOptions();
  return { rpId: optionsJSON.rpId, credential: await startAuthentication({ optionsJSON }) };
}

async function offeredInField(): Promise<Chosen | null> {
  try {
    if (!(await browserSupportsWebAuthnAutofill())) return null;
    const optionsJSON = await signInOptions();
    const credential = await startAuthentication({ optionsJSON, useBrowserAutofill: true });
    return { rpId: optionsJSON.rpId, credential };
  } catch {
    // Nobody has asked for it: whoever wants a passkey has the button, which says why it cannot be.
    return null;
  }
}

/** Before the challenge of an offer is five minutes old. */
const renewEvery = 4 * 60_000;

/** Offers passkeys where the address is typed, in browsers that can. Returns what ends the offer. */
export function offerInField(onChosen: (chosen: Chosen) => void): () => void {
  let isOver = false;
  const offer = async () => {
    const chosen = await offeredInField();
    if (chosen && !isOver) onChosen(chosen);
  };
  offer();
  const renewal = setInterval(offer, renewEvery);
  return () => {
    isOver = true;
    clearInterval(renewal);
    WebAuthnAbortService.cancelCeremony();
  };
}

/** Opens the session; its cookies come with the answer. Throws what `passkeyProblem` tells. */
export async function signInWith({ rpId, credential }: Chosen): Promise<void> {
  try {
    await callApi("/auth/passkeys/sign-in", { method: "POST", json: credential });
  } catch (error) {
    const isUnknown = error instanceof ApiError && fieldError(error.problem, "id") !== undefined;
    if (isUnknown && rpId) await forget(rpId, credential.id);
    throw error;
  }
}

/** Has the browser offer a passkey no more that was removed here, where it can. */
async function forget(rpID: string, credentialID: string): Promise<void> {
  try {
    await sendSignal({ signalName: "unknownCredential", rpID, credentialID });
  } catch {
    // It goes on to offer it, and is refused again.
  }
}
