/**
 * Checks what a browser loads of scripts before anybody has done something on a page: their weight as they are sent, and how many
 * they are. Builds what it weighs where that is not there.
 */
import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { gzipSync } from "node:zlib";
import { buildIfStale } from "./build.ts";

const assets = "build/client/assets";

interface Page {
  name: string;
  /** Its routes beneath the root, outermost first. */
  routes: string[];
  /** Whether it waits for somebody before it fetches what gives it its handlers: see `web/waiting.ts`. */
  waits: boolean;
  /** The most it may load: kilobytes by gzip, and requests. */
  kilobytes: number;
  requests: number;
}

const pages: Page[] = [
  { name: "/", routes: ["landing"], waits: true, kilobytes: 75, requests: 11 },
  { name: "/c/:slug", routes: ["public-clone"], waits: true, kilobytes: 73, requests: 11 },
  { name: "/sign-in", routes: ["sign-in"], waits: false, kilobytes: 139, requests: 13 },
  { name: "/clones", routes: ["signed-in", "clones"], waits: false, kilobytes: 134, requests: 13 },
  { name: "/clones/:id", routes: ["signed-in", "clone", "clone-chat"], waits: false, kilobytes: 146, requests: 15 },
  {
    name: "/clones/:id/knowledge",
    routes: ["signed-in", "clone", "clone-knowledge"],
    waits: false,
    kilobytes: 142,
    requests: 15,
  },
  {
    name: "/chat/:id",
    routes: ["signed-in", "conversations", "conversation"],
    waits: false,
    kilobytes: 144,
    requests: 15,
  },
];

interface Manifest {
  entry: { module: string };
  routes: Record<string, { module: string }>;
}

const onlyOne = (pattern: string): string => {
  const found = globSync(`${assets}/${pattern}`);
  if (found.length !== 1)
    throw new Error(`The build has ${found.length} files like ${pattern}; one is what it has to have.`);
  return basename(found[0] as string);
};

const text = (file: string) => readFileSync(`${assets}/${file}`, "utf8");

/** A script and all that it imports, but for what it imports later. */
function withImports(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found;
  found.add(file);
  for (const [, imported] of text(file).matchAll(/(?:from|import)\s*["'`]\.\/([^"'`]+\.js)["'`]/g))
    withImports(imported as string, found);
  return found;
}

await buildIfStale(console.log);
// The build keeps the whole list of routes; a page has of it what it needs, in itself.
const manifest = JSON.parse(
  text(onlyOne("manifest-*.js")).replace(/^window\.__reactRouterManifest=|;$/g, ""),
) as Manifest;
const handlers = onlyOne("hydrate-*.js");

const problems: string[] = [];
console.log("page                    KB  at most  requests  at most");
for (const { name, routes, waits, kilobytes, requests } of pages) {
  const modules = ["root", ...routes.map((route) => `routes/${route}`)].map((id) => manifest.routes[id]?.module ?? id);
  const files = new Set<string>();
  for (const file of [manifest.entry.module, ...modules, ...(waits ? [] : [handlers])])
    withImports(basename(file), files);
  const weight = [...files].reduce((sum, file) => sum + gzipSync(text(file)).length, 0) / 1000;
  const cells = [
    weight.toFixed(1).padStart(6),
    `${kilobytes}`.padStart(9),
    `${files.size}`.padStart(10),
    `${requests}`.padStart(9),
  ];
  console.log(name.padEnd(20) + cells.join(""));
  if (weight > kilobytes)
    problems.push(`${name} loads ${weight.toFixed(1)} KB of scripts at first; ${kilobytes} are what it may.`);
  if (files.size > requests)
    problems.push(`${name} loads ${files.size} scripts at first; ${requests} are what it may.`);
}
if (problems.length > 0)
  problems.push(
    "Import what is needed later by whenNeeded() of web/ui/when-needed.tsx, and see how vite.config.ts groups the rest.",
  );
for (const problem of problems) console.error(problem);
process.exit(problems.length > 0 ? 1 : 0);
