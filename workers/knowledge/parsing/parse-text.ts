import { assembleDocument, type Block, type ParsedDocument } from "./parsed-document.ts";

/** Reads plain text: paragraphs are what empty lines part. */
export function parseText(text: string): ParsedDocument {
  const blocks: Block[] = text
    .replace(/\r\n?/g, "\n")
    .split(/\n[ \t]*\n+|\f/)
    .map((paragraph) => ({ text: paragraph, page: null, section: null }));
  return assembleDocument(blocks, null);
}
