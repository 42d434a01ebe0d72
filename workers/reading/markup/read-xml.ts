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

/** Which document type declarations are passed over: none, or those that declare nothing themselves. */
export type DoctypeRule = "none" | "named";

function checkDoctype(declaration: string, rule: DoctypeRule): void {
  if (rule === "none")
    throw unsafe(
      "a document type declaration, which office programs never write and which can reach for other files",
      "in an office program",
    );
  if (declaration.includes("[") || /^!(?:entity|attlist|element|notation)\b/i.test(declaration))
    throw unsafe("declarations of its own, which can reach for other files or grow without end", "without them");
}

/** Feeds XML to `reader` piece by piece. Entities are never declared, and nothing outside the text is reached for. */
export function xmlParser(
  reader: XmlReader,
  budget: ReadingBudget,
  rule: DoctypeRule = "none",
): Pick<CountedParser, "write" | "end"> {
  return new CountedParser(
    {
      onopentag: (tag, attributes) => reader.open(tag, attributes),
      onclosetag: (tag) => reader.close(tag),
      ontext: (text) => reader.text(text),
      onprocessinginstruction(_, instruction) {
        if (/^!\w/.test(instruction)) checkDoctype(instruction, rule);
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
