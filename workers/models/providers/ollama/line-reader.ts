import type { LanguageModelV4FinishReason } from "@ai-sdk/provider";
import { problemOfGarbledAnswer } from "../../failures.ts";
import type { Emit, EventReader, Fields } from "../event-stream.ts";
import { type ThoughtHabits, ThoughtTags } from "../openai-compatible/thought-tags.ts";
import { PartWriter } from "../part-writer.ts";

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const count = (value: unknown) => (typeof value === "number" ? value : undefined);

/** Whose answer it is, and what is asked of it when it is whole. */
interface AnswerOf {
  modelName: string;
  habits: ThoughtHabits;
  /** Called with each line: the box is there. */
  onLine(): void;
  /** Looks at how much of the prompt was read. Throws where it was cut. */
  check(read: number | undefined): void;
}

/** Turns the lines of Ollama's own wire into parts: text, thoughts, calls of tools, and at last why it ended and what it took. */
export class LineReader implements EventReader {
  readonly #emit: Emit;
  readonly #of: AnswerOf;
  readonly #tags: ThoughtTags;
  readonly #parts: PartWriter;
  #last: Fields | null = null;
  #calls = 0;
  readonly areLines = true;
  hasText = false;

  constructor(of: AnswerOf, emit: Emit) {
    this.#emit = emit;
    this.#of = of;
    this.#parts = new PartWriter(emit);
    // Models whose template does not know of thoughts have them in their text.
    this.#tags = new ThoughtTags(of.modelName, of.habits, {
      said: (kind, piece) => {
        this.hasText ||= kind === "text";
        this.#parts.say(kind, piece);
      },
      alive: () => this.alive(),
    });
  }

  errorIn({ error }: Fields): unknown {
    return error ? { error } : undefined;
  }

  alive(): void {
    this.#parts.alive();
  }

  get hasEnd(): boolean {
    return this.#last !== null;
  }

  get isDone(): boolean {
    return this.hasEnd;
  }

  read(line: Fields): void {
    this.#of.onLine();
    const { message, done } = line;
    if (isFields(message)) this.#message(message);
    if (!this.#parts.isOpen) this.alive();
    if (done === true) this.#last = line;
  }

  #message({ thinking, content, tool_calls: calls }: Fields): void {
    if (typeof thinking === "string" && thinking !== "") {
      this.#tags.tellsApart();
      this.#parts.say("reasoning", thinking);
    }
    if (typeof content === "string" && content !== "") this.#tags.push(content);
    for (const call of Array.isArray(calls) ? calls : []) if (isFields(call)) this.#call(call);
  }

  #call({ id, function: called }: Fields): void {
    if (!isFields(called) || typeof called.name !== "string") return;
    this.#parts.close();
    this.#calls++;
    const toolCallId = typeof id === "string" && id !== "" ? id : `call_${this.#calls}`;
    const toolName = called.name;
    const input = JSON.stringify(called.arguments ?? {});
    this.#emit({ type: "tool-input-start", id: toolCallId, toolName });
    this.#emit({ type: "tool-input-delta", id: toolCallId, delta: input });
    this.#emit({ type: "tool-input-end", id: toolCallId });
    this.#emit({ type: "tool-call", toolCallId, toolName, input });
  }

  breakOff(): void {
    this.#tags.end(true);
  }

  #reason(raw: unknown): LanguageModelV4FinishReason {
    const said = typeof raw === "string" ? raw : undefined;
    if (this.#calls > 0 && said !== "length") return { unified: "tool-calls", raw: said };
    return { unified: said === "length" ? "length" : "stop", raw: said };
  }

  /** Ends the answer. Throws where it broke off; that its prompt was cut is told behind what it said. */
  finish(): void {
    const last = this.#last;
    if (!last) throw problemOfGarbledAnswer(new Error("The box broke off in the middle of its answer."));
    this.#tags.end(last.done_reason === "length");
    const { prompt_eval_count: prompt, prompt_eval_cached_count: cached, eval_count: written } = last;
    const [read, cacheRead, output] = [count(prompt), count(cached), count(written)];
    try {
      this.#of.check(read);
    } catch (error) {
      this.#emit({ type: "error", error });
      return;
    }
    const noCache = read === undefined ? undefined : read - (cacheRead ?? 0);
    this.#parts.finish(this.#reason(last.done_reason), {
      inputTokens: { total: read, noCache, cacheRead, cacheWrite: undefined },
      outputTokens: { total: output, text: output, reasoning: undefined },
    });
  }
}
