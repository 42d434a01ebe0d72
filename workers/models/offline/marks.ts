import { stemOf } from "../../text/words.ts";

/** What tells one thing from its like by a sign: a code, a year, “plan B”. Marks of one group are rivals of each other. */
export interface Mark {
  group: string;
  value: string;
}

const letterOrDigit = "[\\p{L}\\p{N}]";
/** Letters and digits, joined by hyphens, points or slashes: XR-500B, AB-1-20, 1.2, 2024. */
const joined = new RegExp(
  `(?<!${letterOrDigit})${letterOrDigit}+(?:[-./_]${letterOrDigit}+)*(?!${letterOrDigit})`,
  "gu",
);
const longestCode = 40;
/** “Plan B”, “plan b”, “Henry VIII”; not “as I”, nor small letters that are words of some language. */
const lettered =
  /(?<![\p{L}\p{N}])(\p{L}[\p{L}\p{M}]{2,})[ \u00a0]([A-HJ-Z]|[bcdfghx]|[IVX]{2,5})(?![\p{L}\p{N}'’]|\.\p{L})/gu;
/** What is counted off by a figure behind it: “gate 9”, “version 1.2”. Behind other words a figure is an amount. */
const numbered =
  /(?<![\p{L}\p{N}])(version|release|gate|room|chapter|article|section|step|level|class|type|plan|page|figure|table|platform|track|floor|unit|lot|model|phase|part|grade|zone|tier|option|schedule|appendix|annex|form|route|terminal|building|block|apartment|channel|port|rule|lesson|quarter|pump|machine|line|item|order|invoice|kapitel|artikel|raum|zimmer|stufe|klasse|gleis|seite|teil|halle|haus|linie|chapitre|salle|[ée]tape|niveau|cap[íi]tulo|art[íi]culo|sala|nivel|paso)[ \u00a0](?:(?:no|nr|number)\.? ?)?(\p{N}+(?:\.\p{N}+)*)(?![\p{L}\p{N}]|[.,]\p{N})/giu;
const language = /(?<![\p{L}\p{N}.])(?:[A-Za-z](?:\+\+|#)|\.[A-Za-z]{3})(?![\p{L}\p{N}])/gu;
const year = /^(?:1[5-9]\d{2}|20\d{2})$/;
/** Words in front of a letter that it is no label of. */
const noLabel = new Set("the and for from with are was vitamins und von der die das les des per".split(" "));

/** XR-500B and xr500b are one; AB-1-20 and AB-12-0 are two. */
const plainCode = (code: string) =>
  code.replace(/[-./_]+/g, (sign, at: number) =>
    /\p{N}/u.test(code[at - 1] ?? "") && /\p{N}/u.test(code[at + sign.length] ?? "") ? "-" : "",
  );

function codeMark(run: string): Mark | null {
  if (run.length > longestCode || !/\p{N}/u.test(run)) return null;
  if (year.test(run)) return { group: "year", value: run };
  if (!/[a-z]/.test(run) || /^\p{N}+(?:st|nd|rd|th|s|[a-z]{1,3})$/u.test(run)) return null;
  return { group: `code ${/^[a-z]+/.exec(run)?.[0] ?? run.replace(/\p{N}+/gu, "0")}`, value: plainCode(run) };
}

/** The marks of a text, as it was written. */
export function marksOf(text: string): Mark[] {
  const plain = text.normalize("NFKC");
  const marks: Mark[] = [];
  for (const [run] of plain.matchAll(joined)) {
    const mark = codeMark(run.toLowerCase());
    if (mark) marks.push(mark);
  }
  for (const pattern of [lettered, numbered]) {
    for (const [, word = "", label = ""] of plain.matchAll(pattern)) {
      const name = word.toLowerCase();
      if (!noLabel.has(name) && !year.test(label))
        marks.push({ group: `label ${stemOf(name)}`, value: label.toLowerCase() });
    }
  }
  for (const [name] of plain.matchAll(language)) marks.push({ group: "language", value: name.toLowerCase() });
  return marks;
}

/**
 * Whether what is asked by `asked` is what a sentence speaks of, whose own text and then all that stands before and over it, nearest first,
 * are `texts`' marks: the first of them that has such a mark decides. A sentence that nothing marks is about another thing, or any.
 */
export function bearsMarks(asked: readonly Mark[], texts: readonly (readonly Mark[])[]): boolean {
  return asked.every(({ group, value }) => {
    const deciding = texts.find((marks) => marks.some((mark) => mark.group === group || mark.value === value));
    return deciding?.some((mark) => mark.value === value) ?? false;
  });
}
