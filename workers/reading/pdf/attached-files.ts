import type { PDFDocumentProxy } from "unpdf/pdfjs";
import { boundKept } from "./pdf-bounds.ts";

/** A file that lies in a PDF. */
export interface AttachedFile {
  name: string;
  bytes: Uint8Array;
}

/** No more of them are read in one PDF, nor more bytes: what is attached to a page is some pages, or an invoice's figures. */
const mostFiles = 50;
const mostBytes = 32 * 1024 * 1024;

/** The files that a PDF lists as its own: by what pdf.js calls them, their names. */
export async function attachedTo(pdf: PDFDocumentProxy): Promise<Map<string, string>> {
  const listed = (await pdf.getAttachments().catch(() => null)) ?? new Map();
  const attached = new Map<string, string>();
  for (const [id, { filename }] of listed) {
    boundKept();
    attached.set(id, filename || id);
  }
  return attached;
}

/** What is in files of a PDF. One whose bytes are missing or too many comes empty, and is told of as such. */
export async function filesOf(pdf: PDFDocumentProxy, attached: Map<string, string>): Promise<AttachedFile[]> {
  const files: AttachedFile[] = [];
  let left = mostBytes;
  for (const [id, name] of attached) {
    boundKept();
    const content = files.length < mostFiles ? await pdf.getAttachmentContent(id).catch(() => null) : null;
    const bytes = content && content.length <= left ? new Uint8Array(content) : new Uint8Array();
    left -= bytes.length;
    files.push({ name, bytes });
  }
  return files;
}
