// Plain JavaScript for the machine's own Node: this is what runs before anything is installed.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const marker = `${root}node_modules/.installed`;
const ownNode = `${root}node_modules/node/bin/node`;

function run(command, args, cwd = root) {
  const env = { ...process.env, npm_config_update_notifier: "false", npm_config_loglevel: "error" };
  const { status, error } = spawnSync(command, args, {
    cwd,
    env,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (error) throw error;
  if (status !== 0) {
    console.error(
      `Installing failed: “${command} ${args.join(" ")}” ended with ${status}. What it printed above says why.`,
    );
    process.exit(status ?? 1);
  }
}

/** Whether a Node version runs TypeScript by itself and satisfies wrangler. */
function isNewEnough(version) {
  const [major, minor] = version.split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 22);
}

/**
 * Installs what package-lock.json names, once for each lock file. `everything` adds what only checks and tests need.
 * npm's install scripts are skipped: of them only one matters, which fetches a newer Node, and only where this one is too old.
 */
function install(everything) {
  const lock = createHash("sha256")
    .update(readFileSync(`${root}package-lock.json`))
    .digest("hex");
  const have = existsSync(marker) ? readFileSync(marker, "utf8").split(" ") : [];
  if (have[0] === lock && (have[1] === "everything" || !everything)) return;
  console.log(everything ? "Installing what the product and its tests need …" : "Installing what the product needs …");
  run("npm", [
    "ci",
    "--ignore-scripts",
    "--prefer-offline",
    "--no-audit",
    "--no-fund",
    ...(everything ? [] : ["--omit=dev"]),
  ]);
  writeFileSync(marker, `${lock} ${everything ? "everything" : "product"}`);
}

/** Makes sure of the packages and of a Node that runs our TypeScript; returns that Node's path. */
export function prepare({ everything = false } = {}) {
  // npm puts our own Node first on the path, and a new lock file removes it from under us: then it has to be set up again.
  const isOwn = process.execPath.startsWith(`${root}node_modules/`);
  process.env.PATH = process.env.PATH.split(delimiter)
    .filter((part) => part !== `${root}node_modules/.bin`)
    .join(delimiter);
  install(everything);
  if (isNewEnough(process.versions.node) && !isOwn) return process.execPath;
  if (!existsSync(ownNode)) {
    run("node", ["installArchSpecificPackage.js"], `${root}node_modules/node`);
  }
  // npm leaves this link out where the program it points to comes later; every tool started by name needs it.
  const link = `${root}node_modules/.bin/node`;
  if (!existsSync(link)) symlinkSync("../node/bin/node", link);
  return ownNode;
}

/** Runs one of our TypeScript scripts: in this process where its Node can, else in a child that it lives and dies with. */
export async function runScript(name, options) {
  const node = prepare(options);
  const script = `${root}scripts/${name}`;
  process.env.PATH = `${root}node_modules/.bin:${process.env.PATH}`;
  process.chdir(root);
  if (node === process.execPath) {
    process.argv[1] = script;
    await import(script);
    return;
  }
  const { spawn } = await import("node:child_process");
  const child = spawn(node, [script, ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}
