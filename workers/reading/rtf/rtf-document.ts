import type { ReadingBudget } from "../budget.ts";
import { MathText } from "../markup/math-text.ts";
import { addressOfField, shownByField } from "../office/field-code.ts";
import { emptyField, shownByFormField } from "../office/form-field.ts";
import type { LeftOut } from "../office/left-out.ts";
import { pictureText } from "../office/picture-text.ts";
import { symbolOf } from "../office/symbol-font.ts";
import type { Block } from "../parsed-document.ts";
import { destinationOf } from "./rtf-destinations.ts";
import { encodingOfCharset, encodingOfCodePage } from "./rtf-encodings.ts";
import { RtfFlow } from "./rtf-flow.ts";
import { aligning, alignOf, first, type State } from "./rtf-state.ts";
import { rtfSymbols } from "./rtf-symbols.ts";
import type { RtfReader } from "./rtf-tokens.ts";

/** Fonts and styles that are known: none has more, and numbers of others cost memory. */
const maxDescribed = 20_000;
/** The parts of a date, by their control words. */
const timeParts = new Set(["yr", "mo", "dy", "hr", "min"]);
/** So many bytes of text are decoded at once. */
const runLength = 8_192;

/** Gathers what a rich text file says, from its tokens. */
export class RtfDocument implements RtfReader {
  readonly said: Partial<Record<"title" | "author" | "date", string>> = {};
  readonly #flow = new RtfFlow();
  readonly #outer: State[] = [];
  #state: State = first;
  #ignorable = false;
  /** True until the first word of a group is read. */
  #begins = false;
  #toSkip = 0;
  /** Bytes of text that are not decoded yet, and how many they are. */
  readonly #bytes = new Uint8Array(runLength);
  #length = 0;
  #encoding = "windows-1252";
  readonly #decoders = new Map<string, TextDecoder>();
  readonly #charsets = new Map<number, number>();
  #defaultFont = -1;
  readonly #outlines = new Map<number, number>();
  /** The style that is being described, its name and its level. */
  #described = { style: -1, name: "", outline: null as number | null };
  #time: Record<string, number> | null = null;
  /** A property of a shape or picture, by its name. */
  #property = { name: "", value: "" };
  #math: MathText | null = null;
  readonly #symbols = new Set<number>();
  readonly #budget: ReadingBudget;
  readonly #leftOut: LeftOut;

  constructor(budget: ReadingBudget, leftOut: LeftOut) {
    this.#budget = budget;
    this.#leftOut = leftOut;
  }

  openGroup(): void {
    this.#flush();
    this.#toSkip = 0;
    this.#budget.checkDepth(this.#outer.length + 1);
    this.#outer.push(this.#state);
    this.#state = { ...this.#state, isElement: false };
    this.#begins = true;
    this.#ignorable = false;
  }

