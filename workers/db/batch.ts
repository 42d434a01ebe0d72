import type { BatchItem } from "drizzle-orm/batch";
import type { Database } from "./client.ts";

/** What `db.batch` takes: a query that is not run yet. */
export type Statement = BatchItem<"sqlite">;

/** Runs statements together, all or none, of which there may be none. */
export async function batch(db: Database, statements: readonly Statement[]): Promise<void> {
  const [first, ...others] = statements;
  if (first) await db.batch([first, ...others]);
}
