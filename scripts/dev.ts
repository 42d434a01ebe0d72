import { createServer } from "vite";
import { migrateState } from "./migrate.ts";
import { seedDemo } from "./seed.ts";
import { requireFreePort } from "./serve.ts";
import { parsePort, prepareStateDir, readVariables } from "./settings.ts";
import { endWith } from "./start/exit.ts";
import { lockState } from "./start/lock.ts";

async function develop(): Promise<void> {
  const port = parsePort(process.env.PORT);
  const stateDir = prepareStateDir(process.env.STATE_DIR);
  await requireFreePort(port);
  await lockState(stateDir, endWith);
  readVariables(stateDir, console.log);
  await migrateState(stateDir, console.error);
  const server = await createServer();
  await server.listen();
  server.printUrls();
  server.bindCLIShortcuts({ print: true });
  const demo = await seedDemo(`http://localhost:${port}`, stateDir);
  console.log(`\n  Sample owner   ${demo.email}\n  Password       ${demo.password}\n`);
}

develop().catch(endWith);
