/** How much of an answer's end is looked at, in characters, and how often. */
const windowCharacters = 4_000;
const everyCharacters = 1_000;
/** The longest piece that counts as being said over and over, in characters. */
const longestPiece = 200;

/** The length of the shortest piece of which `text` is a repetition; its own length where it is none. */
function periodOf(text: string): number {
  // How long a beginning of the text ends at each place, as in Knuth, Morris and Pratt's search.
  const border = new Uint16Array(text.length);
  for (let i = 1, length = 0; i < text.length; i++) {
    while (length > 0 && text[i] !== text[length]) length = border[length - 1] ?? 0;
    if (text[i] === text[length]) length++;
    border[i] = length;
  }
  return text.length - (border.at(-1) ?? 0);
}

/**
 * Notices a model that says one thing over and over and would never stop by itself: small models do that, and it is found long
 * before any limit of length or time.
 */
export class EndlessText {
  #end = "";
  #unseen = 0;

  /** Takes the next piece of an answer; true where the answer has been nothing but a repetition for some pages. */
  isEndless(text: string): boolean {
    this.#end += text;
    this.#unseen += text.length;
    if (this.#unseen < everyCharacters) return false;
    this.#unseen = 0;
    this.#end = this.#end.slice(-windowCharacters);
    return this.#end.length === windowCharacters && periodOf(this.#end) <= longestPiece;
  }
}
