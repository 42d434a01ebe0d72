import { decoderOf } from "./encodings.ts";
import { encodingOf } from "./guess-encoding.ts";
import { textIn } from "./unicode.ts";

/** Bytes that are decoded at once. */
const pieceLength = 64 * 1024;

/** A text of which little is held at once, piece by piece; what its encoding does not have is replaced, and a character that is cut off at the end left out. */
export function* decodedPieces(bytes: Uint8Array): Generator<string> {
  const decoder = decoderOf(encodingOf(bytes));
  for (let at = 0; at < bytes.length; at += pieceLength)
    yield decoder.decode(bytes.subarray(at, at + pieceLength), { stream: true });
}

/** The text in `bytes`, as `decodedPieces` gives it, or null where they are none. */
export const decodeText = (bytes: Uint8Array): string | null => textIn(encodingOf(bytes), bytes);
