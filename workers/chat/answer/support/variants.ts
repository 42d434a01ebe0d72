import type { ReadNumber } from "../../../text/numbers.ts";

/** What stands around the figures of a model, a version or a time of day, and makes it another one. */
export interface Variant {
  /** Whether it stands right behind a name: “Python 3.10”, “iPhone 15”. */
  isNamed: boolean;
  /** The figures as they are written (3.10 is not 3.1), and what follows: “Pro”, a time zone. */
  literal: string;
  suffix: string;
}

const name = /(?:^|[^\p{L}\d])(?:\p{Lu}[\p{L}\d]+|\p{Ll}\p{Lu}\p{L}+)[ \u00a0-]$/u;
const model = /^ ?(Pro Max|Pro|Max|Ti Super|Ti|Super|Plus|Ultra|Mini|XTX?|Lite|SE|FE|Air|XL)(?![\p{L}\d])/u;
const zone =
  /^ ?((?:UTC|GMT)(?: ?[+-]\d{1,2}(?::?\d\d)?)?|[ECMP][SD]?T|CES?T|MES?Z|EES?T|WES?T|BST|IST|JST|KST|AES?T|MSK)(?![\p{L}\d])/u;

/** What tells a number of a text from others of the same figures; null where nothing does. */
export function variantOf(text: string, { start, end, kind, unit }: ReadNumber): Variant | null {
  const behind = text.slice(end, end + 12);
  if (kind === "time") return { isNamed: false, literal: "", suffix: zone.exec(behind)?.[1] ?? "" };
  const literal = text.slice(start, end);
  if (kind !== "number" || unit || !/^\d+(?:\.\d+)?$/.test(literal)) return null;
  const isNamed = name.test(text.slice(Math.max(0, start - 30), start));
  const suffix = model.exec(behind)?.[1]?.toLowerCase() ?? "";
  return { isNamed, literal, suffix };
}

/** Whether all the same figures of a text are those of another model, version or time zone. */
export function isOtherVariant(claimed: Variant | null, there: readonly (Variant | null)[]): boolean {
  if (!claimed) return false;
  if (claimed.literal === "") {
    const summer = (suffix: string) => suffix.replace(/(?<=^[CEMPW]E?)[SD](?=[TZ]$)/, "");
    return (
      claimed.suffix !== "" &&
      there.length > 0 &&
      there.every((each) => each && each.suffix !== "" && summer(each.suffix) !== summer(claimed.suffix))
    );
  }
  const isSame = (each: Variant | null) =>
    !each || (each.literal === claimed.literal && each.suffix === claimed.suffix);
  return claimed.isNamed && there.some((each) => each?.isNamed) && !there.some(isSame);
}

/** The first numbers of ratios and results (3:2) that a text has only the other way round. */
export function turnedRatios(claim: string, text: string): Set<number> {
  const turned = new Set<number>();
  for (const { 0: ratio, 1: one, 2: other, index } of claim.matchAll(
    /(?<![\d:.,])(\d{1,3}):(\d{1,3})(?![\d:]|[.,]\d)/g,
  )) {
    const has = (wanted: string) => new RegExp(`(?<![\\d:.,])${wanted}(?![\\d:]|[.,]\\d)`).test(text);
    if (one !== other && has(`${other}:${one}`) && !has(ratio)) turned.add(index);
  }
  return turned;
}
