import { Problem } from "../platform/errors.ts";

export interface Upload {
  cloneId: string;
  files: File[];
}

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

/** Reads a body to its end without keeping it, so that the client gets the answer instead of a broken connection. */
async function drain(body: ReadableStream<Uint8Array> | null): Promise<void> {
  let left = 256 * 1024 * 1024;
  const sink = new WritableStream<Uint8Array>({
    write(part) {
      left -= part.byteLength;
      if (left < 0) throw new Error("More than can be waited for.");
    },
  });
  // Whatever goes wrong while it is thrown away changes nothing of the answer.
  await body?.pipeTo(sink).catch(() => {});
}

function limited(body: ReadableStream<Uint8Array>, limit: number): ReadableStream<Uint8Array> {
  let left = limit;
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(part, controller) {
        left -= part.byteLength;
        if (left < 0) controller.error(tooLarge(limit - envelopeBytes));
        else controller.enqueue(part);
      },
    }),
  );
}

async function readForm(request: Request, limit: number): Promise<FormData> {
  const type = request.headers.get("Content-Type") ?? "";
  if (!request.body || !/^multipart\/form-data\s*;.*boundary=/i.test(type)) {
    await drain(request.body);
    throw new Problem(
      "malformed_request",
      "Send the files as multipart/form-data with the fields “clone_id” and “file”.",
    );
  }
  try {
    return await new Response(limited(request.body, limit), { headers: { "Content-Type": type } }).formData();
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw new Problem(
      "malformed_request",
      "The upload was cut off or is not valid multipart/form-data. Send it again.",
      { cause },
    );
  }
}

/** The files of an upload request. At most `maxBytes` are ever held. Throws a problem for everything that is not one. */
export async function readUpload(request: Request, maxBytes: number): Promise<Upload> {
  const limit = maxBytes + envelopeBytes;
  if (Number(request.headers.get("Content-Length") ?? 0) > limit) {
    await drain(request.body);
    throw tooLarge(maxBytes);
  }
  const form = await readForm(request, limit);
  const cloneId = form.get("clone_id");
  if (typeof cloneId !== "string" || cloneId === "") {
    const message = "Name the clone that shall read the files.";
    throw new Problem("validation_failed", message, { errors: [{ path: "clone_id", message }] });
  }
  const files = form.getAll("file").filter((part) => part instanceof File);
  if (files.length === 0) {
    const message = "Send at least one file, in the field “file”.";
    throw new Problem("validation_failed", message, { errors: [{ path: "file", message }] });
  }
  if (files.length > maxFiles) {
    throw new Problem("validation_failed", `Send at most ${maxFiles} files in one request.`);
  }
  return { cloneId, files };
}
