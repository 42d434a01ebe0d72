import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const places = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const found = () => places.find((path) => path !== undefined && existsSync(path));

/** The path of a Chromium, installed from Debian's packages where that can be done without asking; undefined where there is none. */
export function ensureChromium(): string | undefined {
  const present = found();
  if (present || process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return present;
  console.log("Installing Chromium for the browser journeys …");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  spawnSync("apt-get", ["update"], { stdio: "ignore", env });
  spawnSync("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], { stdio: "ignore", env });
  return found();
}
