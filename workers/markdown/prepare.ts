import { hideFormulas, withFormulas } from "./formulas.ts";

const address = /(?:https?:\/\/|www\.)[^\s<]*/gi;
/** Signs that end an address where no space does, as none is written behind them. */
const endsAddress =
  /[\ufe30-\ufe4f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65\u2014\u2018-\u201d\u2026\u3001-\u303f]/;
/** White space that has no width: nothing is seen of it, and it is taken out again. */
const seam = "\ufeff";

/**
 * A text as a parser of Markdown is given it: formulas are words without meaning (`hideFormulas`), and addresses end at the signs of scripts
 * without spaces. `asWritten` undoes it in what was parsed. What is added to the text only adds to this.
 */
export const prepared = (text: string, isGrowing = false): string =>
  hideFormulas(text, isGrowing).replace(address, (found) => found.replace(endsAddress, `${seam}$&`));

/** What was written, of a part of a text that was `prepared`. */
export const asWritten = (text: string): string => withFormulas(text).replaceAll(seam, "");
