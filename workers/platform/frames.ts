/**
 * What the reader answers with, as one stream of frames: a kind (one byte), a length (four bytes, the most significant first), and so
 * many bytes. Messages are JSON; bytes belong to the file that a message before them announced.
 */
const kinds = { message: 0, bytes: 1 } as const;
const headBytes = 5;
/** Of a frame: a message of more is a fault, a file comes in several. */
const mostBytes = 16 * 1024 * 1024;
const pieceBytes = 256 * 1024;

export type Frame<M> = { message: M } | { bytes: Uint8Array };

/** A stream of frames that ended before it was whole: whoever wrote it is gone. */
export class FramesCutOff extends Error {
  constructor(cause?: unknown) {
    super("The stream ended in the middle.", { cause });
    this.name = "FramesCutOff";
  }
}

/** Writes frames, as fast as they are taken. */
export class FrameWriter {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;

  constructor(writable: WritableStream<Uint8Array>) {
    this.#writer = writable.getWriter();
  }

  async message(value: unknown): Promise<void> {
    await this.#frame(kinds.message, new TextEncoder().encode(JSON.stringify(value)));
  }

  async bytes(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; at += pieceBytes)
      await this.#frame(kinds.bytes, bytes.subarray(at, at + pieceBytes));
  }

  async close(): Promise<void> {
    await this.#writer.close();
  }

  async #frame(kind: number, bytes: Uint8Array): Promise<void> {
    const frame = new Uint8Array(headBytes + bytes.length);
    frame[0] = kind;
    new DataView(frame.buffer).setUint32(1, bytes.length);
    frame.set(bytes, headBytes);
    await this.#writer.write(frame);
  }
}

/** Bytes of a stream, so many at a time; holds what was read beyond them. */
class ByteSource {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  #held: Uint8Array[] = [];
  #length = 0;

  constructor(stream: ReadableStream<Uint8Array>) {
    this.#reader = stream.getReader();
  }

  /** `length` bytes; null at the end of the stream. Throws `FramesCutOff` where it ends before. */
  async take(length: number): Promise<Uint8Array | null> {
    while (this.#length < length) {
      const { done, value } = await this.#reader.read().catch((cause: unknown) => {
        throw new FramesCutOff(cause);
      });
      if (done && this.#length === 0) return null;
      if (done) throw new FramesCutOff();
      this.#held.push(value);
      this.#length += value.length;
    }
    const taken = new Uint8Array(length);
    for (let filled = 0; filled < length; ) {
      const first = this.#held[0] as Uint8Array;
      const part = first.subarray(0, length - filled);
      taken.set(part, filled);
      filled += part.length;
      if (part.length === first.length) this.#held.shift();
      else this.#held[0] = first.subarray(part.length);
    }
    this.#length -= length;
    return taken;
  }

  async cancel(): Promise<void> {
    await this.#reader.cancel();
  }
}

/** The frames of a stream in order; who stops early ends it. Throws `FramesCutOff`, also where the stream fails. */
export async function* readFrames<M>(stream: ReadableStream<Uint8Array>): AsyncGenerator<Frame<M>> {
  const source = new ByteSource(stream);
  try {
    for (;;) {
      const head = await source.take(headBytes);
      if (!head) return;
      const length = new DataView(head.buffer).getUint32(1);
      if (length > mostBytes) throw new Error(`A frame of ${length} bytes is longer than any may be.`);
      const body = length === 0 ? new Uint8Array() : await source.take(length);
      if (!body) throw new FramesCutOff();
      if (head[0] === kinds.bytes) yield { bytes: body };
      else yield { message: JSON.parse(new TextDecoder().decode(body)) as M };
    }
  } finally {
    // A stream that has failed cannot be cancelled, and need not be.
    await source.cancel().catch(() => {});
  }
}
