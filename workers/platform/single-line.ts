import { z } from "zod";

/** Signs that turn the direction of what follows, or that nobody sees at all; joiners stay, which some scripts and emoji need. */
const marks = /[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;
/** Control characters, NUL among them, and whatever begins a line. */
const breaks = /[\p{Cc}\u2028\u2029]/u;
const allBreaks = /[\p{Cc}\u2028\u2029]+/gu;
const visible = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** A text without marks of direction and others that nobody sees; well-formed, so that it can be stored. */
const withoutMarks = (text: string) => text.toWellFormed().replace(marks, "");

/**
 * The first characters of a text, at most `length` code units; no character is cut in two.
 */
function startOf(text: string, length: number): string {
  return text.slice(0, length).replace(/[\ud800-\udbff]$/, "");
}

/** Any text as one line that is safe to show: for names that come from elsewhere, which nobody can be asked to correct. */
export function cleanLine(text: string, most: number): string {
  const line = withoutMarks(text).replace(allBreaks, " ").replace(/\s+/g, " ").trim();
  return visible.test(line) ? startOf(line, most).trim() : "";
}

/** A text of several lines without control characters and marks of direction. */
export const cleanLines = (text: string) =>
  withoutMarks(text)
    .replace(/\r\n?|[\u2028\u2029]/g, "\n")
    .replace(/[^\P{Cc}\n\t]/gu, "");

interface Line {
  most: number;
  tooLong?: string;
  /** What is said where nothing is left of it; without, it may be empty. */
  missing?: string;
}

/** A name or title that people enter: one line, whose characters are what they look like. Marks of direction are taken out; line breaks and control characters are refused. */
export function singleLine({ most, tooLong = `Use at most ${most} characters.`, missing }: Line) {
  const line = z
    .string()
    .overwrite((text) => withoutMarks(text).trim())
    .refine((text) => !breaks.test(text), "Use one line, without control characters.")
    .max(most, tooLong);
  return missing === undefined ? line : line.refine((text) => visible.test(text), missing);
}
