import { env } from "cloudflare:workers";
import { tellChanged } from "../platform/changes/changes.ts";
import { createRuntime } from "../platform/runtime.ts";

/** A change of rows as another process makes it: it tells of it once it is stored, and this one has forgotten nothing. */
export async function changeElsewhere(subjects: readonly string[], sql: string, ...values: unknown[]): Promise<void> {
  await env.DB.prepare(sql)
    .bind(...values)
    .run();
  await tellChanged(createRuntime(env), subjects);
}

interface Calls {
  database: number;
  changes: number;
}

/** A statement that counts its runs, and the statement that it is. */
const real = new WeakMap<D1PreparedStatement, D1PreparedStatement>();

function countedStatement(of: D1PreparedStatement, calls: Calls): D1PreparedStatement {
  const statement = new Proxy(of, {
    get(_, name) {
      if (name === "bind") return (...values: unknown[]) => countedStatement(of.bind(...values), calls);
      const value = Reflect.get(of, name);
      return (...args: unknown[]) => {
        calls.database += 1;
        return value.apply(of, args);
      };
    },
  });
  real.set(statement, of);
  return statement;
}

/** Bindings by which calls to the database and to the object of changes are counted in `calls`. */
export function countingCalls(calls: Calls): Pick<Env, "DB" | "CHANGES"> {
  const DB = new Proxy(env.DB, {
    get(of, name) {
      if (name === "prepare") return (sql: string) => countedStatement(of.prepare(sql), calls);
      if (name === "batch")
        return (statements: D1PreparedStatement[]) => {
          calls.database += 1;
          return of.batch(statements.map((each) => real.get(each) ?? each));
        };
      const value = Reflect.get(of, name);
      return typeof value === "function" ? value.bind(of) : value;
    },
  });
  const CHANGES = new Proxy(env.CHANGES, {
    get(of, name) {
      if (name === "get") calls.changes += 1;
      const value = Reflect.get(of, name);
      return typeof value === "function" ? value.bind(of) : value;
    },
  });
  return { DB, CHANGES };
}
