import { applyD1Migrations, type D1Migration, reset } from "cloudflare:test";
import { env } from "cloudflare:workers";

/** All migrations, in their order. */
export const migrations = (env as Env & { TEST_MIGRATIONS: D1Migration[] }).TEST_MIGRATIONS;

/** Statements that make what the migrations made, schema and rows: of the first test of a process, as modules are read anew for each file. */
const kept = globalThis as { freshDatabase?: string[] };

/** What SQLite and D1 make by themselves. */
const ownTables = /^(?:sqlite_|_cf_)/;
const literal = (value: unknown) => (typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : String(value));

/** The statements that make a database as `db` is. */
export async function statementsOf(db: D1Database): Promise<string[]> {
  const all = await db
    .prepare("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")
    .all<Record<"type" | "name" | "sql", string>>();
  const entries = all.results.filter(({ name }) => !ownTables.test(name));
  const virtual = entries.filter(({ sql }) => sql.startsWith("CREATE VIRTUAL TABLE")).map(({ name }) => name);
  const isShadow = (name: string) => virtual.some((of) => name.startsWith(`${of}_`));
  const schema = entries.filter(({ type, name }) => type !== "table" || !isShadow(name)).map(({ sql }) => sql);

  const rows: string[] = [];
  for (const { type, name } of entries) {
    if (type !== "table" || isShadow(name)) continue;
    if (virtual.includes(name)) {
      const settings = await db.prepare(`SELECT k, v FROM "${name}_config" WHERE k <> 'version'`).all();
      for (const { k, v } of settings.results)
        rows.push(`INSERT INTO "${name}" ("${name}", rank) VALUES (${literal(k)}, ${literal(v)})`);
      continue;
    }
    const { results } = await db.prepare(`SELECT * FROM "${name}"`).all();
    for (const row of results)
      rows.push(`INSERT INTO "${name}" VALUES (${Object.values(row).map(literal).join(", ")})`);
  }
  return [...schema, ...rows];
}

/** Empties every store. What a test has left going may hold its database over that: then it is emptied once that has ended. */
async function empty(): Promise<void> {
  for (let round = 1; ; round++) {
    await reset();
    const left = await env.DB.prepare("SELECT name FROM sqlite_master WHERE name = 'd1_migrations'").first();
    if (!left) return;
    if (round === 100) throw new Error("What the test before has left going holds its database, and does not end.");
  }
}

/** Empties every store and makes the database anew: as the migrations make it, in one batch instead of one for each of them. */
export async function beginAfresh(): Promise<void> {
  await empty();
  if (kept.freshDatabase) {
    await env.DB.batch(kept.freshDatabase.map((sql) => env.DB.prepare(sql)));
  } else {
    await applyD1Migrations(env.DB, migrations);
    kept.freshDatabase = await statementsOf(env.DB);
  }
}
