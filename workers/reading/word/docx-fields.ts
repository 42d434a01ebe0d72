import { addressOfField, isPageNumber, shownByField } from "../office/field-code.ts";
import { emptyField, type FormField, shownByFormField } from "../office/form-field.ts";
import { addressBeside } from "../office/link-text.ts";
import type { RunText } from "../office/run-text.ts";

interface Field {
  code: string;
  /** Whether it is still its code that goes by, and not its result. */
  isCode: boolean;
  text: RunText | undefined;
  /** Where its result begins. */
  from: number;
  form: FormField;
}

/** Fields in fields, of which each text asks all. */
const maxFields = 50;

/** The fields of a document: what they show is read, and where they lead; what they are made by is not. */
export class DocxFields {
  /** In headers and footers, which say the number of each page. */
  readonly #isRunning: boolean;
  #open: Field[] = [];
  #hasPages = false;
  isOpenCode = false;

  constructor(isRunning: boolean) {
    this.#isRunning = isRunning;
  }

  /** Whether text that comes now is not shown. */
  get hides(): boolean {
    return this.#open.some(({ isCode, code }) => isCode || (this.#isRunning && isPageNumber(code)));
  }

  addCode(text: string): void {
    const field = this.#open.at(-1);
    if (field && field.code.length < 4_000) field.code += text;
  }

  open(name: string, attributes: Record<string, string>, text: RunText | undefined): void {
    const field = this.#open.at(-1);
    const value = attributes["w:val"];
    if (name === "w:instrText") this.isOpenCode = true;
    else if (name === "w:fldChar") this.#mark(attributes["w:fldCharType"] ?? "", text);
    else if (name === "w:fldSimple") {
      this.#begin(text);
      this.addCode(attributes["w:instr"] ?? "");
      this.#separate();
    } else if (!field) return;
    else if (name === "w:checkBox") field.form.isTicked ??= false;
    else if ((name === "w:default" || name === "w:checked") && field.form.isTicked !== null)
      field.form.isTicked = !/^(?:0|false|off)$/.test(value ?? "");
    else if (name === "w:listEntry") field.form.choices.push(value ?? "");
    else if (name === "w:result") field.form.chosen = Number(value) || 0;
  }

  close(name: string, text: RunText | undefined): void {
    if (name === "w:instrText") this.isOpenCode = false;
    else if (name === "w:fldSimple") this.#end(text);
  }

  /** Code does not go over paragraphs; where it seems to, its end is lost. */
  endParagraph(text: RunText): void {
    for (const field of this.#open) if (field.isCode && field.text === text) field.isCode = false;
  }

  /** The text of a paragraph without what only stands by the number of a page. */
  withoutPages(text: string): string {
    const isOnlyPages = this.#hasPages && !/\p{N}|(?:\p{L}{2,}.*){4}/su.test(text);
    this.#hasPages = false;
    return isOnlyPages ? "" : text;
  }

  #mark(type: string, text: RunText | undefined): void {
    if (type === "begin") this.#begin(text);
    else if (type === "separate") this.#separate();
    else if (type === "end") this.#end(text);
  }

  #begin(text: RunText | undefined): void {
    if (this.#open.length < maxFields) this.#open.push({ code: "", isCode: true, text, from: 0, form: emptyField() });
  }

  #separate(): void {
    const field = this.#open.at(-1);
    if (!field) return;
    field.isCode = false;
    field.from = field.text?.length ?? 0;
    this.#hasPages ||= this.#isRunning && isPageNumber(field.code);
  }

  #end(text: RunText | undefined): void {
    const field = this.#open.pop();
    if (!field || !text) return;
    const { code, isCode, form } = field;
    this.#hasPages ||= this.#isRunning && isPageNumber(code);
    if (this.hides) return;
    const filled = shownByFormField(form);
    if (filled !== null) text.add(filled);
    else if (isCode) text.add(shownByField(code));
    if (field.text === text && !isCode) text.add(addressBeside(text.since(field.from), addressOfField(code)));
  }
}