  closeGroup(): void {
    this.#flush();
    this.#toSkip = 0;
    const closed = this.#state;
    this.#state = this.#outer.pop() ?? first;
    const outer = this.#state;
    if (closed.destination === "aside" && outer.destination !== "aside") this.#flow.endAside(closed.before);
    if (closed.field !== null && closed.field !== outer.field) this.#closeField(closed.field);
    if (closed.destination === "value" && outer.destination !== "value") this.#closeProperty();
    if (closed.isElement) this.#closeElement();
    if (closed.destination === "styles") this.#closeStyle();
    if (this.#time) this.#closeTime();
  }

  control(word: string, parameter: number | null): void {
    if (word === "*") {
      this.#ignorable = true;
      return;
    }
    this.#flush();
    if (this.#begins) this.#begin(word);
    this.#begins = false;
    if (this.#time && parameter !== null && timeParts.has(word)) this.#time[word] = parameter;
    if (this.#toSkip > 0 && (rtfSymbols.has(word) || word === "par")) {
      this.#toSkip--;
      return;
    }
    const { destination } = this.#state;
    if (destination === "skip" || destination === "info") return;
    this.#setState(word, parameter);
    if (destination === "form") this.#fill(word, parameter ?? 0);
    else if (destination === "fonts" || destination === "styles") this.#describe(word, parameter);
    else this.#put(word, parameter);
  }

  get isSkipping(): boolean {
    const { destination } = this.#state;
    return (destination === "skip" || destination === "picture") && this.#toSkip === 0 && !this.#begins;
  }

  byte(byte: number): void {
    this.#begins = false;
    if (this.#toSkip > 0) this.#toSkip--;
    else if (this.#state.destination !== "skip" && !this.#state.hidden) this.#bytes[this.#length++] = byte;
    if (this.#length >= runLength) this.#flush();
  }

  end(): Block[] {
    this.#flush();
    return this.#flow.end();
  }

  #begin(word: string): void {
    const { destination } = this.#state;
    if (destination === "skip") return;
    if (destination === "info" && word === "creatim") this.#time = {};
    if (word === "field") this.#state.field = { code: "", from: this.#flow.place, form: emptyField(), isFilled: false };
    else if (word === "fldrslt" && this.#state.field) this.#state.field.from = this.#flow.place;
    else if (word === "shppict" || word === "pict") this.#property = { name: "", value: "" };
    else if (word === "object") this.#leftOut.count("object");
    else if (word === "ffl") this.#state.field?.form.choices.push("");
    const next = destinationOf(word, this.#ignorable, destination);
    if (next === "aside" && destination !== "aside") {
      this.#flow.beginAside();
      this.#state.before = word === "annotation" ? "Comment: " : "";
    }
    if (next === "math" || (destination === "math" && next === null)) this.#openElement(word);
    // Inside what stands aside, everything does.
    this.#state.destination = next ?? (destination === "silent" ? "silent" : destination);
  }

  /** Words that change how the following text is read. */
  #setState(word: string, parameter: number | null): void {
    const state = this.#state;
    if (word === "f") state.font = parameter ?? -1;
    else if (word === "uc") state.substitutes = Math.max(0, parameter ?? 1);
    else if (word === "v" || word === "deleted") state.hidden = parameter !== 0;
    else if (word === "s") state.style = parameter ?? 0;
    else if (word === "outlinelevel") state.outline = parameter;
    else if (word === "plain") Object.assign(state, { font: this.#defaultFont, hidden: false, align: null });
    else if (word === "pard") Object.assign(state, { style: 0, outline: null, depth: 0 });
    else if (word === "intbl") state.depth = Math.max(1, state.depth);
    else if (word === "itap") state.depth = Math.max(0, parameter ?? 1);
    else if (aligning.has(word)) state.align = alignOf(word, parameter);
    else if (word === "ansicpg") this.#encoding = encodingOfCodePage(parameter ?? 1252);
    else if (word === "mac") this.#encoding = "macintosh";
    else if (word === "deff") this.#defaultFont = parameter ?? -1;
  }

  /** Words in a field of a form: its kind, and what is chosen, or else (25) what is chosen to begin with. */
  #fill(word: string, value: number): void {
    const { field } = this.#state;
    if (!field || (word !== "fftype" && word !== "ffres" && word !== "ffdefres")) return;
    const { form } = field;
    if (word === "fftype") form.isTicked = value === 1 ? false : null;
    else if (word === "ffres" ? value !== 25 : !field.isFilled) {
      form.chosen = value;
      field.isFilled ||= word === "ffres";
      if (form.isTicked !== null) form.isTicked = value === 1;
    }
  }

  /** Words in the tables of fonts and styles. */
  #describe(word: string, parameter: number | null): void {
    if (this.#state.destination === "fonts") {
      if (word === "fcharset" && this.#charsets.size < maxDescribed) {
        this.#charsets.set(this.#state.font, parameter ?? 0);
        if (parameter === 2) this.#symbols.add(this.#state.font);
      }
    } else if (word === "s") this.#described = { style: parameter ?? 0, name: "", outline: null };
    else if (word === "outlinelevel") this.#described.outline = parameter;
  }

  /** Words that are text themselves, or end a piece of it. */
  #put(word: string, parameter: number | null): void {
    if (word === "u" && parameter !== null) {
      const code = parameter & 0xffff;
      this.#text(code >= 0xf000 && code <= 0xf0ff ? symbolOf("Symbol", code) : String.fromCharCode(code));
      this.#toSkip = this.#state.substitutes;
      return;
    }
    const symbol = rtfSymbols.get(word);
    if (symbol !== undefined) this.#text(symbol);
    else if (this.#state.destination === "silent" || this.#state.destination === "picture") return;
    else if (this.#state.destination === "inner") {
      if (word === "nestrow") this.#flow.control(word, this.#state.depth);
    } else if (this.#state.destination !== "text" && this.#state.destination !== "aside") return;
    else if (word === "par" || word === "sect" || word === "page" || word === "\n" || word === "\r")
      this.#flow.endParagraph(this.#level, this.#state.depth);
    else this.#flow.control(word, this.#state.depth);
  }

  get #level(): number | null {
    const { outline, style } = this.#state;
    const level = outline ?? this.#outlines.get(style) ?? null;
    return level !== null && level < 9 ? level : null;
  }

  #flush(): void {
    if (this.#length === 0) return;
    const bytes = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    // Letters of ASCII are the same in all of them, and most text is nothing else.
    if (bytes.every((byte) => byte < 128)) this.#text(String.fromCharCode(...bytes));
    else this.#text(this.#decoder().decode(bytes));
  }

  #decoder(): TextDecoder {
    const charset = this.#charsets.get(this.#state.font);
    const encoding = charset === undefined ? this.#encoding : encodingOfCharset(charset, this.#encoding);
    let decoder = this.#decoders.get(encoding);
    if (!decoder) {
      decoder = new TextDecoder(encoding);
      this.#decoders.set(encoding, decoder);
    }
    return decoder;
  }

  #text(text: string): void {
    const { destination, hidden } = this.#state;
    if (hidden) return;
    if (destination === "text" || destination === "aside") this.#flow.add(text, this.#state.align, this.#state.depth);
    else if (destination === "math") this.#math?.text(text);
    else if (destination === "code" && this.#state.field)
      this.#state.field.code = (this.#state.field.code + text).slice(0, 4_000);
    else if (destination === "choice" && this.#state.field) {
      const { choices } = this.#state.field.form;
      choices[choices.length - 1] = ((choices.at(-1) ?? "") + text).slice(0, 1_000);
    } else if (destination === "name") this.#property = { name: text.trim(), value: "" };
    else if (destination === "value") this.#property.value = (this.#property.value + text).slice(0, 10_000);
    else if (destination === "styles") this.#described.name = (this.#described.name + text).slice(0, 100);
    else if (destination === "title" || destination === "author")
      this.said[destination] = ((this.said[destination] ?? "") + text).slice(0, 1_000);
  }

  #closeField({ code, from, form }: NonNullable<State["field"]>): void {
    const { destination } = this.#state;
    if (destination === "text" || destination === "aside")
      this.#flow.endLink(from, addressOfField(code), shownByFormField(form) ?? shownByField(code));
  }

  /** What is said of a picture is told behind the paragraph. */
  #closeProperty(): void {
    const { name, value } = this.#property;
    const text = name === "wzDescription" ? pictureText(value) : "";
    if (text) this.#flow.tellAside(`Picture: ${text}`);
    this.#property = { name: "", value: "" };
  }

  /** Elements of formulas are groups here, with an m before the name that they have in OMML. */
  #openElement(word: string): void {
    this.#math ??= new MathText();
    this.#math.open(word.replace(/^m(?=[a-zA-Z])/, ""), {});
    this.#state.isElement = true;
  }

  #closeElement(): void {
    const said = this.#math?.close() ?? null;
    if (said === null) return;
    this.#math = null;
    const { text } = this.#flow.place;
    this.#flow.add(/[\p{L}\p{N}]$/u.test(text.text.slice(-2)) ? ` ${said}` : said, null, this.#state.depth);
  }

  #closeStyle(): void {
    const { style, name, outline } = this.#described;
    this.#described = { style: -1, name: "", outline: null };
    const number = /^heading (\d)/i.exec(name.trim())?.[1];
    const level = outline ?? (number ? Number(number) - 1 : /^title;?$/i.test(name.trim()) ? -1 : null);
    if (style >= 0 && level !== null && level < 9 && this.#outlines.size < maxDescribed)
      this.#outlines.set(style, level);
  }

  #closeTime(): void {
    const { yr = 0, mo = 1, dy = 1, hr = 0, min = 0 } = this.#time ?? {};
    this.#time = null;
    if (yr > 0) this.said.date = new Date(Date.UTC(yr, mo - 1, dy, hr, min)).toISOString();
  }
}
