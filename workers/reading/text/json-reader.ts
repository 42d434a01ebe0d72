import { Tokenizer, TokenType } from "@streamparser/json";
import { ReadingBudget } from "../budget.ts";
import { UnreadableDocument } from "../unreadable-document.ts";
import { JsonBlocks } from "./json-blocks.ts";
import { RelaxedJson } from "./relaxed-json.ts";

const maxDepth = 200;

/** What a file is that is called JSON and is none. */
export const notJson = (offset: number, cause?: unknown) =>
  new UnreadableDocument(
    "damaged",
    `This file is not valid JSON: it breaks off or goes wrong at character ${offset + 1}. Save it anew in the program that it came from, and upload the new file.`,
    cause,
  );

/** What may come next. */
type Expected = "value" | "value or end" | "key" | "key or end" | "colon" | "comma or end";

/** Numbers as they are written: those of identifiers have more digits than a double. */
class ExactTokenizer extends Tokenizer {
  protected override parseNumber(number: string): number {
    return number as unknown as number;
  }
}

/** Holds tokens to JSON's grammar. Values may follow one another, as they do in JSON Lines. */
export class JsonReader {
  readonly blocks: JsonBlocks;
  /** Values that stand side by side, and not in one another. */
  values = 0;
  #expected: Expected = "value";

  constructor(budget: ReadingBudget) {
    this.blocks = new JsonBlocks(budget);
  }

  get isWhole(): boolean {
    return this.blocks.depth === 0 && this.#expected === "value";
  }

  token(token: TokenType, value: unknown, offset: number): void {
    const expected = this.#expected;
    const wants = (...those: Expected[]) => {
      if (!those.includes(expected)) throw notJson(offset);
    };
    switch (token) {
      case TokenType.LEFT_BRACE:
      case TokenType.LEFT_BRACKET:
        wants("value", "value or end");
        if (this.blocks.depth >= maxDepth) {
          throw new UnreadableDocument("damaged", "This file is nested too deeply to be read.");
        }
        this.blocks.open(token === TokenType.LEFT_BRACKET);
        this.#expected = token === TokenType.LEFT_BRACKET ? "value or end" : "key or end";
        return;
      case TokenType.RIGHT_BRACE:
      case TokenType.RIGHT_BRACKET: {
        const isArray = token === TokenType.RIGHT_BRACKET;
        wants("comma or end", isArray ? "value or end" : "key or end");
        if (isArray !== this.blocks.isInArray) throw notJson(offset);
        this.blocks.close();
        this.#valueEnds();
        return;
      }
      case TokenType.COLON:
        wants("colon");
        this.#expected = "value";
        return;
      case TokenType.COMMA:
        wants("comma or end");
        this.blocks.next();
        this.#expected = this.blocks.isInArray ? "value" : "key";
        return;
      default:
        if (token === TokenType.STRING && (expected === "key" || expected === "key or end")) {
          this.blocks.key(String(value));
          this.#expected = "colon";
          return;
        }
        wants("value", "value or end");
        if (value !== null) this.blocks.value(String(value));
        this.#valueEnds();
    }
  }

  #valueEnds(): void {
    if (this.blocks.depth === 0) this.values++;
    this.#expected = this.blocks.depth > 0 ? "comma or end" : "value";
  }
}

/** Feeds JSON to a reader piece by piece. Throws `UnreadableDocument` where it is none. */
export function tokenizerOf(reader: JsonReader): Pick<Tokenizer, "write"> {
  const tokenizer = new ExactTokenizer({ stringBufferSize: 16_384, separator: "" });
  let offset = 0;
  tokenizer.onToken = ({ token, value, offset: at }) => {
    offset = at;
    reader.token(token, value, at);
  };
  tokenizer.onError = (error) => {
    throw error instanceof UnreadableDocument ? error : notJson(offset, error);
  };
  tokenizer.onEnd = () => {};
  return tokenizer;
}

/** Whether a text, or the beginning of one, is JSON, and not notes that begin with a piece of it. */
export function isJson(text: string, isPart: boolean): boolean {
  const reader = new JsonReader(new ReadingBudget("json", text.length));
  const relaxed = new RelaxedJson();
  try {
    const tokenizer = tokenizerOf(reader);
    tokenizer.write(relaxed.relax(text));
    if (!isPart) tokenizer.write(`${relaxed.end()}\n`);
    return isPart || reader.isWhole;
  } catch (error) {
    if (error instanceof UnreadableDocument) return false;
    throw error;
  }
}
