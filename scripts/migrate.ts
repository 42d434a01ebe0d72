import { readdirSync, readFileSync } from "node:fs";
import type { Miniflare } from "miniflare";
import { unstable_splitSqlQuery as splitSql } from "wrangler";

type Database = Awaited<ReturnType<Miniflare["getD1Database"]>>;

/** Applies the migrations that a database lacks, in order, each in one batch; kept in the table that `wrangler d1 migrations` uses. */
export async function migrate(db: Database): Promise<number> {
  await db
    .prepare(
      "CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)",
    )
    .run();
  const rows = await db.prepare("SELECT name FROM d1_migrations").all();
  const applied = new Set((rows.results as { name: string }[]).map(({ name }) => name));
  const waiting = readdirSync("migrations")
    .filter((file) => file.endsWith(".sql") && !applied.has(file))
    .sort();
  for (const file of waiting) {
    const statements = splitSql(readFileSync(`migrations/${file}`, "utf8"));
    const record = db.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(file);
    await db.batch([...statements.map((sql) => db.prepare(sql)), record]);
  }
  return waiting.length;
}
