import type { ParsedDocument } from "../reading/parsed-document.ts";

/** A document's text with its blocks, as the task `read` wrote it. */
export const textIn = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)) as ParsedDocument;
