/** Marks in ChatGPT’s texts, in characters of private use or brackets. None spans another’s beginning, so that each character is looked at once. */
const marks = /( ?)\ue200([^\ue200\ue201]*)\ue201(?=(.?))|( ?)【\d+†[^【】\n]*】(?=(.?))/g;
/** What stands around a text that a source is given for. */
const spans = /[\ue203-\ue206]/g;
/** What is no word of a text: the number of a source, lines in it, an address. */
const reference = /^(?:turn\d+\w*|L\d+(?:-L?\d+)?|https?:\S*|\d*)$/;

/** The text that a mark with these fields was shown as: an entity by its name, a link by its title; empty for what points at a source. */
function shownAs(mark: string): string {
  const [kind, ...fields] = mark.split("\ue202");
  if (kind === "cite" || kind === "filecite") return "";
  for (const field of fields) {
    if (/^[[{]/.test(field)) return nameIn(field);
    if (!reference.test(field)) return field;
  }
  return "";
}

/** The name in an entity’s JSON: its kind stands before it. */
function nameIn(json: string): string {
  try {
    const value: unknown = JSON.parse(json);
    const named = Array.isArray(value) ? (value[1] ?? value[0]) : ((value as { name?: unknown }).name ?? "");
    return typeof named === "string" ? named : "";
  } catch {
    return "";
  }
}

/** A text with its marks as they were shown; those that point at sources, which the file does not hold, are taken out with the space before them. */
export const withoutMarks = (text: string): string =>
  text
    .replace(marks, (_, space = "", mark: string | undefined, next, otherSpace = "", otherNext = "") => {
      const shown = mark === undefined ? "" : shownAs(mark);
      const before = mark === undefined ? otherSpace : space;
      const isBeforeWord = /[^\s.,;:!?)]/.test(mark === undefined ? otherNext : next);
      return shown || isBeforeWord ? before + shown : "";
    })
    .replace(spans, "");
