import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { buildAll } from "./build.ts";
import { migrate } from "./migrate.ts";
import { startReaders } from "./readers.ts";
import { seedDemo } from "./seed.ts";
import { requireFreePort, serve } from "./serve.ts";
import { port, readVariables, stateDir } from "./settings.ts";

const address = `http://localhost:${port}`;
const variables = { APP_URL: address, ...readVariables() };
await requireFreePort(port);
buildAll();

mkdirSync(stateDir, { recursive: true });
const logFile = join(stateDir, "server.log");
appendFileSync(logFile, "");
const readers = await startReaders({
  onLog(line) {
    appendFileSync(logFile, `${line}\n`);
  },
});
const server = await serve({
  port,
  readers,
  stateDir,
  variables,
  onLog(line, level) {
    appendFileSync(logFile, `${line}\n`);
    if (level === "error") console.error(line);
  },
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    Promise.all([server.dispose(), readers.close()]).finally(() => process.exit(0));
  });
}

const applied = await migrate(await server.getD1Database("DB"));
if (applied > 0) console.log(`Applied ${applied} migration${applied === 1 ? "" : "s"} to ${stateDir}.`);

// workerd has no clock for cron triggers: this is the cron of wrangler.toml. The first run picks up what a stop cut off.
const worker = (await server.getWorker()) as unknown as { scheduled(event: { cron: string }): Promise<unknown> };
const runCron = (cron: string) =>
  worker.scheduled({ cron }).catch((error: unknown) => console.error("The cron failed:", error));
await runCron("@start");
setInterval(() => runCron("* * * * *"), 60_000).unref();

// A demo that cannot be made must not keep people from their own clones.
const demo = await seedDemo(address, stateDir).catch((error: unknown) => {
  console.error("The demo could not be made:", error);
  return { greeting: "The demo is missing; what is above says why.", email: "none", password: "none" };
});
console.log(`
  Understudy is at ${address}
  ${demo.greeting}

  Sample owner   ${demo.email}
  Password       ${demo.password}

  API            ${address}/api/docs
  Log            ${logFile}
`);
