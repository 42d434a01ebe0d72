import { type GetColumnData, getTableColumns, type SQL, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";

type Named<T extends SQLiteTable> = {
  [K in keyof T["_"]["columns"]]: SQL.Aliased<GetColumnData<T["_"]["columns"][K]>>;
};

/**
 * A table's columns under names that begin with `prefix`, for a join in a batch: there D1 gives its rows by column name, and of two
 * columns of one name only one would be left. What a left join does not find has null in every column.
 */
export function columnsOf<T extends SQLiteTable>(table: T, prefix: string): Named<T> {
  const columns = Object.entries(getTableColumns(table)).map(([key, column]) => [
    key,
    sql`${column}`.mapWith(column).as(`${prefix}_${column.name}`),
  ]);
  return Object.fromEntries(columns) as Named<T>;
}
