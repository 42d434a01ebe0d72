/** What pdf.js says of one run of text. */
export interface TextRun {
  str: string;
  /** `ttb` where it is written from top to bottom. */
  dir: string;
  transform: number[];
  width: number;
  height: number;
  hasEOL: boolean;
  fontName: string;
}

/** Text at a place, in points, with its own direction as the horizontal one: what is written upwards or turned is read like all other. */
export interface Run {
  text: string;
  x: number;
  right: number;
  y: number;
  size: number;
  /** An opaque name. */
  font: string;
  /** Of its direction on the page, in degrees. */
  angle: number;
  /** Whether a space stands before it. */
  isSpaced?: boolean;
  /** Whether it was typed into a field of a form, or is a box to be ticked: that belongs to its label, even one that is far away. */
  typed?: "value" | "box";
  /** The address that the text leads to, where it is a link's last. */
  link?: string;
}

/** No print is larger; what claims to be is, and headings of ever smaller print would lie in one another without end. */
const largestPrint = 400;

/** A point of the page as it lies for text of an angle. */
export function turned(x: number, y: number, angle: number): [x: number, y: number] {
  if (angle === 0) return [x, y];
  const [cos, sin] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
  return [x * cos + y * sin, y * cos - x * sin];
}

/** A run of pdf.js as it is read here. */
export function runOf({ str, dir, transform, width, height, fontName }: TextRun): Run {
  const [a = 0, b = 0, , , left = 0, bottom = 0] = transform;
  const isVertical = dir === "ttb";
  const angle = isVertical ? -90 : Math.round((Math.atan2(b, a) * 180) / Math.PI);
  const [x, y] = turned(left, bottom, angle);
  const size = Math.min(Math.hypot(a, b), largestPrint);
  return { text: str, x, right: x + (isVertical ? height : width), y, size, font: fontName, angle };
}

/** Characters of fonts of symbols, at the places that such fonts have for them. */
const symbols: Record<string, string> = {
  "\uf0b7": "•",
  "\uf0a7": "▪",
  "\uf0d8": "▪",
  "\uf076": "▪",
  "\uf0fc": "✓",
  "\uf0fe": "☑",
  "\uf0a8": "☐",
  "\uf06f": "☐",
  "\uf0e0": "→",
  "\uf0de": "⇒",
  "\uf02d": "-",
};
const ofSymbols = /[\uf02d\uf06f\uf076\uf0a7\uf0a8\uf0b7\uf0d8\uf0de\uf0e0\uf0fc\uf0fe]/g;
/** Old-style figures, small capitals and their like, as fonts for print have them: 0xf700 more than the character. */
const expert = /[\uf721-\uf7fe]/g;
const ligatures = /[\ufb00-\ufb06]/g;
/** pdf.js turns the lam-alef ligature round; with a hamza the wrong order is impossible in Arabic, so it can be mended. */
const turnedLamAlef = /ا([أإآ])ل/g;
/** Of text whose white space is single spaces: any number of them would be looked at once for each. */
const dotLeaders = /(?: ?[.·_…⋯]){6,} ?/g;

/** Text as it is meant, where characters only say how it looks. */
export function tidy(text: string): string {
  return text
    .replace(ofSymbols, (symbol) => symbols[symbol] ?? symbol)
    .replace(expert, (character) => String.fromCharCode(character.charCodeAt(0) - 0xf700))
    .replace(ligatures, (ligature) => ligature.normalize("NFKC"))
    .replace(turnedLamAlef, "ال$1")
    .replace(/[\u200b\ufeff\p{Cc}]/gu, " ")
    .replace(/\s+/g, " ")
    .replace(dotLeaders, " … ")
    .normalize("NFC")
    .trim();
}
