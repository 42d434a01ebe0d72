import { z } from "zod";
import { Problem } from "../errors.ts";

/** Query parameters of every list: `?cursor=&limit=`. */
export const pageQuery = z.strictObject({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});

/** Where a row stands in a list that is ordered by time: its time, and its id among those of the same. */
export type Position = [time: number, id: string];
const position = z.tuple([z.number(), z.string()]);

/**
 * A page of a list that is ordered by time. `read` gives the rows behind a place, as many as `limit` says, from which it is seen whether more
 * follow; `placeOf` says where a row stands.
 */
export async function paged<Row>(
  { cursor, limit }: z.output<typeof pageQuery>,
  read: (from: { after: Position | null; limit: number }) => Promise<Row[]>,
  placeOf: (row: Row) => Position,
): Promise<{ rows: Row[]; next_cursor: string | null }> {
  const rows = await read({ after: cursor ? decodeCursor(cursor, position) : null, limit: limit + 1 });
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return { rows: shown, next_cursor: last ? encodeCursor(placeOf(last)) : null };
}

/** The wire shape of a list of `item`. */
export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({ data: z.array(item), next_cursor: z.string().nullable() });
}

/** An opaque cursor that points behind a row, from the values it is ordered by. */
export function encodeCursor(values: (string | number)[]): string {
  return btoa(JSON.stringify(values)).replaceAll("=", "");
}

/** The values behind a cursor, checked against `shape`. Throws `validation_failed` for one that was not made here. */
export function decodeCursor<T extends z.ZodType>(cursor: string, shape: T): z.output<T> {
  try {
    return shape.parse(JSON.parse(atob(cursor)));
  } catch (cause) {
    throw new Problem(
      "validation_failed",
      "“cursor” is not one that this list gave out. Leave it out to start from the top.",
      { cause },
    );
  }
}
