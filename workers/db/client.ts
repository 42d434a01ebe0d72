import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import * as accounts from "./schema/accounts.ts";
import * as audit from "./schema/audit.ts";
import * as chat from "./schema/chat.ts";
import * as clones from "./schema/clones.ts";
import * as erasures from "./schema/erasures.ts";
import * as evaluation from "./schema/evaluation.ts";
import * as knowledge from "./schema/knowledge.ts";
import * as metering from "./schema/metering.ts";
import * as retention from "./schema/retention.ts";
import * as secrets from "./schema/secrets.ts";
import * as sso from "./schema/sso.ts";
import * as workspaces from "./schema/workspaces.ts";

export const schema = {
  ...accounts,
  ...workspaces,
  ...clones,
  ...knowledge,
  ...chat,
  ...metering,
  ...evaluation,
  ...secrets,
  ...sso,
  ...audit,
  ...erasures,
  ...retention,
};

export type Database = DrizzleD1Database<typeof schema>;

const clients = new WeakMap<D1Database, Database>();

/**
 * The typed client over D1, made once for a binding: working out the schema's relations takes longer than a query. Several writes
 * that belong together go through `db.batch`: D1 has no interactive transaction.
 */
export function connect(d1: D1Database): Database {
  let client = clients.get(d1);
  if (!client) {
    client = drizzle(d1, { schema });
    clients.set(d1, client);
  }
  return client;
}
