import { globSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { convertV4MiniflareOptions, type Miniflare } from "miniflare";
import { unstable_splitSqlQuery as splitSql, unstable_getMiniflareWorkerOptions as workerOptionsOf } from "wrangler";
import { machineFault, oneLine, Refusal } from "./start/refusal.ts";
import { hasFile } from "./start/regular-file.ts";
import { Workerd } from "./start/workerd.ts";

type Database = Awaited<ReturnType<Miniflare["getD1Database"]>>;

const migrationFiles = () =>
  readdirSync("migrations")
    .filter((file) => file.endsWith(".sql"))
    .sort();

/** Applies the migrations that a database lacks, in order, each in one batch; kept in the table that `wrangler d1 migrations` uses. */
export async function migrate(db: Database): Promise<number> {
  await db
    .prepare(
      "CREATE TABLE IF NOT EXISTS d1_migrations (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL)",
    )
    .run();
  const rows = await db.prepare("SELECT name FROM d1_migrations").all();
  const applied = new Set((rows.results as { name: string }[]).map(({ name }) => name));
  const waiting = migrationFiles().filter((file) => !applied.has(file));
  for (const file of waiting) {
    hasFile(`migrations/${file}`);
    const statements = splitSql(readFileSync(`migrations/${file}`, "utf8"));
    const record = db.prepare("INSERT INTO d1_migrations (name) VALUES (?)").bind(file);
    await db.batch([...statements.map((sql) => db.prepare(sql)), record]);
  }
  return waiting.length;
}

/** Whether a state folder's database has all migrations, as far as that can be told from its file while no workerd has it. */
export function isMigrated(stateDir: string): boolean {
  const names = migrationFiles();
  return globSync(join(stateDir, "v3", "d1", "**", "*.sqlite")).some((file) => {
    try {
      const database = new DatabaseSync(file, { readOnly: true });
      try {
        const applied = new Set(
          database
            .prepare("SELECT name FROM d1_migrations")
            .all()
            .map(({ name }) => name),
        );
        return names.every((name) => applied.has(name));
      } finally {
        database.close();
      }
    } catch {
      // Another database, or one that has to be recovered first: migrating looks after it.
      return false;
    }
  });
}

/** Migrates the database of a state folder before anybody is served: in a workerd of its own that knows nothing but the database. */
export async function migrateState(stateDir: string, note: (line: string) => void): Promise<number> {
  const logged: string[] = [];
  const shared = Workerd.shared(stateDir, ({ message }) => {
    logged.push(message);
    note(message);
  });
  const { workerOptions } = workerOptionsOf("wrangler.toml");
  const workerd = new Workerd(
    convertV4MiniflareOptions({
      ...shared,
      port: 0,
      workers: [
        {
          name: "migrations",
          modules: true,
          script: "export default {}",
          compatibilityDate: workerOptions.compatibilityDate as string,
          d1Databases: workerOptions.d1Databases as Record<string, string>,
        },
      ],
    }),
  );
  try {
    await workerd.ready;
    return await migrate(await workerd.miniflare.getD1Database("DB"));
  } catch (error) {
    // What workerd finds wrong with the disk stands in its log alone.
    const fault = machineFault({ message: `${oneLine(error)}\n${logged.join("\n")}` }, "Migrating the database");
    throw fault ?? new Refusal(`Migrating the database failed: ${oneLine(error)}`, { cause: error });
  } finally {
    await workerd.dispose();
  }
}
