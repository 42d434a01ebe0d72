/**
 * Runs in the Worker, beside the product and unknown to it: every call to a binding waits first for as long as it would take in
 * Cloudflare's network, and is written down.
 */

/** The kinds of bindings whose calls leave the machine. */
export type BindingKind = "d1" | "r2" | "queue" | "object";

/**
 * Milliseconds before a call is answered. What counts is how many stand one behind the other, which depends on these only where calls
 * run side by side; all are for callers in the region of what they call.
 * - queue: 60, the median that Cloudflare published in “Durable Objects aren't just durable, they're fast” (October 2024).
 * - object: 10, a way within a region and back. Cloudflare publishes no figure.
 * - d1: one object for all (“building D1”, April 2024): a read 25; a write 40, as it is answered when other machines have it.
 * - r2: 30, a small object's first byte. Cloudflare publishes only how it compares with others (“R2 is faster than S3”, May 2023).
 */
const latencyMs = { read: 25, write: 40, r2: 30, queue: 60, object: 10 };

/** A call to a binding, in the machine's milliseconds. */
export interface BindingCall {
  name: string;
  start: number;
  /** When its latency was over and it was made; null before that. */
  ready: number | null;
}

/** What was called since somebody began to watch; null while nobody does, when calls do not wait. */
let watched: BindingCall[] | null = null;

async function late<T>(name: string, ms: number, call: () => T): Promise<Awaited<T>> {
  if (watched) {
    const record: BindingCall = { name, start: Date.now(), ready: null };
    watched.push(record);
    await new Promise((resolve) => setTimeout(resolve, ms));
    record.ready = Date.now();
  }
  return await call();
}

type Call = (...args: never[]) => unknown;

/** An object whose methods are what `wrapped` makes of them; the others are its own. */
function withMethods<T extends object>(target: T, wrapped: (key: string, method: Call) => Call | null): T {
  return new Proxy(target, {
    get(_, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== "function") return value;
      const bound: Call = value.bind(target);
      return (typeof key === "string" && wrapped(key, bound)) || bound;
    },
  });
}

/** Statements as the database knows them, by the wrapped ones. */
const statements = new WeakMap<object, { real: D1PreparedStatement; sql: string }>();

const isWrite = (sql: string) =>
  !/^\s*(?:select|with)\b/i.test(sql) || /\b(?:insert\s+into|delete\s+from)\b/i.test(sql);

/** A statement's verb and table. */
function gist(sql: string): string {
  const [, verb = "?"] = /^\s*(\w+)/.exec(sql) ?? [];
  const [, table = ""] = /\b(?:from|into|update)\s+"?(\w+)/i.exec(sql) ?? [];
  return `${verb.toLowerCase()} ${table}`.trim();
}

function lateQueries<T>(binding: string, method: string, sqls: string[], call: () => T) {
  const { read, write } = latencyMs;
  return late(`${binding}.${method} (${sqls.map(gist).join(", ")})`, sqls.some(isWrite) ? write : read, call);
}

function lateStatement(binding: string, real: D1PreparedStatement, sql: string): D1PreparedStatement {
  const statement = withMethods(real, (key, method) => {
    if (key === "bind") return (...args) => lateStatement(binding, method(...args) as D1PreparedStatement, sql);
    return (...args) => lateQueries(binding, key, [sql], () => method(...args));
  });
  statements.set(statement, { real, sql });
  return statement;
}

/** A database, or a session of it. */
function lateDatabase<T extends object>(binding: string, database: T): T {
  return withMethods(database, (key, method) => {
    const call = method as (...args: unknown[]) => unknown;
    if (key === "prepare") return (sql: string) => lateStatement(binding, call(sql) as D1PreparedStatement, sql);
    if (key === "withSession") return (from: unknown) => lateDatabase(binding, call(from) as object);
    if (key === "exec") return (sql: string) => lateQueries(binding, key, [sql], () => call(sql));
    if (key !== "batch") return null;
    return (wrapped: object[]) => {
      const known = wrapped.map((statement) => statements.get(statement));
      const sqls = known.map((statement) => statement?.sql ?? "");
      return lateQueries(binding, key, sqls, () => call(known.map((statement) => statement?.real)));
    };
  });
}

/** A stub of an object: any name is a method of it, but for its own. */
function lateStub(binding: string, stub: object): object {
  return new Proxy(stub, {
    get(_, key) {
      const value: unknown = Reflect.get(stub, key, stub);
      if (typeof key !== "string" || ["id", "name", "then"].includes(key)) return value;
      return (...args: never[]) =>
        late(`${binding}.${key}`, latencyMs.object, () => (stub as Record<string, Call>)[key]?.(...args));
    },
  });
}

function lateNamespace<T extends object>(binding: string, namespace: T): T {
  return withMethods(namespace, (key, method) =>
    key === "get" || key === "getByName" ? (...args) => lateStub(binding, method(...args) as object) : null,
  );
}

const wrappers: Record<BindingKind, <T extends object>(binding: string, target: T) => T> = {
  d1: lateDatabase,
  object: lateNamespace,
  r2: (binding, target) =>
    withMethods(
      target,
      (key, method) =>
        (...args) =>
          late(`${binding}.${key}`, latencyMs.r2, () => method(...args)),
    ),
  queue: (binding, target) =>
    withMethods(
      target,
      (key, method) =>
        (...args) =>
          late(`${binding}.${key}`, latencyMs.queue, () => method(...args)),
    ),
};

const wrappedEnvs = new WeakMap<object, object>();

/** A Worker's bindings, those of these kinds late. */
export function lateEnv(env: Record<string, object>, kinds: Record<string, BindingKind>): object {
  const known = wrappedEnvs.get(env);
  if (known) return known;
  const wrapped = { ...env };
  for (const [binding, kind] of Object.entries(kinds)) {
    const target = env[binding];
    if (target) wrapped[binding] = wrappers[kind](binding, target);
  }
  wrappedEnvs.set(env, wrapped);
  return wrapped;
}

/** `PUT /__bench/calls` begins to watch, `GET` tells what was called since; null for all other requests. */
export function answerCalls(request: Request): Response | null {
  if (new URL(request.url).pathname !== "/__bench/calls") return null;
  if (request.method === "PUT") watched = [];
  return Response.json(watched);
}
