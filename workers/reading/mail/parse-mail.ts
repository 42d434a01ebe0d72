import { assembleDocument, type ParsedDocument } from "../parsed-document.ts";
import type { Reading } from "../reading.ts";
import { SectionPath } from "../section-path.ts";
import { readMessage } from "./read-message.ts";

/** Reads an e-mail message with its attachments. Throws `UnreadableDocument`. */
export async function parseMail(bytes: Uint8Array, reading: Reading): Promise<ParsedDocument> {
  const { blocks, subject, author, date } = await readMessage(bytes, reading, (title) => ({
    section: title && new SectionPath().enter(1, title),
    below: (section) => section,
  }));
  return assembleDocument(blocks, null, { title: subject, author, date });
}
