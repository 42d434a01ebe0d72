import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { alone, buildIfStale } from "./build.ts";
import { isMigrated, migrateState } from "./migrate.ts";
import { startReaders } from "./readers.ts";
import { seedDemo } from "./seed.ts";
import { requireFreePort, type Server, serve } from "./serve.ts";
import { parsePort, prepareStateDir, readVariables } from "./settings.ts";
import { oneAtATime } from "./start/cron.ts";
import { endWith, stopAtSignals, surviveWorkerd } from "./start/exit.ts";
import { findOllama, offerOf } from "./start/find-ollama.ts";
import { lockState } from "./start/lock.ts";
import { oneLine } from "./start/refusal.ts";
import { hasFile } from "./start/regular-file.ts";
import { ServerLog } from "./start/server-log.ts";
import { step } from "./start/steps.ts";
import { standInForStripe } from "./start/stripe.ts";
import { Supervisor } from "./start/supervise.ts";
import type { LogLine } from "./start/workerd.ts";

let log: ServerLog | undefined;
const note = (line: string) => log?.write(line);
/** For the people who started it, and for the log. */
const say = (line: string) => {
  console.error(line);
  note(line);
};
const onLog = ({ message, level }: LogLine) => {
  note(message);
  if (level === "error") console.error(message);
};

/** What runs, in the order in which it was started. */
const parts: { dispose(): Promise<void> }[] = [];
const stop = async () => {
  for (const part of parts.toReversed()) await part.dispose();
};
stopAtSignals(stop);
surviveWorkerd(note);

/** Runs what wrangler.toml plans: workerd has no clock for cron triggers. The first run of each process picks up what its end cut off. */
async function startCron(server: Server): Promise<void> {
  const run = oneAtATime((cron) => server.runCron(cron), say);
  const timer = setInterval(() => run("* * * * *"), 60_000);
  void server.ended.then(() => clearInterval(timer));
  // The demo's documents come after it, unless it takes long.
  await Promise.race([run("@start"), delay(30_000, undefined, { ref: false })]);
}

async function prepare(port: number, stateDir: string): Promise<Record<string, string>> {
  await requireFreePort(port);
  await lockState(stateDir, (reason) => void stop().finally(() => endWith(reason, note)));
  const file = join(stateDir, "server.log");
  hasFile(file);
  log = new ServerLog(file, (line) => {
    // Before, the start itself says what the matter with the disk is.
    if (parts.length > 0) console.error(line);
  });
  const variables = await alone(step, () => readVariables(stateDir, say));
  // The database is brought up to date while the product is built, and both before anybody is served.
  const [applied, , found] = await Promise.all([
    migrateState(stateDir, note),
    buildIfStale(step),
    findOllama(variables),
  ]);
  if (applied > 0) step(`Applied ${applied} migration${applied === 1 ? "" : "s"} to ${stateDir}.`);
  return { ...variables, ...(found ? { OLLAMA_FOUND: found } : {}) };
}

/** The demo. One that cannot be made must not keep people from their own clones. */
function demoOf(address: string, stateDir: string) {
  step("Preparing the demo …");
  return seedDemo(address, stateDir).catch((error: unknown) => {
    say(`The demo could not be made: ${oneLine(error)}`);
    return { greeting: "The demo is missing; what is above says why.", email: "none", password: "none" };
  });
}

async function start(): Promise<void> {
  const port = parsePort(process.env.PORT);
  const stateDir = prepareStateDir(process.env.STATE_DIR);
  const address = `http://localhost:${port}`;
  const prepared: Record<string, string> = { APP_URL: address, ...(await prepare(port, stateDir)) };
  const stripe = await standInForStripe(prepared, { address, stateDir });
  if (stripe) parts.push(stripe);
  const variables = { ...prepared, ...stripe?.variables };
  step("Starting the server …");
  const readers = await startReaders({ onLog: note });
  parts.push(readers);
  const serveMigrated = async () => {
    // Migrated above; before a later start the state may have been put back from a backup, or taken away.
    if (!isMigrated(stateDir)) await migrateState(stateDir, note);
    return serve({ port, stateDir, variables, readers, onLog });
  };
  const supervisor = new Supervisor(serveMigrated, { onUp: startCron, say });
  parts.push(supervisor);
  await supervisor.up();
  const demo = await demoOf(address, stateDir);
  step("Ready.");
  console.log(`
  Understudy is at ${address}
  ${demo.greeting}

  Sample owner   ${demo.email}
  Password       ${demo.password}

  API            ${address}/api/docs
  Log            ${join(stateDir, "server.log")}
${variables.OLLAMA_FOUND ? offerOf(variables.OLLAMA_FOUND) : ""}`);
}

start().catch((error: unknown) => endWith(error, note));
