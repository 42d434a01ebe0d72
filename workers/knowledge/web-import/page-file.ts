import type { Fetched } from "../../platform/fetch/guarded-fetch.ts";
import { propertiesOfHtml } from "../../reading/html-properties.ts";
import { cutText } from "../../text/cut-text.ts";
import { decodeBeginning } from "../../text/unicode.ts";
import type { UploadedFile } from "../library/read-upload.ts";

/** Media types that a page may have; what it really is, its bytes decide later. */
export const pageTypes = ["text/html", "application/xhtml+xml", "text/plain", "text/markdown", "application/pdf"];

const mark = new Uint8Array([0xef, 0xbb, 0xbf]);

function declaredEncoding(headers: Headers): string | null {
  const said = /;\s*charset\s*=\s*"?([\w:.-]+)/i.exec(headers.get("Content-Type") ?? "")?.[1];
  try {
    return said ? new TextDecoder(said).encoding : null;
  } catch {
    // A name that no runtime knows says nothing.
    return null;
  }
}

/** The bytes as UTF-8 with its mark where the server has said another encoding: the file alone would not tell any more. */
function inUtf8({ bytes, headers }: Fetched): Uint8Array<ArrayBuffer> {
  const encoding = declaredEncoding(headers);
  if (encoding === null || encoding === "utf-8") return bytes;
  const text = new TextEncoder().encode(new TextDecoder(encoding).decode(bytes));
  const marked = new Uint8Array(mark.length + text.length);
  marked.set(mark);
  marked.set(text, mark.length);
  return marked;
}

const headBytes = 64 * 1024;

const endings: Record<string, string> = { "text/plain": ".txt", "text/markdown": ".md", "application/pdf": ".pdf" };

/** A page as a file, named by its title, else by its address. */
export function fileOfPage(fetched: Fetched): UploadedFile {
  const { pathname, hostname } = new URL(fetched.url);
  const ending = endings[fetched.mediaType] ?? ".html";
  const bytes = ending === ".pdf" ? fetched.bytes : inUtf8(fetched);
  // Its title stands in the beginning of a page; all of it is read later, elsewhere.
  const head = bytes.subarray(0, headBytes);
  const title =
    ending === ".html" ? propertiesOfHtml(decodeBeginning(head, bytes.length > headBytes) ?? "").title : undefined;
  const last = pathname.split("/").findLast((part) => part !== "") ?? hostname;
  const stem = title?.replace(/\s+/g, " ").trim() || last.replace(/\.(?:html?|php|aspx?|txt|md|pdf)$/i, "");
  // A stroke in a title is no folder.
  return { name: `${cutText(stem.replace(/[\\/]/g, "-"), 150)}${ending}`, bytes };
}
