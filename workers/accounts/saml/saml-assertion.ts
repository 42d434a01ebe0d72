import type { Identity } from "../providers/oauth-identity.ts";
import { demandIssuer, type SamlExpectation } from "./saml-message.ts";
import { childrenOf, demand, demandAttribute, named, ns, only, parseXml, textOf, type XmlElement } from "./saml-xml.ts";

/** Milliseconds by which the provider's clock may be off. */
export const slack = 60_000;
const bearer = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
const formats = { email: "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress" } as const;
const transient = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
const understood = ["AudienceRestriction", "OneTimeUse", "ProxyRestriction"];
const claims = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";
/** Attributes that hold an address and a name, as Entra ID, Okta, Google, Keycloak, ADFS and Shibboleth call them. */
const attributeNames = {
  email: [`${claims}/emailaddress`, "email", "mail", "emailAddress", "urn:oid:0.9.2342.19200300.100.1.3"],
  name: [
    "http://schemas.microsoft.com/identity/claims/displayname",
    "displayName",
    "urn:oid:2.16.840.1.113730.3.1.241",
  ],
  otherName: [`${claims}/name`, "name", "cn", "urn:oid:2.5.4.3"],
} as const;

/** What an assertion says, and until when it could be sent again. */
export interface ReadAssertion {
  id: string;
  identity: Identity;
  /** Milliseconds. */
  expiresAt: number;
}

/** A time of XML Schema in UTC, in ms. */
function timeOf(element: XmlElement, name: string): number | null {
  if (!element.hasAttribute(name)) return null;
  const text = element.getAttribute(name) ?? "";
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(text);
  const time = isTime ? Date.parse(text) : Number.NaN;
  demand(!Number.isNaN(time), `${name} of ${element.localName} is no time.`);
  return time;
}

/** Requires the present to lie within an element's times. Returns the end. */
function demandPresent(element: XmlElement, now: number): number | null {
  const [from, to] = [timeOf(element, "NotBefore"), timeOf(element, "NotOnOrAfter")];
  demand(from === null || now + slack >= from, `${element.localName} is not valid yet.`);
  demand(to === null || now - slack < to, `${element.localName} has expired.`);
  return to;
}

/** Requires that whoever brings the assertion is the one for whom it was asked, here and now. Returns until when it counts. */
function demandConfirmation(subject: XmlElement, { acsUrl, requestId, now }: SamlExpectation): number {
  const confirmation = only(subject, "assertion", "SubjectConfirmation");
  demandAttribute(confirmation, "Method", bearer);
  const data = only(confirmation, "assertion", "SubjectConfirmationData");
  demandAttribute(data, "Recipient", acsUrl);
  demandAttribute(data, "InResponseTo", requestId);
  const end = demandPresent(data, now);
  demand(end !== null, "The assertion does not say until when it counts.");
  return end;
}

function demandConditions(assertion: XmlElement, { audience, now }: SamlExpectation): void {
  const conditions = only(assertion, "assertion", "Conditions");
  demandPresent(conditions, now);
  const parts = childrenOf(conditions);
  const unknown = parts.find((each) => each.namespaceURI !== ns.assertion || !understood.includes(each.localName));
  demand(unknown === undefined, `The condition ${unknown?.localName} is not understood.`);
  const restrictions = named(conditions, "assertion", "AudienceRestriction");
  demand(restrictions.length > 0, "The assertion does not say for whom it is.");
  for (const restriction of restrictions) {
    const audiences = named(restriction, "assertion", "Audience").map((each) => textOf(each).trim());
    demand(
      audiences.includes(audience),
      `The assertion is for “${audiences.join(", ").slice(0, 200)}”, and not for “${audience}”.`,
    );
  }
}

/** The first value of each attribute. */
function attributesOf(assertion: XmlElement): Map<string, string> {
  const found = new Map<string, string>();
  const attributes = named(assertion, "assertion", "AttributeStatement").flatMap((statement) =>
    named(statement, "assertion", "Attribute"),
  );
  for (const attribute of attributes) {
    const [value] = named(attribute, "assertion", "AttributeValue");
    const name = attribute.getAttribute("Name") ?? "";
    demand(!found.has(name), `The attribute “${name.slice(0, 100)}” is there twice.`);
    // Some hold elements, which nothing here reads.
    if (value && childrenOf(value).length === 0) found.set(name, textOf(value).trim());
  }
  return found;
}

function identityOf(assertion: XmlElement, nameId: XmlElement): Identity {
  const subject = textOf(nameId).trim();
  demand(subject.length > 0 && subject.length <= 255, "The NameID is empty, or longer than 255 characters.");
  const format = nameId.getAttribute("Format") ?? "";
  demand(format !== transient, "The NameID is another at each sign-in. Set its format to persistent or emailAddress.");
  const attributes = attributesOf(assertion);
  const said = (names: readonly string[]) => names.map((name) => attributes.get(name)).find(Boolean);
  const isAddress = format === formats.email || subject.includes("@");
  const name = said(attributeNames.name) ?? said(attributeNames.otherName);
  // The domain is proven to be the organisation's, whose provider answers for the addresses in it.
  return { subject, email: said(attributeNames.email) ?? (isAddress ? subject : undefined), emailVerified: true, name };
}

/** Reads an assertion from the bytes that were signed, and from no others. Throws `SamlError`. */
export async function readAssertion(signed: string, expected: SamlExpectation): Promise<ReadAssertion> {
  const assertion = await parseXml(signed, "message");
  demand(
    assertion.localName === "Assertion" && assertion.namespaceURI === ns.assertion,
    "What was signed is no assertion.",
  );
  demandAttribute(assertion, "Version", "2.0");
  demandIssuer(only(assertion, "assertion", "Issuer"), expected);
  const subject = only(assertion, "assertion", "Subject");
  const nameId = only(subject, "assertion", "NameID");
  const end = demandConfirmation(subject, expected);
  demandConditions(assertion, expected);
  demand(
    named(assertion, "assertion", "AuthnStatement").length > 0,
    "The assertion does not say that anybody signed in.",
  );
  const id = assertion.getAttribute("ID") ?? "";
  return { id, identity: identityOf(assertion, nameId), expiresAt: end + slack };
}
