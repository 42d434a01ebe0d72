import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { projectionObject } from "../projection/caught-up.ts";

const written = /^(?:insert into "(?:messages|usage_events)"|update "conversations" set .* from json_each)/i;

/** The writes of what conversations hand over, as D1 sees them. */
export interface Watch {
  /** How many there were: batches, of which each is one commit. */
  batches: number;
  /** While this is set, they wait for it. */
  gate: Promise<void> | null;
  end(): void;
}

/** Watches what writes all conversations' rows. It has its environment in common with all else here: only its batches are counted. */
export function watchProjection(): Promise<Watch> {
  return runInDurableObject(projectionObject({ env }), (instance) => {
    const its = (instance as unknown as { env: { DB: D1Database } }).env;
    const real = its.DB;
    const texts = new WeakMap<object, string>();
    const watch: Watch = {
      ...{ batches: 0, gate: null },
      end() {
        its.DB = real;
      },
    };
    const noted = (statement: D1PreparedStatement, text: string): D1PreparedStatement => {
      const bind = statement.bind.bind(statement);
      statement.bind = (...values) => noted(bind(...values), text);
      texts.set(statement, text);
      return statement;
    };
    its.DB = {
      prepare: (text: string) => noted(real.prepare(text), text),
      async batch(statements: D1PreparedStatement[]) {
        if (statements.some((statement) => written.test(texts.get(statement) ?? ""))) {
          watch.batches++;
          await watch.gate;
        }
        return real.batch(statements);
      },
    } as unknown as D1Database;
    return watch;
  });
}
