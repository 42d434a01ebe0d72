// Plain JavaScript for the machine's own Node: this is what runs before anything is installed.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter } from "node:path";
import { fileURLToPath } from "node:url";
import { endWhenGone, importScript } from "./start/run-script.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const marker = `${root}node_modules/.installed`;
const ownNode = `${root}node_modules/node/bin/node`;
const signals = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Whether an ordinary file is there. A pipe in its place would be waited for without end. */
const isFile = (file) => statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;

/** Ends with a sentence. */
function refuse(sentence) {
  console.error(sentence);
  process.exit(1);
}

const reasons = [
  [/ENOSPC/, "the disk is full. Free some space, and start again"],
  [/EACCES|EPERM|EROFS/, "this user may not write to node_modules. Change its owner, or start as the user who owns it"],
  [
    /EAI_AGAIN|ENOTFOUND|ENOTCACHED|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|FETCH_ERROR/,
    "the packages' registry cannot be reached. The first start needs the network once; start again when it is there",
  ],
  [/MODULE_NOT_FOUND/, "packages are missing from node_modules. Delete that folder, and start again"],
  [/EUSAGE|EJSONPARSE/, "package.json and package-lock.json do not fit together. Bring both back from the repository"],
];

/** Runs a program to its end; where it fails, the reason is told in a sentence, or else by what it printed. */
async function run(command, args, cwd = root) {
  const env = { ...process.env, npm_config_update_notifier: "false", npm_config_loglevel: "error" };
  const shell = process.platform === "win32";
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "ignore", "pipe"], shell });
  let printed = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    printed += text;
  });
  const stop = () => {
    child.kill();
    process.exit(1);
  };
  for (const signal of signals) process.on(signal, stop);
  const [status] = await once(child, "close").catch((error) => {
    if (error.code !== "ENOENT") throw error;
    refuse(`There is no ${command} on the PATH. Install Node 20 or newer together with npm, and start again.`);
  });
  for (const signal of signals) process.off(signal, stop);
  if (status === 0) return;
  const reason = reasons.find(([pattern]) => pattern.test(printed))?.[1];
  if (reason) refuse(`Installing failed: ${reason}.`);
  process.stderr.write(printed);
  refuse(`Installing failed: “${command} ${args.join(" ")}” ended with ${status}. What it printed above says why.`);
}

/** Whether a Node version runs TypeScript by itself and satisfies wrangler. */
function isNewEnough(version) {
  const [major, minor] = version.split(".").map(Number);
  return major > 22 || (major === 22 && minor >= 22);
}

function lockFile() {
  try {
    if (existsSync(`${root}package-lock.json`) && !isFile(`${root}package-lock.json`))
      refuse("package-lock.json is no ordinary file. Bring it back from the repository, and start again.");
    return readFileSync(`${root}package-lock.json`);
  } catch (error) {
    return refuse(
      `package-lock.json cannot be read (${error.code}). Bring it back from the repository, and start again.`,
    );
  }
}

/**
 * Installs what package-lock.json names, once for each lock file. `everything` adds what only checks and tests need.
 * npm's install scripts are skipped: of them only one matters, which fetches a newer Node, and only where this one is too old.
 */
async function install(everything) {
  const lock = createHash("sha256").update(lockFile()).digest("hex");
  const have = isFile(marker) ? readFileSync(marker, "utf8").split(" ") : [];
  if (have[0] === lock && (have[1] === "everything" || !everything)) return;
  console.log(everything ? "Installing what the product and its tests need …" : "Installing what the product needs …");
  const started = performance.now();
  // What is installed halfway bears no mark.
  rmSync(marker, { force: true });
  await run("npm", [
    "ci",
    "--ignore-scripts",
    "--prefer-offline",
    "--no-audit",
    "--no-fund",
    ...(everything ? [] : ["--omit=dev"]),
  ]);
  writeFileSync(marker, `${lock} ${everything ? "everything" : "product"}`);
  console.log(`Installed in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}

/** Makes sure of the packages and of a Node that runs our TypeScript; returns that Node's path. */
export async function prepare({ everything = false } = {}) {
  // npm puts our own Node first on the path, and a new lock file removes it from under us: then it has to be set up again.
  const isOwn = process.execPath.startsWith(`${root}node_modules/`);
  process.env.PATH = process.env.PATH.split(delimiter)
    .filter((part) => part !== `${root}node_modules/.bin`)
    .join(delimiter);
  await install(everything);
  if (isNewEnough(process.versions.node) && !isOwn) return process.execPath;
  // One that was fetched halfway does not run.
  if (!isOwn && spawnSync(ownNode, ["--version"]).status !== 0) {
    rmSync(ownNode, { force: true });
    await run(process.execPath, ["installArchSpecificPackage.js"], `${root}node_modules/node`);
  }
  // npm leaves this link out where the program it points to comes later; every tool started by name needs it.
  const link = `${root}node_modules/.bin/node`;
  if (!existsSync(link)) symlinkSync("../node/bin/node", link);
  return ownNode;
}

/** The process that npm is where it has started this one, else null; between the two may stand a shell. */
function npmOf(pid) {
  if (process.env.npm_lifecycle_event === undefined) return null;
  const asked = spawnSync("ps", ["-o", "ppid=,comm=", "-p", String(pid)], { encoding: "utf8" });
  const [, parent, command] = /^\s*(\d+)\s+(.*)$/m.exec(asked.stdout ?? "") ?? [];
  if (parent === undefined) return pid;
  return /^(.*\/)?(sh|ash|bash|dash|zsh|busybox)$/.test(command.trim()) ? Number(parent) : pid;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Who ends npm, however, means the server: without this it would go on and keep the port. */
function endWithNpm() {
  const parent = process.ppid;
  const npm = parent > 1 ? npmOf(parent) : null;
  if (npm !== null && npm > 1) endWhenGone(() => process.ppid === parent && isAlive(npm));
}

/** Runs one of our TypeScript scripts: in this process where its Node can, else in a child that it lives and dies with. */
export async function runScript(name, options) {
  process.env.START_BEGAN = String(performance.timeOrigin);
  endWithNpm();
  const node = await prepare(options);
  const script = `${root}scripts/${name}`;
  process.env.PATH = `${root}node_modules/.bin:${process.env.PATH}`;
  process.chdir(root);
  if (node === process.execPath) return importScript(script);
  const child = spawn(node, [`${root}scripts/start/run-script.mjs`, script, ...process.argv.slice(2)], {
    stdio: "inherit",
  });
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}
