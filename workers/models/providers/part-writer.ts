import type { LanguageModelV4FinishReason, LanguageModelV4Usage } from "@ai-sdk/provider";
import type { Emit } from "./event-stream.ts";

/** Writes an answer as parts, each run of text or of thoughts between its start and its end. */
export class PartWriter {
  readonly #emit: Emit;
  #open: "text" | "reasoning" | null = null;
  #isNamed = false;

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  /** Whether anything is being said. */
  get isOpen(): boolean {
    return this.#open !== null;
  }

  /** Says once which answer it is, and of which model. */
  name(id: unknown, modelId: unknown): void {
    if (this.#isNamed || (typeof id !== "string" && typeof modelId !== "string")) return;
    this.#isNamed = true;
    this.#emit({
      type: "response-metadata",
      ...(typeof id === "string" ? { id } : {}),
      ...(typeof modelId === "string" ? { modelId } : {}),
    });
  }

  /** Tells that the server is there. */
  alive(): void {
    this.#emit({ type: "raw", rawValue: null });
  }

  say(kind: "text" | "reasoning", delta: string): void {
    if (delta === "") return;
    if (this.#open !== kind) {
      this.close();
      this.#open = kind;
      this.#emit({ type: `${kind}-start`, id: kind });
    }
    this.#emit({ type: `${kind}-delta`, id: kind, delta });
  }

  /** Ends what is being said. */
  close(): void {
    if (this.#open) this.#emit({ type: `${this.#open}-end`, id: this.#open });
    this.#open = null;
  }

  finish(finishReason: LanguageModelV4FinishReason, usage: LanguageModelV4Usage): void {
    this.close();
    this.#emit({ type: "finish", finishReason, usage });
  }
}
