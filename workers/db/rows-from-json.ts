import { getTableColumns, type SQL, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";

/** What one bound value may hold, in characters: far below D1's 2 MB, for text may grow as JSON. */
const chunkCharacters = 250_000;

/** Items in runs that are together no larger than `most`; one that is larger alone is a run by itself. */
export function* packed<T>(items: readonly T[], sizeOf: (item: T) => number, most: number): Generator<T[]> {
  let run: T[] = [];
  let size = 0;
  for (const item of items) {
    const own = sizeOf(item);
    if (run.length > 0 && size + own > most) {
      yield run;
      run = [];
      size = 0;
    }
    run.push(item);
    size += own;
  }
  if (run.length > 0) yield run;
}

/**
 * Any number of a table's rows as SELECTs to insert from, each of one bound value: D1 allows a hundred, and few statements a request. `value` is a row, an
 * array in the order of the table's columns; a WHERE has to follow.
 */
export function rowsFromJson<T extends SQLiteTable>(table: T, rows: readonly T["$inferSelect"][]): SQL[] {
  const columns = Object.entries(getTableColumns(table));
  const values = sql.raw(columns.map((_, i) => `json_extract(value, '$[${i}]')`).join(", "));
  const bound = rows.map((row: Record<string, unknown>) =>
    JSON.stringify(columns.map(([key, column]) => (row[key] == null ? null : column.mapToDriverValue(row[key])))),
  );
  return [...packed(bound, ({ length }) => length, chunkCharacters)].map(
    (run) => sql`SELECT ${values} FROM json_each(${`[${run.join()}]`})`,
  );
}
