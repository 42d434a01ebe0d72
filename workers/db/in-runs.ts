/** The items in their order, in runs of at most `length`: D1 binds a hundred parameters a statement. */
export function inRuns<T>(items: readonly T[], length: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / length) }, (_, i) => items.slice(i * length, (i + 1) * length));
}
