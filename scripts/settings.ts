import { randomBytes } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseEnv } from "node:util";
import { configKeys, parseConfig } from "../workers/platform/config/config.ts";
import { howToBringBack, type KeyRecord, makeMasterKey, recordKeys, type Secrets } from "./start/key-record.ts";
import { attempt, Refusal } from "./start/refusal.ts";
import { hasFile } from "./start/regular-file.ts";

const devVars = ".dev.vars";
const secretNames = ["AUTH_SECRET", "MASTER_KEYS"] as const;

const head =
  "# Local settings and secrets, made by the first start. Never commit this file. docs/configuration.md names them all.\n";

/** The port that `PORT` names. */
export function parsePort(text: string | undefined): number {
  if (text === undefined || text === "") return 8787;
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new Refusal(`PORT is “${text}”, which is no port. Choose a number from 1 to 65535: PORT=8787 npm start`);
}

/** Makes a folder and those above it. Not by `recursive`, which never ends where the system says that a parent cannot be. */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Somebody else may have made it just now.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

/** Where local data lives: the database, uploads, objects and the server's log. It is made, and can be written to. */
export function prepareStateDir(text: string | undefined): string {
  const stateDir = resolve(text || ".state");
  const found = attempt("Looking for the state folder", () => statSync(stateDir, { throwIfNoEntry: false }));
  if (found && !found.isDirectory()) {
    throw new Refusal(
      `${stateDir} is a file, and the state needs a folder. Move it away, or choose another folder: STATE_DIR=… npm start`,
    );
  }
  attempt("Making the state folder", () => makeFolder(stateDir));
  attempt("Writing to the state folder", () => {
    const probe = join(stateDir, `.probe-${process.pid}`);
    try {
      // As much as one block of most disks: an empty file can be made on a full one.
      writeFileSync(probe, randomBytes(4_096));
    } finally {
      rmSync(probe, { force: true });
    }
  });
  return stateDir;
}

/** Writes a file whole or not at all. */
function replaceFile(file: string, text: string): void {
  const next = `${file}.${process.pid}.tmp`;
  try {
    attempt(`Writing ${file}`, () => {
      writeFileSync(next, text, { mode: 0o600 });
      renameSync(next, file);
    });
  } finally {
    rmSync(next, { force: true });
  }
}

/** Adds to a file, or leaves it as it was; the file itself stays, as it may be mounted from elsewhere. */
function addTo(file: string, text: string): void {
  const { size } = statSync(file);
  try {
    attempt(`Writing ${file}`, () => appendFileSync(file, text));
  } catch (error) {
    truncateSync(file, size);
    throw error;
  }
}

function readDevVars(): string {
  const isThere = hasFile(devVars, "Move it away, and put the file back from your backup if there was one.");
  try {
    return isThere ? readFileSync(devVars, "utf8") : "";
  } catch (error) {
    throw new Refusal(
      `${devVars} cannot be read (${(error as NodeJS.ErrnoException).code}). Let this user read it, or put it back from your backup.`,
      { cause: error },
    );
  }
}

function readRecord(file: string): KeyRecord | null {
  if (!hasFile(file, "Move it away, and put the file back from your backup.")) return null;
  try {
    const record = JSON.parse(readFileSync(file, "utf8")) as KeyRecord;
    if (record.salt && record.auth_secret && record.master_keys && record.sealing) return record;
  } catch {
    // As damaged as one that lacks something.
  }
  throw new Refusal(
    `${file}, which tells with which keys this state was made, is damaged. Put it back from your backup; or delete it if you are sure that .dev.vars holds the keys of this state.`,
  );
}

/** The secrets in the environment and `.dev.vars`; made where there is no state yet that others would not open. */
function ensureSecrets(text: string, stateDir: string, hasState: boolean): string {
  const known = { ...parseEnv(text), ...process.env };
  const missing = secretNames.filter((name) => known[name] === undefined);
  if (missing.length === 0) return text;
  if (hasState) {
    throw new Refusal(
      `${missing.join(" and ")} ${missing.length > 1 ? "are" : "is"} missing from ${existsSync(devVars) ? devVars : `${devVars}, which is not there`}, and what ${stateDir} holds does not open without. ${howToBringBack}`,
    );
  }
  const make = { AUTH_SECRET: () => randomBytes(48).toString("base64"), MASTER_KEYS: makeMasterKey };
  const lines = missing.map((name) => `${name}="${make[name]()}"\n`).join("");
  if (!existsSync(devVars)) {
    replaceFile(devVars, head + lines);
    return head + lines;
  }
  const added = (text === "" || text.endsWith("\n") ? "" : "\n") + lines;
  addTo(devVars, added);
  return text + added;
}

/**
 * The Worker's variables: `.dev.vars`, overridden by the environment. Throws a `Refusal`, with a line a variable where some are
 * missing or weak, so that nothing starts half configured or with other keys than the state was made with.
 */
export function readVariables(stateDir: string, say: (line: string) => void): Record<string, string> {
  const recordFile = join(stateDir, "keys.json");
  const record = readRecord(recordFile);
  // States of earlier versions have no record; their database tells that they are some.
  const hasState = record !== null || existsSync(join(stateDir, "v3", "d1"));
  const variables = parseEnv(ensureSecrets(readDevVars(), stateDir, hasState)) as Record<string, string>;
  for (const key of configKeys) {
    const value = process.env[key];
    if (value !== undefined) variables[key] = value;
  }
  try {
    parseConfig(variables);
  } catch (error) {
    const lines = (error as Error).message.split("\n").map((line) => `\n  ${line}`);
    throw new Refusal(
      `Understudy cannot start: its configuration (${devVars} and the environment) needs attention.\n${lines.join("")}`,
    );
  }
  const next = recordKeys(record, variables as unknown as Secrets, stateDir);
  if (record && record.auth_secret !== next.auth_secret)
    say("AUTH_SECRET is another one than at the last start: everybody has to sign in again.");
  if (JSON.stringify(record) !== JSON.stringify(next)) replaceFile(recordFile, `${JSON.stringify(next, null, 2)}\n`);
  return variables;
}
