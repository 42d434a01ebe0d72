import type { FrameWriter } from "../platform/frames.ts";

/** ms between two signs of life at least. */
const aliveEvery = 250;

/** What a task says before it ends. */
export class Answer {
  readonly #frames: FrameWriter;
  #saidAt = 0;

  constructor(frames: FrameWriter) {
    this.#frames = frames;
  }

  /** Says that the work goes on, and how much of it is done (0 to 1), where that is known. */
  async alive(share: number | null): Promise<void> {
    const now = Date.now();
    if (now - this.#saidAt < aliveEvery) return;
    this.#saidAt = now;
    await this.#frames.message({ kind: "alive", share });
  }

  /** `alive` of who cannot wait for it. */
  aliveSoon(): void {
    // Where the answer cannot be written any more, the next message says so.
    this.alive(null).catch(() => {});
  }

  async file(name: string, bytes: Uint8Array): Promise<void> {
    await this.#frames.message({ kind: "file", name, bytes: bytes.length });
    await this.#frames.bytes(bytes);
  }

  async json(name: string, value: unknown): Promise<void> {
    await this.file(name, new TextEncoder().encode(JSON.stringify(value)));
  }
}
