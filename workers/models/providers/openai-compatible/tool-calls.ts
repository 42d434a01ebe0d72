import type { Emit, Fields } from "../event-stream.ts";

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;

interface Call {
  /** The number that the server gives it. */
  number: number;
  id: string;
  name: string;
  input: string;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Turns calls of tools, which come in pieces or whole, numbered or not, into parts. */
export class ToolCalls {
  readonly #emit: Emit;
  readonly #calls: Call[] = [];

  constructor(emit: Emit) {
    this.#emit = emit;
  }

  /** Takes what a choice says: a list of calls or of their pieces, or the one call of the older form. */
  read(list: unknown, single: unknown): void {
    for (const [at, piece] of (Array.isArray(list) ? list : []).entries())
      if (isFields(piece)) this.#read(piece, at, isFields(piece.function) ? piece.function : piece);
    if (isFields(single)) this.#read({}, 0, single);
  }

  #read({ index, id }: Fields, at: number, called: Fields): void {
    const number = typeof index === "number" ? index : at;
    const said = typeof id === "string" && id !== "" ? id : undefined;
    const { name, arguments: given } = called;
    const input = isFields(given) ? JSON.stringify(given) : String(given ?? "");
    const call = this.#callOf(number, said, name);
    if (!call || input === "") return;
    call.input += input;
    this.#emit({ type: "tool-input-delta", id: call.id, delta: input });
  }

  /** The call that a piece is of: with another id and a name it begins one, whatever its number. */
  #callOf(number: number, id: string | undefined, name: unknown): Call | undefined {
    const last = this.#calls.findLast((call) => call.number === number);
    const isNamed = typeof name === "string" && name !== "";
    if (last && (id === undefined || id === last.id || !isNamed)) return last;
    if (!isNamed) return undefined;
    const call = { number, id: id ?? `call_${this.#calls.length + 1}`, name, input: "" };
    this.#calls.push(call);
    this.#emit({ type: "tool-input-start", id: call.id, toolName: name });
    return call;
  }

  get isEmpty(): boolean {
    return this.#calls.length === 0;
  }

  /** Whether none of them breaks off. */
  get areWhole(): boolean {
    return this.#calls.every(({ input }) => input === "" || isJson(input));
  }

  end(): void {
    for (const { id: toolCallId, name: toolName, input } of this.#calls) {
      this.#emit({ type: "tool-input-end", id: toolCallId });
      this.#emit({ type: "tool-call", toolCallId, toolName, input: input || "{}" });
    }
  }
}
