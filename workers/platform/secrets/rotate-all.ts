import type { Database } from "../../db/client.ts";
import type { Runtime } from "../runtime.ts";
import { rotateSecrets, type SecretColumn } from "./secret-box.ts";

/**
 * Wraps the secrets of all columns by the first of `MASTER_KEYS`, where several are configured. The log says how many there were
 * (`secrets_rewrapped`): at 0 the older keys can be taken out.
 */
export async function rotateAllSecrets(
  { config, db, log }: Runtime,
  columns: ((db: Database) => SecretColumn)[],
): Promise<void> {
  if (config.MASTER_KEYS.length < 2) return;
  for (const column of columns.map((of) => of(db))) {
    const { rewrapped, failures } = await rotateSecrets(config, column);
    log.info("secrets_rewrapped", { table: column.table, count: rewrapped });
    for (const { row, error } of failures) log.error("secret_not_rewrapped", error, { table: column.table, row });
  }
}
