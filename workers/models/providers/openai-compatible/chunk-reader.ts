import type { LanguageModelV4FinishReason } from "@ai-sdk/provider";
import { problemOfGarbledAnswer } from "../../failures.ts";
import type { Emit, EventReader, Fields } from "../event-stream.ts";
import { finishReasonOf } from "../finish-reason.ts";
import { PartWriter } from "../part-writer.ts";
import { type Said, saidIn } from "./said-in.ts";
import { type ThoughtHabits, ThoughtTags } from "./thought-tags.ts";
import { ToolCalls } from "./tool-calls.ts";
import { usageOf } from "./usage.ts";

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isSaid = (value: unknown) => (Array.isArray(value) ? value.length > 0 : Boolean(value));

/** What a chunk says that went wrong; undefined where it says nothing of the kind. */
export function errorIn(chunk: Fields): unknown {
  const { error, choices, message, detail, errors, base_resp } = chunk;
  if (error && (typeof error !== "object" || Object.keys(error).length > 0)) return chunk;
  if (Array.isArray(choices) && choices.length > 0) return isFields(choices[0]?.error) ? choices[0].error : undefined;
  if (chunk.object === "error" || chunk.type === "error" || isSaid(errors) || isSaid(detail)) return chunk;
  if (isFields(base_resp) && base_resp.status_code) return chunk;
  return typeof message === "string" || typeof chunk.error_message === "string" ? chunk : undefined;
}

const indexOf = (choice: unknown, at: number) => (isFields(choice) ? Number(choice.index ?? at) : Number.NaN);

/** The choice of a chunk that is numbered so; what has none may be one itself, as in Ollama’s own wire and that of Workers AI. */
function choiceIn(chunk: Fields, index: number): Fields | undefined {
  const { choices, message, delta, response } = chunk;
  if (!Array.isArray(choices))
    return isFields(message) || isFields(delta) || (response ?? null) !== null ? chunk : undefined;
  return choices.find((each, at) => indexOf(each, at) === index);
}

/** Whether a text ends as a sentence does. */
const isWhole = (text: string) => /[.!?…。！？।؟)\]}"”’»」』`*](?:\s*\[\d+\])*\s*$/u.test(text);
const tailLength = 64;

/** Turns chunks into parts; knows which block is open and how the answer ended. */
export class ChunkReader implements EventReader {
  readonly errorIn = errorIn;
  readonly #parts: PartWriter;
  readonly #tags: ThoughtTags;
  #reason: LanguageModelV4FinishReason | null = null;
  #usage: Fields | null = null;
  /** It has told what the answer took, by itself and behind the text: some servers count in each chunk. */
  #isCounted = false;
  /** The number of the choice that is read: the first that comes. */
  #index: number | null = null;
  #callsTools = false;
  /** What it calls, where it was given tools. */
  readonly #calls: ToolCalls | null;
  readonly #take: Said = (kind, piece) => (kind === "text" ? this.#push(piece) : this.#think(piece));
  /** Half of a character that was cut in two. */
  #half = "";
  #tail = "";

  constructor(modelName: string, habits: ThoughtHabits, emit: Emit, hasTools = false) {
    this.#parts = new PartWriter(emit);
    this.#calls = hasTools ? new ToolCalls(emit) : null;
    this.#tags = new ThoughtTags(modelName, habits, {
      said: (kind, piece) => this.#say(kind, piece),
      alive: () => this.alive(),
    });
  }

  alive(): void {
    this.#parts.alive();
  }

  read(chunk: Fields): void {
    this.#parts.name(chunk.id, chunk.model);
    if (isFields(chunk.usage)) this.#usage = chunk.usage;
    if (this.#index === null && Array.isArray(chunk.choices))
      this.#index =
        chunk.choices
          .map(indexOf)
          .filter(Number.isInteger)
          .sort((a, b) => a - b)[0] ?? null;
    const choice = choiceIn(chunk, this.#index ?? 0);
    if (choice) this.#choice(choice);
    // One that is its own choice counts at its end alone.
    if (isFields(chunk.usage) && this.hasText && (!choice || choice === chunk)) this.#isCounted = true;
    if (!choice || !this.#parts.isOpen) this.alive();
  }

  #choice(choice: Fields): void {
    saidIn(choice, this.#take);
    const { delta, message } = choice as Record<string, Fields | null | undefined>;
    const said = delta ?? message;
    if (said?.tool_calls || said?.function_call) {
      this.#callsTools = true;
      // What waits to be told from thoughts stands before the calls.
      if (this.#calls?.isEmpty) this.#tags.end(false);
      this.#calls?.read(said.tool_calls, said.function_call);
    }
    this.#reason = finishReasonOf(choice.finish_reason ?? choice.finishReason ?? choice.done_reason) ?? this.#reason;
  }

  #push(piece: string): void {
    const text = this.#half + piece;
    const last = text.charCodeAt(text.length - 1);
    const isCut = last >= 0xd800 && last < 0xdc00;
    this.#half = isCut ? text.slice(-1) : "";
    const whole = isCut ? text.slice(0, -1) : text;
    if (whole !== "") this.#tags.push(whole);
  }

  #think(piece: string): void {
    if (piece === "") return;
    this.#tags.tellsApart();
    this.#say("reasoning", piece);
  }

  #say(kind: "text" | "reasoning", delta: string): void {
    if (kind === "text") this.#tail = delta.length < tailLength ? this.#tail.slice(-tailLength) + delta : delta;
    this.#parts.say(kind, delta);
  }

  get hasText(): boolean {
    return this.#tail !== "";
  }

  get hasEnd(): boolean {
    return this.#reason !== null;
  }

  breakOff(): void {
    this.#tags.end(true);
  }

  /**
   * Ends the answer. Some servers never say why theirs ended: they are believed where they say that it did, or count it, or where it ends as a text does.
   * Throws where it broke off.
   */
  finish({ isDone }: { isDone: boolean }): void {
    this.#tags.end(this.#reason?.unified === "length");
    if (!this.#reason && !isDone && !this.#isCounted && !this.#callsTools && !isWhole(this.#tail))
      throw problemOfGarbledAnswer(new Error("The stream ended without a finish reason."));
    this.#parts.finish(this.#endOf(), usageOf(this.#usage));
  }
  /** Why it ended: of one that calls tools, some servers say that it stopped. Throws where a call broke off. */
  #endOf(): LanguageModelV4FinishReason {
    const reason = this.#reason;
    if (this.#calls && !this.#calls.isEmpty && reason?.unified !== "length") {
      if (!this.#calls.areWhole) throw problemOfGarbledAnswer(new Error("The call of a tool is no JSON."));
      this.#parts.close();
      this.#calls.end();
      return { unified: "tool-calls", raw: reason?.raw };
    }
    return reason ?? { unified: this.#callsTools ? "tool-calls" : "stop", raw: undefined };
  }
}
