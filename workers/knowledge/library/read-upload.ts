import { z } from "zod";
import { Problem, refusedField } from "../../platform/errors.ts";
import { boundedParts } from "../../platform/http/body.ts";
import { invalid } from "../../platform/http/problem.ts";
import { boundaryOf, type FormPart, MalformedForm, readMultipart } from "./multipart.ts";

/** A file as it was sent; its name is whatever the client says. */
export interface UploadedFile {
  name: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** What stands for a file in a contract. */
export const uploadedFile = z.custom<UploadedFile>();

/** What the multipart form costs besides its files. */
const envelopeBytes = 64 * 1024;
const maxFiles = 20;

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

/**
 * What an upload brings for a contract: its files, and its other fields without space around their values. No more than `maxBytes` are ever held of
 * the files. Throws a problem for everything that is no form, and for a field that the contract does not know, or that comes again.
 */
export async function readUpload(
  request: Request,
  maxBytes: number,
  { shape }: z.ZodObject,
): Promise<{ file: UploadedFile[]; [field: string]: unknown }> {
  const fields: Record<string, string> = {};
  const file: UploadedFile[] = [];
  for await (const { name, filename, bytes } of partsOf(request, maxBytes + envelopeBytes)) {
    if (!Object.hasOwn(shape, name))
      throw invalid([{ code: "unrecognized_keys", keys: [name], path: [], message: "" }]);
    if (Object.hasOwn(fields, name)) throw refusedField(name, "Send this field once.");
    if (name !== "file") fields[name] = new TextDecoder().decode(bytes).trim();
    else if (filename === null) throw refusedField("file", "Send “file” as a file, with a name.");
    else file.push({ name: filename, bytes });
    if (file.length > maxFiles) throw refusedField("file", `Send at most ${maxFiles} files in one request.`);
    if (bytes.length > maxBytes) throw tooLarge(maxBytes);
  }
  return { ...fields, file };
}
