import { join } from "node:path";
import { createServer } from "vite";
import { getPlatformProxy } from "wrangler";
import { migrate } from "./migrate.ts";
import { seedDemo } from "./seed.ts";
import { port, readVariables, stateDir } from "./settings.ts";

process.env.CLOUDFLARE_CF_FETCH_ENABLED = "false";
process.env.WRANGLER_SEND_METRICS = "false";
readVariables();
const proxy = await getPlatformProxy<Env>({ persist: { path: join(stateDir, "v3") }, remoteBindings: false });
await migrate(proxy.env.DB as unknown as Parameters<typeof migrate>[0]);
await proxy.dispose();

const server = await createServer();
await server.listen();
server.printUrls();
server.bindCLIShortcuts({ print: true });
const demo = await seedDemo(`http://localhost:${port}`, stateDir);
console.log(`\n  Sample owner   ${demo.email}\n  Password       ${demo.password}\n`);
