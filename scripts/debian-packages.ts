import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

/**
 * What `find` finds, after Debian's `packages` were installed where it found nothing and that can be done without asking. `answers` are
 * for debconf.
 */
export function ensureFromDebian<T>(
  find: () => T | undefined,
  { packages, purpose, answers }: { packages: string[]; purpose: string; answers?: string },
): T | undefined {
  const present = find();
  if (present !== undefined || process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return present;
  console.log(`Installing ${packages.join(", ")} for ${purpose} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  if (answers) spawnSync("debconf-set-selections", { input: answers, env });
  spawnSync("apt-get", ["update"], { stdio: "ignore", env });
  spawnSync("apt-get", ["install", "-y", "--no-install-recommends", ...packages], { stdio: "ignore", env });
  return find();
}
