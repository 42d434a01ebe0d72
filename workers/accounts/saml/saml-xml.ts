export const ns = {
  protocol: "urn:oasis:names:tc:SAML:2.0:protocol",
  assertion: "urn:oasis:names:tc:SAML:2.0:assertion",
  metadata: "urn:oasis:names:tc:SAML:2.0:metadata",
  signature: "http://www.w3.org/2000/09/xmldsig#",
} as const;

/** Thrown for XML that is not what it has to be; the message says what is wrong, and quotes nothing secret. */
export class SamlError extends Error {
  override name = "SamlError";
}

export function demand(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new SamlError(otherwise);
}

/** What is read of a node; the types of browsers and of Workers have other elements by the same name. */
interface XmlNode {
  nodeType: number;
  nodeValue: string | null;
}
export interface XmlElement extends XmlNode {
  localName: string;
  namespaceURI: string | null;
  childNodes: ArrayLike<XmlNode>;
  attributes: ArrayLike<{ name: string; value: string }>;
  getAttribute(name: string): string | null;
  hasAttribute(name: string): boolean;
}

/** What may not stand in XML: with it, two readers of the same text can come to read different things, or fetch and expand entities. */
const unwanted = {
  message: /<[!?]/,
  /** Descriptions are written by people, with comments. */
  description: /<(?!!--)[!?]/,
} as const;

/** The root of XML that has no DTD, no entities, no processing instruction and, in a message, no comment and no CDATA. Throws `SamlError`. */
export async function parseXml(text: string, kind: keyof typeof unwanted): Promise<XmlElement> {
  const body = text.replace(/^<\?xml [^<>]*\?>/, "");
  demand(!unwanted[kind].test(body), "The XML holds a DTD, a comment or an instruction, which it may not.");
  const { DOMParser } = await import("@xmldom/xmldom");
  const fail = (message: unknown) => {
    throw new SamlError(`The XML cannot be read: ${String(message).split("\n")[0]?.slice(0, 120)}`);
  };
  const parser = new DOMParser({ errorHandler: { warning: fail, error: fail, fatalError: fail } });
  const root = parser.parseFromString(body, "text/xml")?.documentElement as unknown as XmlElement | null;
  demand(root !== null && root !== undefined, "The XML is empty.");
  return root;
}

const isElement = (node: XmlNode): node is XmlElement => node.nodeType === 1;

/** The elements right under `parent`; `childNodes` there is no array. */
export function childrenOf(parent: XmlElement): XmlElement[] {
  return Array.from(parent.childNodes).filter(isElement);
}

export const named = (parent: XmlElement, space: keyof typeof ns, name: string): XmlElement[] =>
  childrenOf(parent).filter((each) => each.namespaceURI === ns[space] && each.localName === name);

/** The one element of its name right under `parent`. Throws `SamlError` for none and for several. */
export function only(parent: XmlElement, space: keyof typeof ns, name: string): XmlElement {
  const [found, ...more] = named(parent, space, name);
  demand(found !== undefined && more.length === 0, `${parent.localName} must have one ${name}, and has not.`);
  return found;
}

/** All elements of a local name below `root`, itself included, in whatever namespace. */
export function allNamed(root: XmlElement, name: string): XmlElement[] {
  const own = root.localName === name ? [root] : [];
  return [...own, ...childrenOf(root).flatMap((each) => allNamed(each, name))];
}

/** The text of an element that holds nothing else. Throws `SamlError`. */
export function textOf(element: XmlElement): string {
  const parts = Array.from(element.childNodes);
  demand(
    parts.every(({ nodeType }) => nodeType === 3),
    `${element.localName} may hold text alone.`,
  );
  return parts.map((part) => part.nodeValue ?? "").join("");
}

/** Requires an attribute to be exactly `expected`. Throws `SamlError`. */
export function demandAttribute(element: XmlElement, name: string, expected: string): void {
  const actual = element.hasAttribute(name) ? `“${element.getAttribute(name)?.slice(0, 200)}”` : "missing";
  demand(
    element.getAttribute(name) === expected,
    `${name} of ${element.localName} is ${actual}, and must be “${expected}”.`,
  );
}
