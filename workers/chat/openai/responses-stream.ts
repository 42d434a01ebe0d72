import { sseFrame } from "../../platform/http/sse.ts";
import type { ToolCall } from "../answer/passing/tool-calls.ts";
import type { StatelessResult } from "../stateless-turn.ts";
import type { AnswerWriter, ByteStream } from "./openai-answer.ts";
import { openaiErrorBody } from "./openai-errors.ts";
import type { Asked } from "./openai-question.ts";
import type { OutputItem, ResponseInput, WireResponse } from "./responses-contract.ts";
import { annotationOf, emptyResponse, endedResponse, items } from "./responses-output.ts";

/** An item that has begun: its place, and what of it has come. */
interface Begun {
  at: number;
  id: string;
  text: string;
  call?: ToolCall;
}

/** Writes an answer in the events of a response. Its items begin as their first piece comes, and end together with the answer. */
export class ResponseWriter implements AnswerWriter {
  readonly #asked: Asked;
  readonly #out: ByteStream;
  readonly #empty: WireResponse;
  #sent = 0;
  #begun = 0;
  #reasoning: Begun | null = null;
  #message: Begun | null = null;
  readonly #calls: Begun[] = [];

  constructor(asked: Asked, body: ResponseInput, out: ByteStream) {
    this.#asked = asked;
    this.#out = out;
    this.#empty = emptyResponse(asked, body);
    this.#send("response.created", { response: this.#empty });
    this.#send("response.in_progress", { response: this.#empty });
  }

  #send(type: string, fields: object): void {
    this.#out.send(sseFrame({ event: type, data: { type, sequence_number: this.#sent++, ...fields } }));
  }

  #begin(item: OutputItem, call?: ToolCall): Begun {
    const at = this.#begun++;
    this.#send("response.output_item.added", { output_index: at, item });
    return { at, id: item.id, text: "", ...(call ? { call } : {}) };
  }

  #part(kind: "added" | "done", { at, id }: Begun, part: object): void {
    this.#send(`response.content_part.${kind}`, { item_id: id, output_index: at, content_index: 0, part });
  }

  text(delta: string): void {
    this.#message ??= this.#beginMessage();
    this.#message.text += delta;
    const { at, id } = this.#message;
    this.#send("response.output_text.delta", { item_id: id, output_index: at, content_index: 0, delta, logprobs: [] });
  }

  #beginMessage(): Begun {
    const item = { ...items.message(this.#asked, "", []), status: "in_progress", content: [] } as OutputItem;
    const begun = this.#begin(item);
    this.#part("added", begun, { type: "output_text", text: "", annotations: [], logprobs: [] });
    return begun;
  }

  thought(delta: string): void {
    if (!this.#reasoning) {
      const item = { ...items.reasoning(this.#asked, ""), status: "in_progress", content: [] } as OutputItem;
      this.#reasoning = this.#begin(item);
      this.#part("added", this.#reasoning, { type: "reasoning_text", text: "" });
    }
    this.#reasoning.text += delta;
    const { at, id } = this.#reasoning;
    this.#send("response.reasoning_text.delta", { item_id: id, output_index: at, content_index: 0, delta });
  }

  call(call: ToolCall, piece: string): void {
    if (piece === "") {
      const item = { ...items.call(this.#asked, { ...call, input: "" }), status: "in_progress" } as OutputItem;
      this.#calls.push(this.#begin(item, call));
      return;
    }
    const begun = this.#calls[call.index];
    if (begun)
      this.#send("response.function_call_arguments.delta", { item_id: begun.id, output_index: begun.at, delta: piece });
  }

  #endReasoning(begun: Begun): OutputItem {
    const { at, id, text } = begun;
    this.#send("response.reasoning_text.done", { item_id: id, output_index: at, content_index: 0, text });
    this.#part("done", begun, { type: "reasoning_text", text });
    return items.reasoning(this.#asked, text);
  }

  #endMessage(begun: Begun, { citations }: StatelessResult): OutputItem {
    const { at, id, text } = begun;
    const place = { item_id: id, output_index: at, content_index: 0 };
    const annotations = citations.map(annotationOf);
    for (const [annotation_index, annotation] of annotations.entries())
      this.#send("response.output_text.annotation.added", { ...place, annotation_index, annotation });
    this.#send("response.output_text.done", { ...place, text, logprobs: [] });
    this.#part("done", begun, { type: "output_text", text, annotations, logprobs: [] });
    return items.message(this.#asked, text, citations);
  }

  #endCall({ at, id }: Begun, call: ToolCall): OutputItem {
    const { input, name } = call;
    this.#send("response.function_call_arguments.done", { item_id: id, output_index: at, name, arguments: input });
    return items.call(this.#asked, call);
  }

  finish(result: StatelessResult): void {
    if (this.#begun === 0) this.#message = this.#beginMessage();
    const output: OutputItem[] = [];
    const all = [this.#reasoning, this.#message, ...this.#calls].filter((begun) => begun !== null);
    for (const begun of all.sort((a, b) => a.at - b.at)) {
      const { at, call } = begun;
      if (call) output.push(this.#endCall(begun, call));
      else output.push(begun === this.#reasoning ? this.#endReasoning(begun) : this.#endMessage(begun, result));
      this.#send("response.output_item.done", { output_index: at, item: output.at(-1) });
    }
    const response = endedResponse(this.#empty, output, result);
    this.#send(`response.${response.status}`, { response });
  }

  fail(error: unknown): void {
    const { code, message, type } = openaiErrorBody(error).error;
    const response: WireResponse = { ...this.#empty, status: "failed", error: { code: code ?? type, message } };
    this.#send("response.failed", { response });
  }
}
