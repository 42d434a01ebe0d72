import { env } from "cloudflare:workers";
import { projected } from "../chat/testing/turns.ts";
import type { Belongings } from "./belongings.ts";

/** The names of the ids that a probe puts into its call. */
export function idsUsedBy(probe: (of: Belongings) => unknown, of: Belongings): (keyof Belongings)[] {
  const used = new Set<keyof Belongings>();
  const watched = new Proxy(of, {
    get: (target, key: keyof Belongings) => {
      used.add(key);
      return target[key];
    },
  });
  probe(watched);
  return [...used];
}

/** What a tenant has, but its clone’s slug, which others’ may begin with. */
export const idsIn = ({ slug: _, ...ids }: Belongings): string[] => Object.values(ids);

/** Tables that change by themselves while nobody does anything to anybody; the audit log, which tells of what a viewer may do. */
const restless = /^(_cf_|d1_|sqlite_|audit_|sessions$|refresh_tokens$|outbox_mails$|message_search)/;

/** Every row of the database that names one of `ids`, as text: what a tenant has. Two snapshots are equal where nothing was done to it. */
export async function rowsNaming(ids: readonly string[]): Promise<string[]> {
  await projected();
  const tables = await env.DB.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all<{ name: string }>();
  const found: string[] = [];
  for (const { name } of tables.results.filter((table) => !restless.test(table.name))) {
    const { results } = await env.DB.prepare(`SELECT * FROM "${name}"`).all();
    for (const row of results) {
      const text = JSON.stringify(row);
      if (ids.some((id) => text.includes(id))) found.push(`${name}: ${text}`);
    }
  }
  return found.sort();
}
