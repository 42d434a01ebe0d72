import { decodedPieces } from "../../text/decode-text.ts";
import { ReadingBudget } from "../budget.ts";
import { assembleDocument, type ParsedDocument } from "../parsed-document.ts";
import { xmlParser } from "./read-xml.ts";
import { XmlBlocks } from "./xml-blocks.ts";

/**
 * Reads an XML file: elements with text among their elements are paragraphs, titles are headings, values are lines that begin with
 * the name of their element. What a document type names is not fetched, and what it declares is passed over; one that reaches for files or
 * grows is refused. Throws
 * `UnreadableDocument`.
 */
export function parseXml(bytes: Uint8Array, budget = new ReadingBudget("xml", bytes.length)): ParsedDocument {
  const reader = new XmlBlocks(budget);
  const parser = xmlParser(reader, budget, "named");
  for (const piece of decodedPieces(bytes)) parser.write(piece);
  parser.end();
  return assembleDocument(reader.end(), null, reader.said);
}
