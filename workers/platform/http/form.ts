import { Problem } from "../errors.ts";
import { ordinaryBody, readBytes } from "./body.ts";

/** Each field becomes an object when a form is parsed. The largest form of ours has some twenty. */
const mostFields = 1_000;

const encoded = /^application\/x-www-form-urlencoded\s*(?:;|$)/i;
/** The boundary stands first, as everybody sends it: what is counted here and what the parser splits at are the same then. */
const multipart = /^multipart\/form-data\s*;\s*boundary=("?)([\w'()+,./:=?-]{1,70})\1\s*(?:;|$)/i;

/** A form's type as the parser is told it, and what stands between its fields. Throws `unsupported_media_type` for what is no form. */
function formatOf(contentType: string): { type: string; separator: string } {
  const type = contentType.trim();
  if (encoded.test(type)) return { type: "application/x-www-form-urlencoded", separator: "&" };
  const boundary = multipart.exec(type)?.[2];
  if (boundary) return { type: `multipart/form-data; boundary="${boundary}"`, separator: `--${boundary}` };
  throw new Problem(
    "unsupported_media_type",
    "Send a form: application/x-www-form-urlencoded, or multipart/form-data with its boundary.",
  );
}

function requireFewFields(bytes: Uint8Array, separator: string): void {
  const text = new TextDecoder("latin1").decode(bytes);
  let fields = 0;
  for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, at + separator.length)) {
    fields += 1;
    if (fields > mostFields) {
      throw new Problem(
        "payload_too_large",
        `The form has more than ${mostFields.toLocaleString("en")} fields, the most that is read here. Send fewer.`,
      );
    }
  }
}

/**
 * The fields of a form, which are counted before it is parsed. Throws `unsupported_media_type`, `payload_too_large`, and `malformed_request` for one
 * that was cut off.
 */
export async function readForm(bytes: Uint8Array<ArrayBuffer>, contentType: string): Promise<FormData> {
  const { type, separator } = formatOf(contentType);
  requireFewFields(bytes, separator);
  try {
    return await new Response(bytes, { headers: { "Content-Type": type } }).formData();
  } catch (cause) {
    throw new Problem("malformed_request", "The form was cut off or is not valid. Send it again.", { cause });
  }
}

/**
 * A request with its form in memory, for the pages, which read it by themselves and trust that it is one. No body is a form without fields.
 * Throws as `readForm` does, and `payload_too_large` for more than an ordinary body.
 */
export async function withForm(request: Request): Promise<Request> {
  if (request.method === "GET" || request.method === "HEAD") return request;
  const contentType = request.body ? (request.headers.get("Content-Type") ?? "") : "application/x-www-form-urlencoded";
  const { type } = formatOf(contentType);
  const bytes = await readBytes(request, ordinaryBody.bytes);
  await readForm(bytes, contentType);
  const headers = new Headers(request.headers);
  headers.set("Content-Type", type);
  return new Request(request, { headers, body: bytes });
}
