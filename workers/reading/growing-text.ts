/** Parts after which a text is put together: of more, the engine keeps each as an object of its own. */
const stride = 1_000;

/** Has the engine keep a text that was added up as one, not as its many parts. Returns the same text. */
export function flatten(text: string): string {
  /^$/.test(text);
  return text;
}

/** A text that is added up of very many small parts. What it ends with is known without putting it together. */
export class GrowingText {
  #done: string[] = [];
  #text = "";
  #parts = 0;
  #last = "";
  #length = 0;

  constructor(text = "") {
    this.add(text);
  }

  add(part: string): void {
    if (part === "") return;
    this.#text += part;
    this.#last = part.slice(-1);
    this.#length += part.length;
    if (++this.#parts % stride > 0) return;
    this.#done.push(flatten(this.#text));
    this.#text = "";
  }

  get length(): number {
    return this.#length;
  }

  /** The last character; empty where there is none. */
  get last(): string {
    return this.#last;
  }

  get whole(): string {
    return this.#done.length > 0 ? this.#done.join("") + this.#text : this.#text;
  }
}

/** A text whose lines are changed one by one, without those that become null; a million lines are not held beside it. */
export function mapLines(text: string, parting: string, change: (line: string) => string | null): string {
  const changed = new GrowingText();
  for (let from = 0; from <= text.length; ) {
    const at = text.indexOf(parting, from);
    const end = at < 0 ? text.length : at;
    const line = change(text.slice(from, end));
    if (line !== null) changed.add(`${line}\n`);
    from = end + parting.length;
  }
  return changed.whole.slice(0, -1);
}
