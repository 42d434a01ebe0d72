import { Tokenizer, TokenType } from "@streamparser/json";
import { decodedPieces } from "../../text/decode-text.ts";
import { ReadingBudget } from "../budget.ts";
import { assembleDocument, type ParsedDocument } from "../parsed-document.ts";
import { UnreadableDocument } from "../unreadable-document.ts";
import { JsonBlocks } from "./json-blocks.ts";

const maxDepth = 200;

const notJson = (offset: number, cause?: unknown) =>
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
class JsonReader {
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

/** Reads JSON, or JSON Lines, as lines of `path: value`. Throws `UnreadableDocument`. */
export function parseJson(bytes: Uint8Array, budget = new ReadingBudget("json", bytes.length)): ParsedDocument {
  const reader = new JsonReader(budget);
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
  for (const piece of decodedPieces(bytes)) {
    budget.spend(piece.length);
    tokenizer.write(piece);
  }
  tokenizer.write("\n");
  if (!reader.isWhole) throw notJson(bytes.length);
  return assembleDocument(reader.blocks.end(), null, reader.values === 1 ? reader.blocks.said : {});
}
