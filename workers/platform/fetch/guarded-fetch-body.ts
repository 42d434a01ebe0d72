import { Problem } from "../errors.ts";

const tooLarge = (maxBytes: number) =>
  new Problem(
    "fetch_failed",
    `What is there is larger than ${Math.floor(maxBytes / 1_000_000)} MB, the most that is fetched.`,
  );

/** A response's whole body, unpacked, of which never more than `maxBytes` are held. Throws `fetch_failed`, or what it is told to, for a longer one. */
export async function boundedBytes(
  response: Response,
  maxBytes: number,
  refusal = tooLarge,
): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(response.headers.get("Content-Length") ?? 0) > maxBytes) {
    await response.body?.cancel();
    throw refusal(maxBytes);
  }
  const parts: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop by the throw cancels the stream, and with it the connection.
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > maxBytes) throw refusal(maxBytes);
    parts.push(part);
  }
  return joined(parts, length);
}

/** The first `maxBytes` of a response's body, unpacked; what follows is not read. */
export async function firstBytes(response: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    parts.push(part.subarray(0, maxBytes - length));
    length += parts.at(-1)?.length ?? 0;
    if (length === maxBytes) break;
  }
  return joined(parts, length);
}

function joined(parts: Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
