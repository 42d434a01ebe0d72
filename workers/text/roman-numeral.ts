const worths: Record<string, number> = { i: 1, v: 5, x: 10, l: 50, c: 100 };

/** The value of a Roman numeral below 400, in small or capital letters. */
export function romanValue(numeral: string): number {
  const values = [...numeral.toLowerCase()].map((sign) => worths[sign] ?? 0);
  return values.reduce((sum, value, i) => sum + (value < (values[i + 1] ?? 0) ? -value : value), 0);
}
