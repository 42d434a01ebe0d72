import { Problem } from "../../platform/errors.ts";
import { boundedParts } from "../../platform/http/body.ts";
import { boundaryOf, type FormPart, MalformedForm, readMultipart } from "./multipart.ts";

/** A file as it was sent; its name is whatever the client says. */
export interface UploadedFile {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

export interface Upload {
  /** The form's other fields, without space around their values. */
  fields: { clone_id?: string; access?: string };
  files: UploadedFile[];
}

/** What the multipart form costs besides its files. */
const envelopeBytes = 64 * 1024;
const maxFiles = 20;
const fieldNames = ["clone_id", "access"] as const;

const megabytes = (bytes: number) => `${Math.floor(bytes / 1_000_000)} MB`;

function tooLarge(limit: number): Problem {
  return new Problem(
    "payload_too_large",
    `This upload is larger than ${megabytes(limit)}, the most that one request may bring. Split the document, or upload the files one by one.`,
  );
}

/** Throws `malformed_request` for what is not a form, whatever its head says. */
async function* partsOf(request: Request, limit: number): AsyncGenerator<FormPart> {
  const boundary = boundaryOf(request.headers.get("Content-Type") ?? "");
  if (!request.body || !boundary) {
    throw new Problem("malformed_request", "Send the files as multipart/form-data, in the field “file”.");
  }
  try {
    const length = Number(request.headers.get("Content-Length") ?? 0);
    const parts = boundedParts(request, limit, () => tooLarge(limit - envelopeBytes));
    yield* readMultipart(parts, boundary, { length, limit });
  } catch (cause) {
    if (!(cause instanceof MalformedForm)) throw cause;
    throw new Problem(
      "malformed_request",
      "The upload was cut off, has more than 100 parts, or is not valid multipart/form-data. Send it again.",
      { cause },
    );
  }
}

/** What is said of a field that is missing from a form. */
export function missing(path: string, message: string): Problem {
  return new Problem("validation_failed", message, { errors: [{ path, message }] });
}

/** The files of an upload request. No more than `maxBytes` are ever held of them. Throws a problem for everything that is not one. */
export async function readUpload(request: Request, maxBytes: number): Promise<Upload> {
  const limit = maxBytes + envelopeBytes;
  const fields: Upload["fields"] = {};
  const files: UploadedFile[] = [];
  for await (const { name, filename, bytes } of partsOf(request, limit)) {
    const field = fieldNames.find((each) => each === name);
    if (field) fields[field] = new TextDecoder().decode(bytes).trim();
    if (name === "file" && filename !== null) files.push({ name: filename, bytes });
    if (files.length > maxFiles) throw missing("file", `Send at most ${maxFiles} files in one request.`);
    if (bytes.length > maxBytes) throw tooLarge(maxBytes);
  }
  if (files.length === 0) throw missing("file", "Send at least one file, in the field “file”.");
  return { fields, files };
}
