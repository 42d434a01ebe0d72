export type LogFields = Record<string, unknown>;

/** One JSON line an event. `error` keeps the whole error with its causes; callers see only a code. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  error(event: string, error: unknown, fields?: LogFields): void;
  with(fields: LogFields): Log;
}

function describe(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return String(error);
  const { name, message, stack, cause } = error;
  return { name, message, stack, ...(cause !== undefined && depth < 4 ? { cause: describe(cause, depth + 1) } : {}) };
}

/** A log whose lines all carry `fields`. Info lines are left out where `quiet`. */
export function createLog(fields: LogFields = {}, quiet = false): Log {
  return {
    info(event, more) {
      if (!quiet) console.log(JSON.stringify({ level: "info", event, ...fields, ...more }));
    },
    error(event, error, more) {
      console.error(JSON.stringify({ level: "error", event, ...fields, ...more, error: describe(error) }));
    },
    with: (more) => createLog({ ...fields, ...more }, quiet),
  };
}
