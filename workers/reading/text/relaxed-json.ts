const wordCharacter = /[\p{L}\p{N}_$.+-]/u;
/** Words that JavaScript and Python write for values, as JSON has them. */
const words: Record<string, string> = {
  True: "true",
  False: "false",
  None: "null",
  undefined: "null",
  NaN: '"NaN"',
  Infinity: '"Infinity"',
  "-Infinity": '"-Infinity"',
};

/**
 * Turns what people write by hand, as JSON5 and the settings of editors allow it, into JSON, piece by piece: comments, commas behind the last
 * member, strings in single quotes, names without any. What is JSON already goes through as it is, and all keeps its place.
 */
export class RelaxedJson {
  /** The quote that ends the string which is open; empty outside of one. */
  #quote = "";
  #isEscaped = false;
  /** How a comment that is open ends; empty outside of one. */
  #commentEnd = "";
  /** A character that the next one may make a mark of a comment with. */
  #pending = "";
  /** A comma that counts where another member follows, with the white space behind it. */
  #comma = "";
  /** A word, and the white space behind it. */
  #word = "";
  #space = "";

  /** The JSON that `piece` adds, as far as it is certain. */
  relax(piece: string): string {
    let json = "";
    for (let at = 0; at < piece.length; at++) {
      const character = piece[at] ?? "";
      if (this.#quote !== "") {
        // A run up to what may end the string.
        const end = this.#isEscaped ? at : endOfRun(piece, at);
        if (end > at) json += escaped(piece.slice(at, end));
        at = end;
        if (at < piece.length) json += this.#inString(piece[at] ?? "");
      } else json += this.#commentEnd === "" ? this.#outside(character) : this.#inComment(character);
    }
    return json;
  }

  /** What is left at the end. */
  end(): string {
    return this.#takeComma() + this.#takeWord(false) + this.#pending;
  }

  #inString(character: string): string {
    if (this.#isEscaped) {
      this.#isEscaped = false;
      if (character === "'" || character === "\n") return character === "'" ? "'" : "";
      return `\\${character}`;
    }
    if (character === "\\") {
      this.#isEscaped = true;
      return "";
    }
    if (character !== this.#quote) return character === '"' ? '\\"' : character;
    this.#quote = "";
    return '"';
  }

  #inComment(character: string): string {
    const isEnd = this.#commentEnd === "\n" ? /[\n\r]/.test(character) : this.#pending + character === "*/";
    this.#pending = character === "*" ? "*" : "";
    if (isEnd) [this.#commentEnd, this.#pending] = ["", ""];
    return this.#white();
  }

  #outside(character: string): string {
    if (this.#pending === "/") {
      this.#pending = "";
      if (character !== "/" && character !== "*") return `/${this.#outside(character)}`;
      this.#commentEnd = character === "/" ? "\n" : "*/";
      return this.#white() + this.#white();
    }
    // The mark before the records of a JSON text sequence (RFC 7464) is white space too.
    if (character === "\x1e" || /\s/.test(character)) return this.#white();
    if (character === "/") {
      this.#pending = "/";
      return "";
    }
    if (wordCharacter.test(character)) {
      const before = this.#space === "" ? "" : this.#takeWord(false);
      this.#word += character;
      return before;
    }
    const word = this.#takeWord(character === ":");
    const comma = character === "]" || character === "}" ? this.#comma.replace(",", " ") : this.#comma;
    this.#comma = character === "," ? "," : "";
    if (character === ",") return word + comma;
    if (character !== '"' && character !== "'") return word === "" ? comma + character : word + character;
    this.#quote = character;
    return `${word}${comma}"`;
  }

  /** White space stays behind what is held back. */
  #white(): string {
    if (this.#word !== "") this.#space += " ";
    else if (this.#comma !== "") this.#comma += " ";
    else return " ";
    return "";
  }

  #takeComma(): string {
    const comma = this.#comma;
    this.#comma = "";
    return comma;
  }

  /** The word that has ended: a name in quotes where a colon follows. */
  #takeWord(isName: boolean): string {
    const [word, space] = [this.#word, this.#space];
    [this.#word, this.#space] = ["", ""];
    if (word === "") return "";
    return this.#takeComma() + (isName ? JSON.stringify(word) : (words[word] ?? word)) + space;
  }
}

/** Where a string's ordinary characters end. */
function endOfRun(piece: string, from: number): number {
  for (let at = from; at < piece.length; at++) {
    const code = piece.charCodeAt(at);
    if (code === 0x22 || code === 0x27 || code === 0x5c) return at;
  }
  return piece.length;
}

/** Line ends and tabs within a string, which JSON wants escaped. */
const escaped = (run: string): string =>
  /[\n\r\t]/.test(run) ? run.replace(/\r\n?|\n/g, "\\n").replaceAll("\t", "\\t") : run;
