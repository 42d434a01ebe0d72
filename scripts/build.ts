import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from "node:fs";

const common = ["workers/**/*.{ts,tsx,wasm}", "package-lock.json"];

/** What is built of the sources, each by a command of its own and made anew only where these have changed. */
const parts = {
  reader: {
    sources: [...common, "wrangler.reader.toml", "vite.reader.config.ts"],
    command: ["node_modules/vite/bin/vite.js", "build", "--config", "vite.reader.config.ts"],
  },
  server: {
    sources: [...common, "web/**/*", "public/**/*", "wrangler.toml", "vite.config.ts", "react-router.config.ts"],
    command: ["node_modules/@react-router/dev/bin.cjs", "build"],
  },
};

type Part = keyof typeof parts;

function fingerprint(sources: string[]): string {
  const hash = createHash("sha256");
  for (const path of globSync(sources).sort()) {
    if (path.endsWith(".test.ts") || statSync(path).isDirectory()) continue;
    hash.update(path).update(readFileSync(path));
  }
  return hash.digest("hex");
}

/** Builds both Workers into build/. */
export function buildAll(): void {
  // The server's build clears the folder away that both are in.
  buildIfStale("server");
  buildIfStale("reader");
}

/** Builds one of the Workers into build/, unless what is there was made of the same sources. */
export function buildIfStale(part: Part): void {
  const { sources, command } = parts[part];
  const stamp = `build/.stamp-${part}`;
  const current = fingerprint(sources);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === current) return;
  console.log(`Building the ${part} …`);
  const built = spawnSync(process.execPath, command, { encoding: "utf8" });
  if (built.status !== 0) {
    console.error(built.stdout, built.stderr);
    process.exit(1);
  }
  writeFileSync(stamp, current);
}
