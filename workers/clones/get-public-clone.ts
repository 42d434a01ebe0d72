import { notFound } from "../platform/errors.ts";
import type { Runtime } from "../platform/runtime.ts";
import { type ClonePriceRow, selectClonePrice } from "./price-queries.ts";
import { type CloneRow, findAnyClone } from "./queries.ts";

/** A public or unlisted clone by its slug, and the price that its visitors pay, if they do. Throws `not_found` for a private one as for a missing one. */
export async function getPublicClone(
  { db, config }: Pick<Runtime, "db" | "config">,
  slug: string,
): Promise<{ clone: CloneRow; price: ClonePriceRow | null }> {
  const clone = await findAnyClone(db, { slug: slug.toLowerCase() });
  if (!clone || clone.visibility === "private") throw notFound("clone");
  if (config.BILLING === "off") return { clone, price: null };
  const [price] = await selectClonePrice(db, clone.id);
  return { clone, price: price?.payer === "visitor" ? price : null };
}
