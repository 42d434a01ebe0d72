import type { ToolPart } from "../../../models/read-model.ts";

/** A call of a tool that its asker has to answer. */
export interface ToolCall {
  /** Its place among the calls of its answer, from 0. */
  index: number;
  id: string;
  name: string;
  /** JSON, as far as it has come. */
  input: string;
}

/** Collects a model's calls of tools, and tells of each piece as it comes; the first of each call is empty. */
export class CollectedCalls {
  readonly all: ToolCall[] = [];
  readonly #onPiece: ((call: ToolCall, piece: string) => void) | undefined;

  constructor(onPiece: ((call: ToolCall, piece: string) => void) | undefined) {
    this.#onPiece = onPiece;
  }

  push(part: ToolPart): void {
    if (part.type === "tool-input-start") this.#begin(part.id, part.toolName);
    else if (part.type === "tool-input-delta") this.#add(this.#named(part.id), part.delta);
    else {
      const call = this.#named(part.toolCallId) ?? this.#begin(part.toolCallId, part.toolName);
      // What a provider streamed stands already, unless its call has no arguments at all.
      if (call.input === "") this.#add(call, part.input || "{}");
    }
  }

  #named(id: string): ToolCall | undefined {
    return this.all.find((call) => call.id === id);
  }

  #begin(id: string, name: string): ToolCall {
    const call = { index: this.all.length, id, name, input: "" };
    this.all.push(call);
    this.#onPiece?.(call, "");
    return call;
  }

  #add(call: ToolCall | undefined, piece: string): void {
    if (!call || piece === "") return;
    call.input += piece;
    this.#onPiece?.(call, piece);
  }
}
