import { problemOfGarbledAnswer, problemOfSaid } from "../failures.ts";

/** One event is a few hundred characters; what goes on beyond this is a fault or an attack, and would fill the isolate. */
export const maxEventLength = 1_000_000;

/** Who is told what stands in a stream. */
interface Told {
  /** An event, parsed. */
  value(value: unknown): void;
  /** The provider’s own mark that all was said. */
  done(): void;
  /** A line that says nothing but that somebody is there. */
  alive(): void;
  /** What the server says that it failed of. */
  failed(said: unknown): void;
}

const isDone = (text: string) => text.length < 12 && /^"?\[?done\]?"?$/i.test(text);
const isFieldOfNoUse = (line: string) => line.startsWith("id:") || line.startsWith("retry:") || !/[^a-z]/.test(line);

/** What says that somebody is there, in the place of an event or as its name. */
const isAlive = (text: string) => text.length < 12 && /^(?:null|ping|keep[-_ ]?alive|heart-?beat)$/i.test(text);

/** Numbers that JSON has none of, which servers in Python write, as nothing; those in strings stay. */
const withoutOddNumbers = (json: string) =>
  json.replace(/("(?:[^"\\]|\\.)*"?)|-?\b(?:NaN|Infinity)\b/g, (_, string) => string ?? "null");

/** The value of a text that is one whole piece of JSON; undefined where it is not. */
export function jsonIn(text: string): unknown {
  if (!/^[{["]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    const plain = /NaN|Infinity/.test(text) ? withoutOddNumbers(text) : text;
    return plain === text ? undefined : jsonIn(plain);
  }
}

/**
 * Reads the lines of a stream, however they were cut, and says what they hold. Servers that mean server-sent events leave out spaces and empty lines, spread
 * JSON over lines, or send lines of bare JSON, or one whole piece of it: an event is told of as soon as its JSON is whole.
 */
export class EventLines {
  readonly #told: Told;
  /** Lines whose end has not come. */
  #rest = "";
  #endsWithReturn = false;
  /** The event’s name, and its data as far as it has come and is no whole JSON yet. */
  #name = "";
  #data = "";
  /** Lines that are no events: one whole answer as JSON, or a page. */
  #bare = "";

  constructor(told: Told) {
    this.#told = told;
  }

  /** Whether it stands between two lines, with nothing half read. */
  get isBetween(): boolean {
    return this.#rest === "" && this.#data === "" && this.#bare === "";
  }

  feed(text: string): void {
    const lines = text.includes("\r") || this.#endsWithReturn ? this.#withoutReturns(text) : text;
    let from = 0;
    for (let end = lines.indexOf("\n"); end >= 0; end = lines.indexOf("\n", from)) {
      this.#line(this.#rest + lines.slice(from, end));
      this.#rest = "";
      from = end + 1;
    }
    this.#rest += lines.slice(from);
    const length = this.#rest.length + this.#data.length + this.#bare.length;
    if (length > maxEventLength) throw problemOfGarbledAnswer(new Error("More than 1 MB in one event."));
  }

  #withoutReturns(text: string): string {
    const rest = this.#endsWithReturn && text.startsWith("\n") ? text.slice(1) : text;
    this.#endsWithReturn = rest.endsWith("\r");
    return rest.replace(/\r\n?/g, "\n");
  }

  #line(line: string): void {
    if (line === "") this.#flush();
    else if (line.startsWith(":") || isAlive(line)) this.#told.alive();
    else if (this.#bare !== "") this.#bare += `${line}\n`;
    else if (line.startsWith("data:")) this.#take(line.replace(/^(?:data:\s*)+/, "").trim());
    else if (line.startsWith("event:")) this.#name = line.slice(6).trim();
    // As llama.cpp tells of what goes wrong in mid-stream.
    else if (line.startsWith("error:")) this.#told.failed(line.slice(6).trim());
    else if (!isFieldOfNoUse(line)) this.#takeBare(line);
  }

  #take(data: string): void {
    const isFirst = this.#data === "";
    const value = isFirst && /[}\]]$/.test(data) ? jsonIn(data) : undefined;
    if (isFirst && isDone(data)) this.#told.done();
    else if (isFirst && (isAlive(data) || isAlive(this.#name))) this.#told.alive();
    else if (value !== undefined) this.#tell(value);
    else if (data !== "") this.#data += `${data}\n`;
  }

  #takeBare(line: string): void {
    const value = line.endsWith("}") ? jsonIn(line.trim()) : undefined;
    if (value === undefined) this.#bare += `${line}\n`;
    else this.#tell(value);
  }

  #tell(value: unknown): void {
    if (this.#name === "error") this.#told.failed(value);
    else this.#told.value(value);
  }

  /** Ends the event that is being read. */
  #flush(): void {
    const data = this.#data.trim();
    this.#data = "";
    if (data !== "") {
      const value = jsonIn(data);
      if (this.#name === "error") this.#told.failed(value ?? data);
      else if (value === undefined)
        throw problemOfGarbledAnswer(new Error(`No JSON in an event: ${data.slice(0, 100)}`));
      else this.#told.value(value);
    }
    this.#name = "";
  }

  /** Nothing more comes. */
  end(): void {
    this.feed("\n\n");
    const bare = this.#bare.trim();
    this.#bare = "";
    if (bare === "") return;
    const value = jsonIn(bare);
    if (value !== undefined) this.#told.value(value);
    else if (/^[{[]/.test(bare)) throw problemOfGarbledAnswer(new Error("The answer’s JSON is broken."));
    else throw problemOfSaid(bare);
  }
}
