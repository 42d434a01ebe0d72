/** What stands in for JSON's own characters: no string of JSON holds a bare one, and a sentence ends there. */
const standIn = "\n";

/** Hides what of a JSON text stands outside its strings from whoever looks for citations: `[1]` is a list there, and no number a fact. */
export class JsonText {
  #isString = false;
  #isEscaped = false;
  readonly #hidden: string[] = [];

  hide(piece: string): string {
    let shown = "";
    for (const character of piece) {
      const isQuote = character === '"' && !this.#isEscaped;
      const isOwn = isQuote || !this.#isString || character === standIn;
      if (isOwn) this.#hidden.push(character);
      shown += isOwn ? standIn : character;
      if (isQuote) this.#isString = !this.#isString;
      this.#isEscaped = this.#isString && character === "\\" && !this.#isEscaped;
    }
    return shown;
  }

  /** What was hidden, back in its places. */
  show(text: string): string {
    return text.replaceAll(standIn, () => this.#hidden.shift() ?? standIn);
  }
}
