import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

/** What only workerd has: its own modules, and compiled WebAssembly that is imported. */
const ofWorkerd = /["']cloudflare:|\.wasm["'?]|["']virtual:/;
/** What reaches a module in the end; types alone are gone by then. */
const imported =
  /^(?:import|export)\s+(?!type\b)[^;]*?from\s*["'](\.{1,2}\/[^"']+)["']|import\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/gm;

const known = new Map<string, boolean>();

/** Whether a module, or one that it imports, can only be loaded in workerd. All other tests run in Node, without its stores. */
export function needsWorkerd(file: string): boolean {
  const before = known.get(file);
  if (before !== undefined) return before;
  // Modules that import each other need what any of them needs: who asks first finds it.
  known.set(file, false);
  const text = readFileSync(file, "utf8");
  const needs =
    ofWorkerd.test(text) ||
    [...text.matchAll(imported)]
      .map(([, from, alone]) => normalize(join(dirname(file), from ?? alone ?? "")))
      .filter((target) => /\.tsx?$/.test(target) && existsSync(target))
      .some(needsWorkerd);
  known.set(file, needs);
  return needs;
}
