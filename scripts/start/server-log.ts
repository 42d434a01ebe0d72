import { appendFileSync } from "node:fs";
import { oneLine } from "./refusal.ts";

/** The server's log. A disk that takes nothing any more must not end the server: that is said once, and again when it is over. */
export class ServerLog {
  readonly file: string;
  readonly #say: (line: string) => void;
  readonly #append: (file: string, text: string) => void;
  #lost = 0;

  constructor(
    file: string,
    say: (line: string) => void,
    append: (file: string, text: string) => void = appendFileSync,
  ) {
    this.file = file;
    this.#say = say;
    this.#append = append;
  }

  write(line: string): void {
    try {
      this.#append(this.file, `${line}\n`);
    } catch (error) {
      if (this.#lost++ === 0)
        this.#say(`The log cannot be written, and the server goes on without it: ${oneLine(error)}`);
      return;
    }
    if (this.#lost === 0) return;
    const lost = this.#lost;
    this.#lost = 0;
    const sentence = `The log is written again; ${lost} line${lost === 1 ? " is" : "s are"} missing from it.`;
    this.#say(sentence);
    this.write(sentence);
  }
}
