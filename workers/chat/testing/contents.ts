import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { objectOf, projected } from "./turns.ts";

/** All that stands in the storage of a conversation's object: names of tables, keys, and its alarm. */
export const contentsOf = (id: string) =>
  runInDurableObject(objectOf(id), async (_, { storage }) => [
    ...storage.sql
      .exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\' AND name NOT LIKE 'sqlite%'")
      .toArray()
      .map(({ name }) => String(name)),
    ...[...storage.kv.list()].map(([key]) => key),
    ...((await storage.getAlarm()) === null ? [] : ["an alarm"]),
  ]);

/** All rows that D1 has of conversations, and of what their turns have left elsewhere. */
export async function rowsInD1() {
  await projected();
  const tables = ["conversations", "messages", "citations", "usage_events", "audit_events"];
  const all = await env.DB.batch<Record<string, unknown>>(
    tables.map((table) => env.DB.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`)),
  );
  return Object.fromEntries(tables.map((table, i) => [table, all[i]?.results]));
}
