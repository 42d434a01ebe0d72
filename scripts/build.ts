import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from "node:fs";

const stamp = "build/.stamp";
const sources = [
  "workers/**/*.{ts,tsx,mjs,wasm}",
  "web/**/*",
  "public/**/*",
  "package-lock.json",
  "wrangler.toml",
  "vite.config.ts",
  "react-router.config.ts",
];

function fingerprint(): string {
  const hash = createHash("sha256");
  for (const path of globSync(sources).sort()) {
    if (path.endsWith(".test.ts") || statSync(path).isDirectory()) continue;
    hash.update(path).update(readFileSync(path));
  }
  return hash.digest("hex");
}

/** Builds the Worker and the web app into build/, unless what is there was made of the same sources. */
export function buildIfStale(): void {
  const current = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === current) return;
  console.log("Building …");
  const built = spawnSync(process.execPath, ["node_modules/@react-router/dev/bin.cjs", "build"], { encoding: "utf8" });
  if (built.status !== 0) {
    console.error(built.stdout, built.stderr);
    process.exit(1);
  }
  writeFileSync(stamp, current);
}
