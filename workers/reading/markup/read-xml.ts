import { readTextMember, type ZipArchive } from "../archive/zip-archive.ts";
import type { ReadingBudget } from "../budget.ts";
import { UnreadableDocument } from "../unreadable-document.ts";
import { CountedParser } from "./counted-parser.ts";

/** What a reader of an XML member is told, with qualified names as they stand (`w:p`). */
export interface XmlReader {
  open(name: string, attributes: Record<string, string>): void;
  close(name: string): void;
  text(text: string): void;
}

/** A name without the prefix of its namespace. */
export const localName = (name: string): string => name.slice(name.indexOf(":") + 1);

const unsafe = (what: string, cause: string) =>
  new UnreadableDocument("unsafe_xml", `This document carries ${what}. Save it anew ${cause} and upload the new file.`);

/** Which document type declarations are passed over: none, or those that reach for nothing and grow into nothing. */
export type DoctypeRule = "none" | "named";

/** Entities that are files, that are made of others, or that stand for declarations. Pictures (`NDATA`) are never fetched. */
const reachingEntity = /^!entity\s+(?:%|\S+\s+(?:system|public)\b(?![\s\S]*\bndata\b)|[\s\S]*&(?!#)\w)/i;

/** Passes over a document type with the declarations in it: names are not looked up in them, and entities stay as they stand. */
class Doctype {
  readonly #rule: DoctypeRule;
  /** Whether declarations follow that belong to it. */
  isOpen = false;

  constructor(rule: DoctypeRule) {
    this.#rule = rule;
  }

  /** A declaration, or the beginning of one: the parser ends each at the first `>`. */
  declare(declaration: string): void {
    if (this.#rule === "none")
      throw unsafe(
        "a document type declaration, which office programs never write and which can reach for other files",
        "in an office program",
      );
    const start = /^!doctype\b/i.test(declaration) ? declaration.indexOf("[") + 1 : 0;
    if (start > 0) this.isOpen = !/\]\s*$/.test(declaration);
    if (reachingEntity.test(declaration.slice(start).trimStart().replace(/^</, "")))
      throw unsafe("declarations of its own, which can reach for other files or grow without end", "without them");
  }

  /** Text between declarations, which ends them. */
  text(text: string): void {
    if (text.includes("]")) this.isOpen = false;
  }
}

/** Feeds XML to `reader` piece by piece. Entities that a file declares stay as they stand, and nothing outside the text is reached for. */
export function xmlParser(
  reader: XmlReader,
  budget: ReadingBudget,
  rule: DoctypeRule = "none",
): Pick<CountedParser, "write" | "end"> {
  const doctype = new Doctype(rule);
  return new CountedParser(
    {
      onopentag(tag, attributes) {
        if (!doctype.isOpen) reader.open(tag, attributes);
      },
      onclosetag(tag) {
        if (!doctype.isOpen) reader.close(tag);
      },
      ontext(text) {
        if (doctype.isOpen) doctype.text(text);
        else reader.text(text);
      },
      onprocessinginstruction(_, instruction) {
        if (/^!\w/.test(instruction)) doctype.declare(instruction);
      },
    },
    { xmlMode: true, decodeEntities: true },
    budget,
  );
}

/** Streams an XML member of a ZIP file through `reader`, without holding it whole. */
export function readXml(
  archive: ZipArchive,
  name: string,
  budget: ReadingBudget,
  reader: XmlReader,
  rule: DoctypeRule = "none",
): void {
  const parser = xmlParser(reader, budget, rule);
  readTextMember(archive, name, budget, (text) => parser.write(text));
  parser.end();
}
