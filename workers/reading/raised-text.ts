/** Letters alone above the line (“1st”, “Mme”, “No”) are part of their word and read as such. */
const ofItsWord = /^\p{L}+$/u;
const followsText = /[\p{L}\p{N}\p{P}\p{S}]$/u;

/** `text` behind `before`, set apart by `mark` where the two would else run into each other: one number for two, say. */
function setApart(text: string, before: string, mark: string): string {
  const inside = text.trim();
  if (inside === "" || !followsText.test(before)) return text;
  return /\s/.test(inside) ? `${mark}(${inside})` : `${mark}${inside}`;
}

/**
 * Superscript as plain text says it, behind the text `before`: 10 and 6 are `10^6`, $25 and a footnote’s mark `$25^1`, never 106 or
 * $251. All readers say it so.
 */
export function raised(text: string, before: string): string {
  return ofItsWord.test(text.trim()) ? text : setApart(text, before, "^");
}

/** Subscript behind the text `before`: `H2O` runs on, as people write it; between figures it is set apart (`12_8`). */
export function lowered(text: string, before: string): string {
  return /\p{N}$/u.test(before) && /^\s*\p{N}/u.test(text) ? setApart(text, before, "_") : text;
}

const signs = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻";
const plain = "0123456789+-";
const raisedSigns = new RegExp(`(?<=\\p{Nd})[${signs}]+`, "gu");

/** Characters that are superscript by themselves, where they stand behind a figure: `10⁶` is `10^6`. Behind letters (m²) they run into nothing. */
export function unglueRaised(text: string): string {
  return text.replace(raisedSigns, (run) => `^${[...run].map((sign) => plain[signs.indexOf(sign)]).join("")}`);
}
