import { twoFactorColumn } from "./accounts/two-factor-queries.ts";
import { auditKeyColumn } from "./audit/log-key.ts";
import type { Database } from "./db/client.ts";
import { providerKeyColumn } from "./model-access/queries.ts";
import type { Runtime } from "./platform/runtime.ts";
import { rotateSecrets, type SecretColumn } from "./platform/secrets/secret-box.ts";
import { ssoSecretColumn } from "./workspaces/sso/queries.ts";

/** Every column that holds secrets. */
const columns: ((db: Database) => SecretColumn)[] = [
  providerKeyColumn,
  twoFactorColumn,
  auditKeyColumn,
  ssoSecretColumn,
];

/**
 * Wraps all stored secrets by the first of `MASTER_KEYS`, where several are configured. The log says how many there were
 * (`secrets_rewrapped`): at 0 the older keys can be taken out.
 */
export async function rotateAllSecrets(runtime: Runtime): Promise<void> {
  if (runtime.config.MASTER_KEYS.length < 2) return;
  const { db } = runtime;
  for (const column of columns.map((of) => of(db))) {
    const { rewrapped, failures } = await rotateSecrets(runtime.config, column);
    runtime.log.info("secrets_rewrapped", { table: column.table, count: rewrapped });
    for (const { row, error } of failures)
      runtime.log.error("secret_not_rewrapped", error, { table: column.table, row });
  }
}
