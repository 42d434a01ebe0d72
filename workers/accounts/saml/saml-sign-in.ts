import type { SAML, SamlConfig } from "@node-saml/node-saml";
import { publicUrl } from "../../platform/http/public-url.ts";
import type { Runtime } from "../../platform/runtime.ts";
import type { Authorization } from "../providers/authorization-code.ts";
import { OAuthRefusal } from "../providers/oauth-refusal.ts";
import { type ReadAssertion, readAssertion, slack } from "./saml-assertion.ts";
import { requireSoundResponse } from "./saml-message.ts";
import { demand, SamlError } from "./saml-xml.ts";

/** A provider of SAML 2.0, as a workspace has named it. */
export interface SamlProvider {
  id: string;
  entityId: string;
  ssoUrl: string;
  /** PEM. No other key is believed, whatever a message brings. */
  certificates: string[];
}

/** What this installation is to a provider: another service for each connection, so that no assertion counts for two. */
export function serviceOf({ config }: Pick<Runtime, "config">, connection: string) {
  const base = `${publicUrl(config)}/api/v1/auth/sso/${connection}`;
  return { entityId: `${base}/metadata`, acsUrl: `${base}/acs` };
}

/** An ID of XML begins with no digit. */
const requestIdOf = (nonce: string) => `_${nonce}`;

/** The library, with nothing left to its defaults that decides over trust. Lazy: it is large, and few sign in this way. */
async function libraryFor(runtime: Runtime, provider: SamlProvider, requestId: string): Promise<SAML> {
  const { SAML: Saml, ValidateInResponseTo } = await import("@node-saml/node-saml");
  const { entityId, acsUrl } = serviceOf(runtime, provider.id);
  const began = new Date(runtime.clock.now()).toISOString();
  const config: SamlConfig = {
    entryPoint: provider.ssoUrl,
    callbackUrl: acsUrl,
    issuer: entityId,
    audience: entityId,
    idpIssuer: provider.entityId,
    idpCert: provider.certificates,
    wantAssertionsSigned: true,
    wantAuthnResponseSigned: false,
    acceptedClockSkewMs: slack,
    identifierFormat: null,
    disableRequestedAuthnContext: true,
    generateUniqueId: () => requestId,
    validateInResponseTo: ValidateInResponseTo.always,
    // Which request it was stands in the state that was taken; the library is told of this one alone.
    cacheProvider: {
      saveAsync: async () => null,
      getAsync: async (key) => (key === requestId ? began : null),
      removeAsync: async () => null,
    },
  };
  return new Saml(config);
}

/** Where a browser is sent to sign in at a provider of SAML. */
export async function samlAuthorization(
  runtime: Runtime,
  provider: SamlProvider,
  { state, nonce }: Pick<Authorization, "state" | "nonce">,
): Promise<URL> {
  const library = await libraryFor(runtime, provider, requestIdOf(nonce));
  return new URL(await library.getAuthorizeUrlAsync(state, undefined, {}));
}

/** The text in a form's field. Throws `SamlError` for what is no base64 of UTF-8. */
function decoded(field: string): string {
  const base64 = field.replace(/\s/g, "");
  demand(/^[A-Za-z0-9+/]+={0,2}$/.test(base64), "The response is no base64.");
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(base64, "base64"));
  } catch {
    throw new SamlError("The response is no UTF-8.");
  }
}

/**
 * Who signed in at a provider of SAML, by its answer to the request with `nonce`. Read twice: the library verifies the signature by
 * the connection's certificates, and what it has verified is held against every rule here. Throws `OAuthRefusal`.
 */
export async function samlIdentity(
  runtime: Runtime,
  provider: SamlProvider,
  { response, nonce }: { response: string; nonce: string },
): Promise<ReadAssertion> {
  const requestId = requestIdOf(nonce);
  const { entityId: audience, acsUrl } = serviceOf(runtime, provider.id);
  const expected = { entityId: provider.entityId, audience, acsUrl, requestId, now: runtime.clock.now() };
  try {
    const xml = decoded(response);
    const id = await requireSoundResponse(xml, expected);
    const library = await libraryFor(runtime, provider, requestId);
    const SAMLResponse = Buffer.from(xml).toString("base64");
    const { profile } = await library.validatePostResponseAsync({ SAMLResponse });
    const read = await readAssertion(profile?.getAssertionXml?.() ?? "", expected);
    demand(read.id === id && read.id !== "", "What was signed is another assertion.");
    demand(read.identity.subject === profile?.nameID?.trim(), "Two readers of the assertion differ.");
    return read;
  } catch (error) {
    if (error instanceof OAuthRefusal) throw error;
    throw new OAuthRefusal("provider_failed", error);
  }
}
