function held(real: D1PreparedStatement, until: Promise<unknown>): D1PreparedStatement {
  return new Proxy(real, {
    get(of, name) {
      if (name === "bind") return (...values: unknown[]) => held(of.bind(...values), until);
      const value = Reflect.get(of, name);
      if (typeof value !== "function") return value;
      return async (...args: unknown[]) => {
        await until;
        return value.apply(of, args);
      };
    },
  });
}

/** The real database, of which nothing comes back before `until` for statements that `isHeld` says. */
export function heldDatabase(db: D1Database, until: Promise<unknown>, isHeld: (sql: string) => boolean): D1Database {
  return new Proxy(db, {
    get(of, name) {
      if (name === "prepare") return (sql: string) => (isHeld(sql) ? held(of.prepare(sql), until) : of.prepare(sql));
      const value = Reflect.get(of, name);
      return typeof value === "function" ? value.bind(of) : value;
    },
  });
}
