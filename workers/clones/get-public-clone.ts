import type { Database } from "../db/client.ts";
import { notFound } from "../platform/errors.ts";
import { type CloneRow, findAnyClone } from "./queries.ts";

/** A public or unlisted clone by its slug. Throws `not_found` for a private one as for a missing one. */
export async function getPublicClone(db: Database, slug: string): Promise<CloneRow> {
  const row = await findAnyClone(db, { slug: slug.toLowerCase() });
  if (!row || row.visibility === "private") throw notFound("clone");
  return row;
}
