import type { PDFPageProxy } from "unpdf/pdfjs";
import { boundTurn } from "./pdf-bounds.ts";

export type Rect = [left: number, bottom: number, right: number, top: number];

/** An address that text of a page leads to, and where that text stands: a rectangle for each line. */
export interface Link {
  url: string;
  rects: Rect[];
}

/** What somebody put on a page: a value of a field, or text that was typed there. */
export interface TypedText {
  lines: string[];
  rect: Rect;
  /** What the field is called; empty for text that is none of a field. */
  name: string;
  /** Whether the name tells people something, and is no `Text12`. */
  isTelling: boolean;
  /** Whether it is a box or button, which has its label beside it. */
  isBox: boolean;
  /** Whether anything was filled in or chosen. */
  isFilled: boolean;
}

/** What stands on a page beside its text. */
export interface PageAnnotations {
  links: Link[];
  typed: TypedText[];
  /** Comments, which stand nowhere in the text. */
  notes: string[];
  /** Whether there are fields of a form. */
  hasFields: boolean;
}

/** What pdf.js says of an annotation, as far as it is looked at here. */
interface Annotation {
  subtype?: string;
  rect?: number[];
  hidden?: boolean;
  url?: string;
  unsafeUrl?: string;
  quadPoints?: ArrayLike<number> | null;
  contentsObj?: { str: string };
  titleObj?: { str: string };
  textContent?: string[];
  overlaidText?: string;
  stateModel?: string | null;
  fieldType?: string | null;
  fieldName?: string;
  alternativeText?: string;
  fieldValue?: unknown;
  options?: { exportValue: string; displayValue: string }[];
  checkBox?: boolean;
  radioButton?: boolean;
  pushButton?: boolean;
  exportValue?: string;
  buttonValue?: string | null;
  password?: boolean;
}

const lead = /^(?:https?|ftp|mailto|tel):/i;

/** Each line of a link has a quadrilateral of its own, of eight numbers. */
function rectsOf({ quadPoints, rect }: Annotation): Rect[] {
  if (!quadPoints || quadPoints.length < 8) return rect ? [rect as Rect] : [];
  const rects: Rect[] = [];
  for (let at = 0; at + 8 <= quadPoints.length; at += 8) {
    boundTurn();
    const [xs, ys] = [0, 1].map((axis) => [0, 2, 4, 6].map((i) => quadPoints[at + axis + i] ?? 0)) as [
      number[],
      number[],
    ];
    rects.push([Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]);
  }
  return rects;
}

/** Programs that give each line of a link an annotation of its own write them behind each other. */
function takeLink(annotation: Annotation, links: Link[]): void {
  const url = annotation.url ?? annotation.unsafeUrl ?? "";
  const rects = rectsOf(annotation);
  const [rect] = rects;
  if (!lead.test(url) || !rect) return;
  const last = links.at(-1);
  const above = last?.rects.at(-1);
  if (last?.url === url && above && Math.abs(above[1] - rect[1]) < 3 * (rect[3] - rect[1])) last.rects.push(...rects);
  else links.push({ url, rects });
}

/** Names that programs give by themselves. */
const numbered =
  /^(?:text ?(?:field|box)?|field|fill|check ?box|radio ?button|combo ?box|list ?box|drop ?down|group|button|untitled|undefined|f|c)?[\s\d.]*$/i;

/** What a field is called, and whether that helps who has no label to read. */
function nameOf({ alternativeText, fieldName = "" }: Annotation): { name: string; isTelling: boolean } {
  const said = alternativeText?.trim();
  const own = (fieldName.split(".").at(-1) ?? "").replace(/\[\d+\]$/, "");
  const name = said || own.replace(/[_-]+/g, " ").trim();
  return { name, isTelling: !numbered.test(name) };
}

const valueLines = (value: string): string[] => value.split(/\r\n?|\n/).filter((line) => line.trim() !== "");

/** The value of a text or choice field as it is shown. */
function shownValue({ fieldType, fieldValue, options, textContent }: Annotation): string[] {
  const values = [fieldValue ?? []].flat().filter((value): value is string => typeof value === "string");
  const shown = values.map((value) =>
    fieldType === "Ch" ? (options?.find(({ exportValue }) => exportValue === value)?.displayValue ?? value) : value,
  );
  const lines = fieldType === "Ch" ? [shown.join(", ")] : shown.flatMap(valueLines);
  return lines.some((line) => line.trim() !== "") ? lines : (textContent ?? []);
}

function takeField(field: Annotation, rect: Rect, typed: TypedText[]): void {
  if (field.password || field.pushButton || field.fieldType === "Sig") return;
  const { name, isTelling } = nameOf(field);
  const place = { rect, name, isTelling };
  if (field.checkBox || field.radioButton) {
    const on = (field.checkBox ? field.exportValue : field.buttonValue) ?? "";
    const isFilled = on !== "" && field.fieldValue === on;
    const option = field.radioButton && !/^(?:on|yes|off|choice)? ?\d*$/i.test(on) ? on : "";
    const called = [name, option].filter((part) => part !== "").join(": ");
    typed.push({ ...place, name: called, lines: [isFilled ? "[x]" : "[ ]"], isBox: true, isFilled });
    return;
  }
  const lines = shownValue(field);
  if (lines.length > 0) typed.push({ ...place, lines, isBox: false, isFilled: true });
}

/** Kinds that are no words of somebody: a window for another's words, and those that are read as what they are. */
const wordless = new Set(["Popup", "Link", "Widget"]);

function noteOf({ subtype, contentsObj, titleObj, overlaidText, stateModel }: Annotation): string | null {
  const said = contentsObj?.str.trim();
  if (!said || stateModel || wordless.has(subtype ?? "")) return null;
  const by = titleObj?.str.trim();
  const on = overlaidText?.trim();
  return `Note${by ? ` by ${by}` : ""}${on ? ` on “${on}”` : ""}: ${said}`;
}

/** Reads what people and programs put on a page beside its text: links, values of forms, typed text, comments. */
export async function annotationsOf(page: PDFPageProxy): Promise<PageAnnotations> {
  const found: PageAnnotations = { links: [], typed: [], notes: [], hasFields: false };
  const annotations = (await page.getAnnotations({ intent: "display" })) as Annotation[];
  for (const annotation of annotations) {
    boundTurn();
    const { subtype, rect, hidden, textContent, contentsObj } = annotation;
    if (hidden || !rect) continue;
    if (subtype === "Link") takeLink(annotation, found.links);
    else if (subtype === "Widget") {
      found.hasFields = true;
      takeField(annotation, rect as Rect, found.typed);
    } else if (subtype === "FreeText" || subtype === "Stamp") {
      const lines = textContent ?? valueLines(contentsObj?.str ?? "");
      const place = { rect: rect as Rect, name: "", isTelling: false };
      if (lines.length > 0) found.typed.push({ ...place, lines, isBox: false, isFilled: true });
    } else {
      const note = noteOf(annotation);
      if (note) found.notes.push(note);
    }
  }
  return found;
}
