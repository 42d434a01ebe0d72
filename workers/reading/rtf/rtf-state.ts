import type { FormField } from "../office/form-field.ts";
import type { Align } from "../office/run-text.ts";
import type { Destination } from "./rtf-destinations.ts";
import type { FlowPlace } from "./rtf-flow.ts";

/** What is in force in a group; a group inside begins with the same, and what it changes ends with it. */
export interface State {
  destination: Destination;
  font: number;
  hidden: boolean;
  /** How many characters after `\u` are only for readers that do not know it. */
  substitutes: number;
  style: number;
  /** Level of the heading that the paragraph is, from 0; null for ordinary text. */
  outline: number | null;
  /** How many tables the paragraph lies in. */
  depth: number;
  align: Align;
  /** The field that is open: what it is made by, and where its result begins. */
  field: { code: string; from: FlowPlace; form: FormField; isFilled: boolean } | null;
  /** What is said before text that stands aside. */
  before: string;
  /** The group is an element of a formula. */
  isElement: boolean;
}

/** What is in force before the first group. */
export const first: State = {
  destination: "text",
  font: -1,
  hidden: false,
  substitutes: 1,
  style: 0,
  outline: null,
  depth: 0,
  align: null,
  field: null,
  before: "",
  isElement: false,
};

/** Words that raise or lower what follows. */
export const aligning = new Set(["super", "sub", "nosupersub", "up", "dn"]);

/** Where text stands after a word that raises or lowers it; by nothing, it does neither. */
export function alignOf(word: string, parameter: number | null): Align {
  if (parameter === 0 || word === "nosupersub") return null;
  return word === "super" || word === "up" ? "raised" : "lowered";
}
