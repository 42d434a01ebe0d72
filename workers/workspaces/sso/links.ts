import type { Runtime } from "../../platform/runtime.ts";
import { type ConnectionRow, removeOrphanedLinks } from "./queries.ts";

/** What the links of all connections begin with, and those of one. */
const allLinks = "sso:";
export const linksOf = (id: string) => `${allLinks}${id} `;

/**
 * Whose ids a connection's people have. The connection itself stands in it, as anybody may write any provider's name into one of their
 * own: the people of one connection are never found by another.
 */
export const authorityOf = ({ id, issuer, entityId }: ConnectionRow) => `${linksOf(id)}${issuer ?? entityId}`;

/** Forgets who people were at connections that went with their workspaces. */
export async function sweepLinks({ db }: Runtime): Promise<void> {
  await removeOrphanedLinks(db, allLinks);
}
