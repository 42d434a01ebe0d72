// Plain JavaScript for the machine's own Node. Run by itself it runs a script of ours that ends with the process that started it.
import { fileURLToPath } from "node:url";

const everyMs = 500;

/** Sends this process SIGTERM, as a terminal would, once `isAlive` says no. */
export function endWhenGone(isAlive) {
  setInterval(() => {
    if (!isAlive()) process.kill(process.pid, "SIGTERM");
  }, everyMs).unref();
}

/** Runs a script in this process. Where packages are missing, the reason is an installation that was cut off. */
export async function importScript(script) {
  process.argv[1] = script;
  try {
    await import(script);
  } catch (error) {
    if (error?.code !== "ERR_MODULE_NOT_FOUND" && error?.code !== "MODULE_NOT_FOUND") throw error;
    console.error("Packages are missing from node_modules. Delete that folder, and start again: it is installed anew.");
    process.exit(1);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.argv.splice(1, 1);
  const parent = process.ppid;
  endWhenGone(() => process.ppid === parent);
  await importScript(process.argv[1]);
}
