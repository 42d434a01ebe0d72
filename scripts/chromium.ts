import { existsSync } from "node:fs";
import { ensureFromDebian } from "./debian-packages.ts";

const places = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

const found = () => places.find((path) => path !== undefined && existsSync(path));

/** The path of a Chromium, installed from Debian's packages where that can be done without asking; undefined where there is none. */
export const ensureChromium = (): string | undefined =>
  ensureFromDebian(found, { packages: ["chromium"], purpose: "the browser journeys" });
