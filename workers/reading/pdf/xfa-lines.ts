import type { PDFPageProxy } from "unpdf/pdfjs";
import type { Line } from "./page-layout.ts";
import { boundTurn } from "./pdf-bounds.ts";

/** A node of the page that pdf.js makes of a form which holds no page of its own, as some programs of Adobe's write it (XFA). */
interface XfaNode {
  name?: string;
  value?: unknown;
  attributes?: Record<string, unknown> & { class?: string[] };
  children?: (XfaNode | null)[];
}

function* within(node: XfaNode): Generator<XfaNode> {
  boundTurn();
  yield node;
  for (const child of node.children ?? []) if (child) yield* within(child);
}

const wordsOf = (node: XfaNode): string =>
  [...within(node)]
    .filter(({ name, value }) => typeof value === "string" && name !== "input" && name !== "option")
    .map(({ value }) => value as string)
    .join(" ")
    .replace(/\s+/g, " ")
    .trim();

/** What was filled into a field: text, a tick, what was chosen; null where nothing was. */
function filledIn(field: XfaNode): { value: string; isBox: boolean } | null {
  const chosen: string[] = [];
  for (const { name, attributes = {}, value } of within(field)) {
    const { type, checked, selected } = attributes;
    if (name === "input" && (type === "checkbox" || type === "radio"))
      return { value: checked ? "[x]" : "[ ]", isBox: true };
    if (name === "input" || name === "textarea") chosen.push(String(attributes.value ?? attributes.textContent ?? ""));
    if (name === "option" && selected) chosen.push(String(value ?? ""));
  }
  const value = chosen.join(", ").replace(/\s+/g, " ").trim();
  return value === "" ? null : { value, isBox: false };
}

function fieldText(field: XfaNode): string {
  const [label, filled] = [wordsOf(field), filledIn(field)];
  if (!filled) return label;
  if (filled.isBox) return `${filled.value} ${label}`.trim();
  return label === "" ? filled.value : `${label.replace(/:$/, "")}: ${filled.value}`;
}

function* textsOf(node: XfaNode): Generator<string> {
  boundTurn();
  const kinds = node.attributes?.class ?? [];
  if (kinds.includes("xfaField")) yield fieldText(node);
  else if (kinds.includes("xfaDraw")) yield wordsOf(node);
  else for (const child of node.children ?? []) if (child) yield* textsOf(child);
}

/** The texts and filled fields of a page of such a form, a line each, in their order. */
export async function xfaLines(page: PDFPageProxy): Promise<Line[]> {
  const top = (await page.getXfa()) as XfaNode | null;
  const texts = top ? [...textsOf(top)].filter((text) => text !== "") : [];
  // Each is a paragraph: they stand far apart.
  return texts.map((text, i) => ({
    ...{ text, page: page.pageNumber, x: 0, right: 0, y: -100 * i },
    ...{ size: 10, font: "", angle: 0 },
  }));
}
