import type { DocumentKind } from "../contract.ts";
import { decodeText } from "./decode-text.ts";
import { parseDocx } from "./parse-docx.ts";
import { parseHtml } from "./parse-html.ts";
import { parseMarkdown } from "./parse-markdown.ts";
import { type OnProgress, parsePdf } from "./parse-pdf.ts";
import { parseText } from "./parse-text.ts";
import type { ParsedDocument } from "./parsed-document.ts";
import { UnreadableDocument } from "./unreadable-document.ts";

function decoded(bytes: Uint8Array): string {
  const text = decodeText(bytes);
  if (text === null)
    throw new UnreadableDocument(
      "unreadable",
      "This file is not text. Upload a PDF, DOCX, Markdown, HTML or text file.",
    );
  return text;
}

/** Reads a document of a known kind. `bytes` may be taken over. Throws `UnreadableDocument`. */
export async function parseDocument(
  kind: DocumentKind,
  bytes: Uint8Array,
  onProgress?: OnProgress,
): Promise<ParsedDocument> {
  switch (kind) {
    case "pdf":
      return parsePdf(bytes, onProgress);
    case "docx":
      return parseDocx(bytes);
    case "html":
      return parseHtml(decoded(bytes));
    case "markdown":
      return parseMarkdown(decoded(bytes));
    case "text":
      return parseText(decoded(bytes));
  }
}
