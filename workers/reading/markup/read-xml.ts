import { Parser } from "htmlparser2";
import { type InflationBudget, readTextMember, type ZipArchive } from "../archive/zip-archive.ts";
import { UnreadableDocument } from "../unreadable-document.ts";

/** What a reader of an XML member is told, with qualified names as they stand (`w:p`). */
export interface XmlReader {
  open(name: string, attributes: Record<string, string>): void;
  close(name: string): void;
  text(text: string): void;
}

/** A name without the prefix of its namespace. */
export const localName = (name: string): string => name.slice(name.indexOf(":") + 1);

const maxDepth = 2_000;

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
export function xmlParser(reader: XmlReader, rule: DoctypeRule = "none"): Pick<Parser, "write" | "end"> {
  let depth = 0;
  return new Parser(
    {
      onopentag(tag, attributes) {
        if (++depth > maxDepth)
          throw new UnreadableDocument("damaged", "This document is nested too deeply to be read.");
        reader.open(tag, attributes);
      },
      onclosetag(tag) {
        depth--;
        reader.close(tag);
      },
      ontext: (text) => reader.text(text),
      onprocessinginstruction(_, instruction) {
        if (/^!\w/.test(instruction)) checkDoctype(instruction, rule);
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
}

/** Streams an XML member of a ZIP file through `reader`, without holding it whole. */
export function readXml(
  archive: ZipArchive,
  name: string,
  budget: InflationBudget,
  reader: XmlReader,
  rule: DoctypeRule = "none",
): void {
  const parser = xmlParser(reader, rule);
  readTextMember(archive, name, budget, (text) => parser.write(text));
  parser.end();
}
