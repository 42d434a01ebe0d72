import { env, runInDurableObject } from "cloudflare:test";
import worker from "../../index.ts";
import { call, jsonOf } from "../../testing/client.ts";
import type { Erasure } from "../contract.ts";

export const run = (sql: string, ...values: unknown[]) =>
  env.DB.prepare(sql)
    .bind(...values)
    .run();
export const cron = () => worker.scheduled({ cron: "* * * * *" } as ScheduledController, env);
/** As long after the closing as the last of what had begun before may take. */
export const later = () => run("UPDATE erasures SET requested_at = requested_at - 16 * 60000");

export const recordOf = async (token: string) => jsonOf<Erasure>(await call("GET", `/api/v1/erasures/${token}`), 200);
export const started = async (answer: Response) => (await jsonOf<{ token: string }>(answer, 202)).token;

/** Where a text stands in the database, its index of words included, or in R2. */
export async function placesOf(...texts: string[]): Promise<string[]> {
  const { results } = await env.DB.prepare(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_cf\\_%' ESCAPE '\\'",
  ).all<{ name: string }>();
  const found = new Set<string>();
  const isIn = (text: string) => texts.some((wanted) => text.toLowerCase().includes(wanted.toLowerCase()));
  for (const { name } of results) {
    const rows = await env.DB.prepare(`SELECT * FROM "${name}"`).raw<unknown[]>();
    for (const value of rows.flat()) {
      const text = Array.isArray(value) ? String.fromCharCode(...(value as number[])) : String(value);
      if (isIn(text)) found.add(name);
    }
  }
  for (const { key } of (await env.UPLOADS.list()).objects) {
    if (isIn(key) || isIn((await (await env.UPLOADS.get(key))?.text()) ?? "")) found.add(key);
  }
  return [...found].sort();
}

/** How many passages and blocks of vectors a clone's index still has. */
export const passagesIn = (id: string) =>
  runInDurableObject(env.CLONE_INDEX.get(env.CLONE_INDEX.idFromName(id)), (_, { storage }) =>
    ["chunks", "vector_blocks"].map((table) => Number(storage.sql.exec(`SELECT count(*) AS n FROM ${table}`).one().n)),
  );

/** How the canary stands in the index of words. */
export const stem = "xylophon";

type Moment = readonly [name: string, trigger: string];

const afterStep = (step: string): Moment => [
  `after “${step}”`,
  `UPDATE ON erasures WHEN NEW.step IS '${step}' AND OLD.step IS NOT NEW.step`,
];

/** Where the power may be cut, as the moment of a trigger, while rows of these tables go. */
export const crashes = (...tables: string[]): Moment[] => [
  ...["conversations", "knowledge", "objects", "files", "records", "account"].map(afterStep),
  // Where what lies outside of the database is gone, and its row is not.
  ...tables.map((table): Moment => [`before a row of ${table} goes`, `DELETE ON ${table}`]),
  ["before a conversation’s object is noted as empty", "UPDATE ON erasure_items"],
  ["before the list is signed", "UPDATE OF receipt ON erasures WHEN NEW.receipt IS NOT NULL"],
];

/** Cuts the power at a moment, in two runs of the cron, then lets it go on; what the runs told. */
export async function cutAt(moment: string, takeErrors: () => string[], between: () => Promise<void>): Promise<string> {
  await run(`CREATE TRIGGER crash BEFORE ${moment} BEGIN SELECT RAISE(ABORT, 'power cut'); END`);
  // The cron's other work meets the same, and is interrupted too.
  const told = [await cron().catch(String), await later().then(cron).catch(String)];
  await between();
  await run("DROP TRIGGER crash");
  await cron();
  return [...told, ...takeErrors()].join();
}
