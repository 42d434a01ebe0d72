import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseEnv } from "node:util";
import { configKeys, parseConfig } from "../workers/platform/config.ts";

export const port = Number(process.env.PORT ?? 8787);
/** Where local data lives: the database, uploads, objects and the server's log. */
export const stateDir = resolve(process.env.STATE_DIR ?? ".state");

const devVars = ".dev.vars";

const head =
  "# Local settings and secrets, made by the first start. Never commit this file. docs/configuration.md names them all.\n";

/** Makes those secrets that are neither in `.dev.vars` nor in the environment. */
function ensureDevVars(): void {
  const text = existsSync(devVars) ? readFileSync(devVars, "utf8") : head;
  const known = { ...parseEnv(text), ...process.env };
  const made = {
    AUTH_SECRET: randomBytes(48).toString("base64"),
    MASTER_KEYS: `k1:${randomBytes(32).toString("base64")}`,
  };
  const missing = Object.entries(made).filter(([name]) => known[name] === undefined);
  if (missing.length === 0 && existsSync(devVars)) return;
  const lines = missing.map(([name, value]) => `${name}="${value}"\n`);
  writeFileSync(devVars, text + (text.endsWith("\n") ? "" : "\n") + lines.join(""), { mode: 0o600 });
}

/**
 * The Worker's variables: `.dev.vars`, overridden by the environment. Ends the process with a sentence a variable where one is
 * missing or weak, so that nothing starts half configured.
 */
export function readVariables(): Record<string, string> {
  ensureDevVars();
  const variables = parseEnv(readFileSync(devVars, "utf8")) as Record<string, string>;
  for (const key of configKeys) {
    const value = process.env[key];
    if (value !== undefined) variables[key] = value;
  }
  try {
    parseConfig(variables);
    return variables;
  } catch (error) {
    console.error(`Understudy cannot start: its configuration (${devVars} and the environment) needs attention.\n`);
    for (const line of (error as Error).message.split("\n")) console.error(`  ${line}`);
    process.exit(1);
  }
}
