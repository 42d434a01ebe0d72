import { z } from "zod";

/** Signs that turn the direction of what follows, or that nobody sees at all. */
const unseen = String.raw`[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]`;
const picture = String.raw`\p{Extended_Pictographic}\p{Emoji_Modifier}`;
/** Of these, what is written with: joiners within words of scripts that need them and within pictures, and the sign that makes a picture of a character. */
const needed = [
  String.raw`(?<=[\p{L}\p{M}${picture}\ufe0f])(?<!\p{sc=Latin})[\u200c\u200d](?=[\p{L}\p{M}${picture}])`,
  String.raw`(?<=(?![\u0300-\u036f])\p{M})\u200d`,
  String.raw`(?<=\p{Extended_Pictographic})\ufe0f`,
  String.raw`(?<=[0-9#*])\ufe0f(?=\u20e3)`,
];
const marks = new RegExp(`(?!${needed.join("|")})${unseen}`, "gu");
/** Letters and symbols that look like a space. */
const blanks = /[\u2800\u{13441}\u{13442}\u{1d159}]/gu;
/** Control characters, NUL among them, and whatever begins a line. */
const breaks = /[\p{Cc}\u2028\u2029]/u;
const allBreaks = /[\p{Cc}\u2028\u2029]+/gu;
const visible = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** A text without marks of direction and others that nobody sees; well-formed, so that it can be stored. */
const withoutMarks = (text: string) => text.toWellFormed().replace(marks, "").replace(blanks, " ");

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
