import type { ZipArchive } from "../archive/zip-archive.ts";
import type { ReadingBudget } from "../budget.ts";
import { type DoctypeRule, readXml, type XmlReader } from "../markup/read-xml.ts";

const office = "http://schemas.openxmlformats.org/";
const strict = "http://purl.oclc.org/ooxml/";
const openDocument = "urn:oasis:names:tc:opendocument:xmlns:";

/** The prefixes that readers here know namespaces by; files may use any. */
const prefixes: Record<string, string> = {
  [`${office}wordprocessingml/2006/main`]: "w",
  [`${strict}wordprocessingml/main`]: "w",
  [`${office}spreadsheetml/2006/main`]: "x",
  [`${strict}spreadsheetml/main`]: "x",
  [`${office}presentationml/2006/main`]: "p",
  [`${strict}presentationml/main`]: "p",
  [`${office}drawingml/2006/main`]: "a",
  [`${strict}drawingml/main`]: "a",
  [`${office}drawingml/2006/chart`]: "c",
  [`${strict}drawingml/chart`]: "c",
  [`${office}drawingml/2006/diagram`]: "dgm",
  [`${strict}drawingml/diagram`]: "dgm",
  [`${office}drawingml/2006/picture`]: "pic",
  [`${strict}drawingml/picture`]: "pic",
  [`${office}drawingml/2006/wordprocessingDrawing`]: "wp",
  [`${strict}drawingml/wordprocessingDrawing`]: "wp",
  [`${office}drawingml/2006/spreadsheetDrawing`]: "xdr",
  [`${strict}drawingml/spreadsheetDrawing`]: "xdr",
  [`${office}officeDocument/2006/math`]: "m",
  [`${strict}officeDocument/math`]: "m",
  [`${office}officeDocument/2006/relationships`]: "r",
  [`${strict}officeDocument/relationships`]: "r",
  [`${office}markup-compatibility/2006`]: "mc",
  [`${office}package/2006/metadata/core-properties`]: "cp",
  "http://schemas.microsoft.com/office/drawing/2014/chartex": "cx",
  "http://schemas.microsoft.com/office/drawing/2010/main": "a14",
  "urn:schemas-microsoft-com:vml": "v",
  "urn:schemas-microsoft-com:office:office": "o",
  "http://purl.org/dc/elements/1.1/": "dc",
  "http://purl.org/dc/terms/": "dcterms",
  "http://www.w3.org/1999/xlink": "xlink",
  "http://www.w3.org/1998/Math/MathML": "math",
  ...Object.fromEntries(
    ["office", "style", "text", "table", "presentation", "chart", "meta", "manifest", "form", "script"].map((name) => [
      `${openDocument}${name}:1.0`,
      name,
    ]),
  ),
  "urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0": "field",
  [`${openDocument}drawing:1.0`]: "draw",
  [`${openDocument}datastyle:1.0`]: "number",
  [`${openDocument}xsl-fo-compatible:1.0`]: "fo",
  [`${openDocument}svg-compatible:1.0`]: "svg",
};

/** The prefixes that are in force, by those that the file uses, and names that were looked up in them. */
interface Scope {
  known: Map<string, string>;
  names: Map<string, string>;
}

/** Tells `reader` of elements and attributes by the usual prefixes of their namespaces, whatever prefixes the file has. */
class UsualPrefixes implements XmlReader {
  readonly #reader: XmlReader;
  readonly #budget: ReadingBudget;
  #scope: Scope = { known: new Map(), names: new Map() };
  /** The scopes outside of the open elements, where those have one of their own. */
  readonly #outer: (Scope | null)[] = [];

  constructor(reader: XmlReader, budget: ReadingBudget) {
    this.#reader = reader;
    this.#budget = budget;
  }

  open(name: string, attributes: Record<string, string>): void {
    const declared = Object.keys(attributes).filter((key) => key === "xmlns" || key.startsWith("xmlns:"));
    this.#outer.push(declared.length > 0 ? this.#scope : null);
    if (declared.length > 0) this.#declare(declared, attributes);
    this.#reader.open(this.#usual(name), this.#scope.known.size > 0 ? this.#usualKeys(attributes) : attributes);
  }

  close(name: string): void {
    this.#reader.close(this.#usual(name));
    this.#scope = this.#outer.pop() ?? this.#scope;
  }

  text(text: string): void {
    this.#reader.text(text);
  }

  #declare(declared: string[], attributes: Record<string, string>): void {
    const known = new Map(this.#scope.known);
    this.#budget.spend(known.size + declared.length);
    for (const key of declared) {
      const prefix = key.slice("xmlns:".length);
      const usual = prefixes[attributes[key] ?? ""];
      if (usual === undefined || usual === prefix) known.delete(prefix);
      else known.set(prefix, usual);
    }
    this.#scope = { known, names: new Map() };
  }

  #usual(name: string): string {
    if (this.#scope.known.size === 0) return name;
    const found = this.#scope.names.get(name);
    if (found !== undefined) return found;
    const colon = name.indexOf(":");
    const prefix = this.#scope.known.get(colon < 0 ? "" : name.slice(0, colon));
    const usual = prefix === undefined ? name : `${prefix}:${name.slice(colon + 1)}`;
    if (this.#scope.names.size < 1_000) this.#scope.names.set(name, usual);
    return usual;
  }

  /** Attributes without a prefix are in no namespace. */
  #usualKeys(attributes: Record<string, string>): Record<string, string> {
    const usual: Record<string, string> = {};
    for (const [key, value] of Object.entries(attributes)) usual[key.includes(":") ? this.#usual(key) : key] = value;
    return usual;
  }
}

/** Streams a part of an office document through `reader`, with the usual prefixes of all namespaces. */
export function readOfficeXml(
  archive: ZipArchive,
  part: string,
  budget: ReadingBudget,
  reader: XmlReader,
  rule: DoctypeRule = "none",
): void {
  readXml(archive, part, budget, new UsualPrefixes(reader, budget), rule);
}
