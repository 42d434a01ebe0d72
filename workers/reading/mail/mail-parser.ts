import PostalMime from "postal-mime";
import { decoderOf, encodingNamed } from "../../text/encodings.ts";
import { encodingOf } from "../../text/guess-encoding.ts";

/** A part of a message, as the parser keeps it until all are read. */
interface Part {
  content: ArrayBuffer | null;
  childNodes: Part[];
  contentType: { parsed: { value: string; params: Record<string, string> } };
}

/** Gives a part of text the encoding that it is in, whatever it says. */
function setEncoding({ content, contentType: { parsed } }: Part): ArrayBuffer | null {
  if (!content || !/^(?:text\/|$)/.test(parsed.value)) return content;
  const bytes = new Uint8Array(content);
  // Of ASCII alone, only switches to another alphabet would tell more than the part does.
  if (bytes.every((byte) => byte < 0x80 && byte !== 0x1b)) return content;
  const said = encodingNamed(parsed.params.charset ?? "");
  const encoding = encodingOf(bytes, said);
  if (encoding === "utf-8" && said === "utf-8") return content;
  parsed.params.charset = "utf-8";
  return new TextEncoder().encode(decoderOf(encoding).decode(bytes)).buffer;
}

/** Where the fields of a message end and its body begins. */
function endOfHead(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) {
    if (bytes[at + 1] === 10 || (bytes[at + 1] === 13 && bytes[at + 2] === 10)) return at + 1;
  }
  return bytes.length;
}

/** A message whose fields are UTF-8: some programs write them in an encoding of their own, without a word of which. */
export function withReadableHead(bytes: Uint8Array): Uint8Array {
  const end = endOfHead(bytes);
  const head = bytes.subarray(0, end);
  const encoding = head.every((byte) => byte < 0x80) ? "utf-8" : encodingOf(head, null);
  if (encoding === "utf-8") return bytes;
  const readable = new TextEncoder().encode(decoderOf(encoding).decode(head));
  const all = new Uint8Array(readable.length + bytes.length - end);
  all.set(readable);
  all.set(bytes.subarray(end), readable.length);
  return all;
}

/** Parses messages; what their parts say of their encoding counts as far as it can be true. */
export class MailParser extends PostalMime {
  /** Called by the parser once all parts are read, and none is decoded. */
  async finalize(): Promise<void> {
    const inner = Object.getPrototypeOf(MailParser.prototype) as { finalize(): Promise<void> };
    await inner.finalize.call(this);
    const waiting = [(this as unknown as { root: Part }).root];
    for (let part = waiting.pop(); part; part = waiting.pop()) {
      part.content = setEncoding(part);
      waiting.push(...part.childNodes);
    }
  }
}
