import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Runs one command to its end, or ends with its status. */
function run(command: string, args: string[]): void {
  const env = { ...process.env, CLOUDFLARE_ENV: "production" };
  const { status } = spawnSync(`node_modules/.bin/${command}`, args, { stdio: "inherit", env });
  if (status !== 0) process.exit(status ?? 1);
}

run("react-router", ["build"]);
run("vite", ["build", "--config", "vite.reader.config.ts"]);

// A build made without CLOUDFLARE_ENV would deploy the local configuration without a word.
interface Built {
  targetEnvironment?: string;
  d1_databases?: { database_id: string }[];
}

function readBuilt(part: "server" | "reader"): Built {
  const built = JSON.parse(readFileSync(`build/${part}/wrangler.json`, "utf8")) as Built;
  if (built.targetEnvironment === "production") return built;
  console.error(`build/${part} is not a production build. Nothing was deployed.`);
  process.exit(1);
}

readBuilt("reader");
const built = readBuilt("server");
if (built.d1_databases?.some(({ database_id }) => /^[0-]+$/.test(database_id))) {
  console.error("wrangler.toml still has the placeholder database_id under [env.production]: see docs/deploying.md.");
  process.exit(1);
}

run("wrangler", ["d1", "migrations", "apply", "DB", "--remote", "--env", "production"]);
// First what the Worker calls.
run("wrangler", ["deploy", "--config", "build/reader/wrangler.json"]);
run("wrangler", ["deploy", "--config", "build/server/wrangler.json"]);
