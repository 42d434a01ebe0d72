/** What a point and a comma between figures are in a text: between thousands, before decimals, or either. */
export interface Style {
  point: "decimal" | "group" | null;
  comma: "decimal" | "group" | null;
}

const pointForDecimals = new Set(["ja", "zh", "ko", "th", "hi", "he"]);
const commaForDecimals = new Set(["de", "fr", "it", "pt", "nl", "ru", "el"]);

/** Numbers of a text that are written one way only. */
const groupedByComma = /(?<![\d.,])\d{1,3}(?:,\d{3}){2,}(?![\d,])|(?<![\d.,])\d{1,3}(?:,\d{2,3})+\.\d/;
const groupedByPoint = /(?<![\d.,])\d{1,3}(?:\.\d{3}){2,}(?![\d.])|(?<![\d.,])\d{1,3}(?:\.\d{3})+,\d/;
const decimalPoint = /(?<![\d.,])\d+\.\d{1,2}(?![\d.,]|\s*[/-]\d)/;
const decimalComma = /(?<![\d.,])\d+,\d{1,2}(?![\d.,])/;

/** How a text writes its numbers: by its language, and by others of its numbers where that does not settle it. */
export function styleOf(plain: string, language: string | null): Style {
  if (language !== null && pointForDecimals.has(language)) return { point: "decimal", comma: "group" };
  const byComma = groupedByComma.test(plain);
  const byPoint = groupedByPoint.test(plain);
  if (byComma !== byPoint) return byComma ? { point: "decimal", comma: "group" } : { point: "group", comma: "decimal" };
  if (language !== null && commaForDecimals.has(language)) return { point: "group", comma: "decimal" };
  if (language === "es") return { point: "group", comma: decimalComma.test(plain) ? "decimal" : null };
  const [points, commas] = [decimalPoint.test(plain), decimalComma.test(plain)];
  if (language === "en") return { point: points && !commas ? "decimal" : null, comma: "group" };
  if (points === commas) return { point: null, comma: null };
  return points ? { point: "decimal", comma: "group" } : { point: "group", comma: "decimal" };
}

/** A number in its one form; too long to be counted with, it is its figures. */
export function canonical(value: number | string): string {
  if (typeof value === "number") return String(Number(value.toPrecision(12)));
  const figures = value.replace(/^0+(?=\d)/, "");
  return /^\d{16,}$/.test(figures) ? figures : canonical(Number(figures));
}

const leadsGroups = /^[1-9]\d{0,2}$/;
const indian = /^\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?$/;

/**
 * What a literal of figures, points, commas, apostrophes and spaces may mean; empty where it is no one number. Three figures behind a
 * single point or comma are thousands or decimals as the text's style says, or both.
 */
export function readingsOf(literal: string, style: Style): string[] {
  const text = literal.replace(/[ \u00a0]/g, "'");
  if (/^\d+$/.test(text)) return [canonical(text)];
  if (indian.test(text)) return [canonical(text.replaceAll(",", ""))];
  const separators = [...new Set(text.replace(/\d+/g, ""))];
  const [first = "", second] = separators;
  const parts = text.split(/[.,']/);
  const grouped = (digits: string[]) =>
    /^\d{1,3}$/.test(digits[0] ?? "") && digits.slice(1).every((part) => part.length === 3);
  if (second !== undefined) {
    if (separators.length > 2 || text.indexOf(second) !== text.lastIndexOf(second) || second === "'") return [];
    const whole = text.slice(0, text.indexOf(second)).split(first);
    return grouped(whole) ? [canonical(`${whole.join("")}.${parts.at(-1)}`)] : [];
  }
  const isGrouped = grouped(parts);
  if (first === "'" || parts.length > 2) return isGrouped ? [canonical(parts.join(""))] : [];
  const decimal = canonical(parts.join("."));
  const [whole = "", rest = ""] = parts;
  if (rest.length !== 3 || !leadsGroups.test(whole)) return [decimal];
  const role = first === "." ? style.point : style.comma;
  const thousands = canonical(`${whole}${rest}`);
  if (role === null) return [thousands, decimal];
  return [role === "group" ? thousands : decimal];
}
