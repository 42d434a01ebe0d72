import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";

export type Database = DrizzleD1Database;

/** The typed client over D1. Several writes that belong together go through `db.batch`: D1 has no interactive transaction. */
export const connect = (d1: D1Database): Database => drizzle(d1);
