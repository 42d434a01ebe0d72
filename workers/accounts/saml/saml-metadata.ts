import { X509Certificate } from "node:crypto";
import { escapeHtml } from "../../platform/http/html.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { type SamlProvider, serviceOf } from "./saml-sign-in.ts";
import { allNamed, demand, named, ns, only, parseXml, SamlError, textOf } from "./saml-xml.ts";

const binding = "urn:oasis:names:tc:SAML:2.0:bindings";
const smallestKey = 2048;

/** What this installation tells a provider of itself (SAML 2.0 Metadata). */
export function serviceMetadata(runtime: Runtime, connection: string): string {
  const { entityId, acsUrl } = serviceOf(runtime, connection);
  return `<?xml version="1.0" encoding="UTF-8"?>
<EntityDescriptor xmlns="${ns.metadata}" entityID="${escapeHtml(entityId)}">
  <SPSSODescriptor AuthnRequestsSigned="false" WantAssertionsSigned="true" protocolSupportEnumeration="${ns.protocol}">
    <NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</NameIDFormat>
    <NameIDFormat>urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress</NameIDFormat>
    <AssertionConsumerService index="0" isDefault="true" Binding="${binding}:HTTP-POST" Location="${escapeHtml(acsUrl)}"/>
  </SPSSODescriptor>
</EntityDescriptor>
`;
}

/** A certificate in PEM, whose key is good enough to believe. Takes what stands between the dashes, too. Throws `SamlError`. */
export function readCertificate(text: string): string {
  const base64 = text.replace(/-----(BEGIN|END) CERTIFICATE-----/g, "").replace(/\s/g, "");
  demand(/^[A-Za-z0-9+/]{100,}={0,2}$/.test(base64), "This is no certificate in PEM.");
  const pem = `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{64}(?=.)/g, "$&\n")}\n-----END CERTIFICATE-----\n`;
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    throw new SamlError("This certificate cannot be read.");
  }
  const { asymmetricKeyType, asymmetricKeyDetails } = certificate.publicKey;
  const bits = asymmetricKeyDetails?.modulusLength ?? 0;
  demand(
    asymmetricKeyType === "rsa" && bits >= smallestKey,
    "The certificate must be for an RSA key of 2,048 bits or more.",
  );
  return pem;
}

/** What people compare a certificate by, and until when it says that it counts. */
export function describeCertificate(pem: string): { fingerprint: string; expires_at: string } {
  const { fingerprint256, validTo } = new X509Certificate(pem);
  return { fingerprint: fingerprint256, expires_at: new Date(validTo).toISOString() };
}

/** What a provider's description says of it. Throws `SamlError`. */
export async function readMetadata(xml: string): Promise<Omit<SamlProvider, "id">> {
  const root = await parseXml(xml.trim(), "description");
  const entities = allNamed(root, "EntityDescriptor").filter(
    (each) => named(each, "metadata", "IDPSSODescriptor").length > 0,
  );
  const [entity, ...more] = entities;
  demand(entity !== undefined && more.length === 0, "The metadata must describe one identity provider.");
  const provider = only(entity, "metadata", "IDPSSODescriptor");
  const service = named(provider, "metadata", "SingleSignOnService").find(
    (each) => each.getAttribute("Binding") === `${binding}:HTTP-Redirect`,
  );
  demand(service !== undefined, "The metadata names no single sign-on by HTTP-Redirect.");
  const keys = named(provider, "metadata", "KeyDescriptor").filter((each) =>
    ["", "signing"].includes(each.getAttribute("use") ?? ""),
  );
  const certificates = keys
    .flatMap((key) => allNamed(key, "X509Certificate"))
    .map((each) => readCertificate(textOf(each)));
  demand(certificates.length > 0, "The metadata names no certificate that responses are signed by.");
  return {
    entityId: entity.getAttribute("entityID") ?? "",
    ssoUrl: service.getAttribute("Location") ?? "",
    certificates: [...new Set(certificates)],
  };
}
