import { z } from "zod";
import { Problem } from "../errors.ts";

/** Query parameters of every list: `?cursor=&limit=`. */
export const pageQuery = z.object({
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});

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
