const romans: [number, string][] = [
  [1_000, "m"],
  [900, "cm"],
  [500, "d"],
  [400, "cd"],
  [100, "c"],
  [90, "xc"],
  [50, "l"],
  [40, "xl"],
  [10, "x"],
  [9, "ix"],
  [5, "v"],
  [4, "iv"],
  [1, "i"],
];

function roman(value: number): string {
  if (value > 5_000) return String(value);
  let [left, text] = [value, ""];
  for (const [worth, sign] of romans) for (; left >= worth; left -= worth) text += sign;
  return text;
}

/** The letters of an item: a to z, then aa to zz. */
const letters = (value: number) =>
  String.fromCharCode(97 + ((value - 1) % 26)).repeat(Math.min(Math.ceil(value / 26), 30));

const ordinal = (value: number) => {
  const ending = value % 100 > 10 && value % 100 < 14 ? "th" : (["th", "st", "nd", "rd"][value % 10] ?? "th");
  return `${value}${ending}`;
};

/** How numbers of lists are written, by the names that Word has for it. */
const ways: Record<string, (value: number) => string> = {
  lowerRoman: roman,
  upperRoman: (value) => roman(value).toUpperCase(),
  lowerLetter: letters,
  upperLetter: (value) => letters(value).toUpperCase(),
  decimalZero: (value) => String(value).padStart(2, "0"),
  ordinal,
  none: () => "",
};

/** The number of an item of a list as it is written in a way such as `lowerRoman`; in figures where that is unknown. */
export const listNumber = (value: number, way: string): string =>
  value < 1 ? (way === "none" ? "" : String(value)) : (ways[way]?.(value) ?? String(value));
