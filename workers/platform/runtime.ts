import { connect, type Database } from "../db/client.ts";
import { type Clock, systemClock } from "./clock.ts";
import { type Config, parseConfig } from "./config/config.ts";
import { createLog, type Log } from "./log.ts";
import type { Span } from "./tracing/span.ts";

/** What every entry point (fetch, queue, cron, Durable Object) has before it knows who is asking. */
export interface Runtime {
  env: Env;
  db: Database;
  config: Config;
  clock: Clock;
  log: Log;
  /** What is being done, as part of a trace; undefined where nobody follows it. */
  span?: Span;
}

const configs = new WeakMap<object, Config>();

/** The runtime of one entry. The configuration is parsed once for an `env`; throws `ConfigError`. */
export function createRuntime(env: Env, fields: Record<string, unknown> = {}): Runtime {
  let config = configs.get(env);
  if (!config) {
    config = parseConfig(env);
    configs.set(env, config);
  }
  return { env, db: connect(env.DB), config, clock: systemClock, log: createLog(fields, config.LOG === "quiet") };
}
