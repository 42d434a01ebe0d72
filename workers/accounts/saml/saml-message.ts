import { OAuthRefusal } from "../providers/oauth-refusal.ts";
import {
  allNamed,
  childrenOf,
  demand,
  demandAttribute,
  named,
  ns,
  only,
  parseXml,
  textOf,
  type XmlElement,
} from "./saml-xml.ts";

/** What a response has to fit: who was asked, by which request, and where the answer belongs. */
export interface SamlExpectation {
  /** The provider's own name. */
  entityId: string;
  /** Ours, which the assertion must be for. */
  audience: string;
  /** Where it must have been sent. */
  acsUrl: string;
  requestId: string;
  /** Milliseconds. */
  now: number;
}

const success = "urn:oasis:names:tc:SAML:2.0:status:Success";
/** What a provider says where somebody did not finish. */
const cancelled = /:status:(AuthnFailed|RequestDenied)$/;
const xmldsig = "http://www.w3.org/2001/04/xmldsig-more#";
const exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#";
/** RSA over SHA-256 and up; the canonical forms leave comments out. */
const allowed = {
  CanonicalizationMethod: [exclusive, "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"],
  SignatureMethod: [`${xmldsig}rsa-sha256`, `${xmldsig}rsa-sha512`],
  DigestMethod: ["http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2001/04/xmlenc#sha512"],
  Transform: [`${ns.signature}enveloped-signature`, exclusive],
} as const;

function demandAlgorithm(element: XmlElement, name: keyof typeof allowed): void {
  const algorithm = element.getAttribute("Algorithm") ?? "";
  const list: readonly string[] = allowed[name];
  demand(list.includes(algorithm), `${name} “${algorithm.slice(0, 100)}” is not taken. Sign with RSA and SHA-256.`);
}

/** Requires a signature to be of the element that it stands in, of that alone, and by algorithms that hold. */
function demandSignature(signature: XmlElement, of: XmlElement): void {
  demand(
    childrenOf(signature).every(({ localName }) => localName !== "Object"),
    "A signature may not carry objects.",
  );
  const info = only(signature, "signature", "SignedInfo");
  demandAlgorithm(only(info, "signature", "CanonicalizationMethod"), "CanonicalizationMethod");
  demandAlgorithm(only(info, "signature", "SignatureMethod"), "SignatureMethod");
  const reference = only(info, "signature", "Reference");
  demandAttribute(reference, "URI", `#${of.getAttribute("ID")}`);
  demandAlgorithm(only(reference, "signature", "DigestMethod"), "DigestMethod");
  const transforms = named(only(reference, "signature", "Transforms"), "signature", "Transform");
  demand(transforms.length > 0 && transforms.length <= 2, "A signature has one or two transforms.");
  for (const transform of transforms) demandAlgorithm(transform, "Transform");
}

function demandUniqueIds(root: XmlElement): void {
  const seen = new Set<string>();
  const walk = (element: XmlElement) => {
    for (const { name, value } of Array.from(element.attributes)) {
      if (!/^(.*:)?id$/i.test(name)) continue;
      demand(/^[\w.-]{1,200}$/.test(value), "An ID holds characters that none has.");
      demand(!seen.has(value), "Two elements have the same ID.");
      seen.add(value);
    }
    childrenOf(element).forEach(walk);
  };
  walk(root);
}

/** Tells why a provider did not sign somebody in. Its answer need not be signed: it signs in nobody. Throws `OAuthRefusal`. */
function demandSuccess(response: XmlElement): void {
  const codes = allNamed(only(response, "protocol", "Status"), "StatusCode").map((each) => each.getAttribute("Value"));
  if (codes[0] === success) return;
  const isCancelled = codes.some((code) => cancelled.test(code ?? ""));
  const why = new Error(`the provider answered ${codes.join(", ").slice(0, 200)}`);
  throw new OAuthRefusal(isCancelled ? "cancelled" : "provider_failed", why);
}

/**
 * Reads a response's form before anything in it is believed: one assertion, right under the response and signed by itself; no
 * signature of anything else; nothing that could be taken for the signed one. Returns the assertion's ID. Throws `SamlError`, `OAuthRefusal`.
 */
export async function requireSoundResponse(xml: string, expected: SamlExpectation): Promise<string> {
  const response = await parseXml(xml, "message");
  demand(
    response.localName === "Response" && response.namespaceURI === ns.protocol,
    "The message is no response of SAML 2.0.",
  );
  demandAttribute(response, "Version", "2.0");
  demandAttribute(response, "InResponseTo", expected.requestId);
  if (response.hasAttribute("Destination")) demandAttribute(response, "Destination", expected.acsUrl);
  for (const issuer of named(response, "assertion", "Issuer")) demandIssuer(issuer, expected);
  demandSuccess(response);
  demand(
    allNamed(response, "EncryptedAssertion").length === 0,
    "Encrypted assertions are not taken: turn encryption off at the provider, as all travels by https.",
  );
  demandUniqueIds(response);
  const assertion = only(response, "assertion", "Assertion");
  for (const [name, holder] of [
    ["Assertion", assertion],
    ["Response", response],
  ] as const) {
    const all = allNamed(response, name);
    demand(all.length === 1 && all[0] === holder, `There is more than one ${name}.`);
  }
  const own = only(assertion, "signature", "Signature");
  const [outer, ...more] = named(response, "signature", "Signature");
  const signatures = allNamed(response, "Signature");
  demand(
    more.length === 0 && signatures.every((each) => each === own || each === outer),
    "A signature stands where none belongs.",
  );
  demandSignature(own, assertion);
  if (outer) {
    demandSignature(outer, response);
    demandAttribute(response, "Destination", expected.acsUrl);
  }
  return assertion.getAttribute("ID") ?? "";
}

export function demandIssuer(issuer: XmlElement, { entityId }: SamlExpectation): void {
  const said = textOf(issuer).trim();
  demand(said === entityId, `The issuer is “${said.slice(0, 200)}”, and “${entityId}” is set.`);
}
