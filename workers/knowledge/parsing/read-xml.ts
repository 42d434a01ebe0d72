import { Parser } from "htmlparser2";
import { UnreadableDocument } from "./unreadable-document.ts";
import { type InflationBudget, readMember, type ZipArchive } from "./zip-archive.ts";

/** What a reader of an XML member is told, with qualified names as they stand (`w:p`). */
export interface XmlReader {
  open(name: string, attributes: Record<string, string>): void;
  close(name: string): void;
  text(text: string): void;
}

/** A name without the prefix of its namespace. */
export const localName = (name: string): string => name.slice(name.indexOf(":") + 1);

const maxDepth = 2_000;

function decoderFor(first: Uint8Array): TextDecoder {
  if (first[0] === 0xff && first[1] === 0xfe) return new TextDecoder("utf-16le");
  if (first[0] === 0xfe && first[1] === 0xff) return new TextDecoder("utf-16be");
  return new TextDecoder();
}

/** Streams an XML member of a ZIP file through `reader`, without holding it whole. Any document type declaration is refused. */
export function readXml(archive: ZipArchive, name: string, budget: InflationBudget, reader: XmlReader): void {
  let depth = 0;
  const parser = new Parser(
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
      onprocessinginstruction(instruction) {
        if (!/^!doctype/i.test(instruction)) return;
        throw new UnreadableDocument(
          "unsafe_xml",
          "This document carries a document type declaration, which office programs never write and which can reach for other files. Save it anew in an office program and upload the new file.",
        );
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  let decoder: TextDecoder | null = null;
  readMember(archive, name, budget, (bytes) => {
    decoder ??= decoderFor(bytes);
    parser.write(decoder.decode(bytes, { stream: true }));
  });
  parser.end();
}
