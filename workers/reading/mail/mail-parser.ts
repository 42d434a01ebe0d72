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
