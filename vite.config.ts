import { readFileSync } from "node:fs";
import { cloudflare } from "@cloudflare/vite-plugin";
import { reactRouter } from "@react-router/dev/vite";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig, type Plugin } from "vite";
import { configKeys } from "./workers/platform/config/config.ts";

/** What the environment sets of the Worker's variables; only for the development server, never for a build. */
function variablesFromEnvironment(): Record<string, string> {
  const set = configKeys.flatMap((key) => (process.env[key] === undefined ? [] : [[key, process.env[key]]]));
  return Object.fromEntries(set);
}

/**
 * Few files, so that a page asks for few. A group takes along what its modules import; the last one holds what several pages share,
 * merged until it is worth a request.
 */
const chunks = [
  {
    name: "router",
    test: /node_modules\/(?:react|react-router\/dist\/production(?!\/lib\/dom-export))\//,
    priority: 6,
  },
  { name: "react-dom", test: /node_modules\/(?:react-dom|scheduler|react-router)\//, priority: 5 },
  { name: "panels", test: /node_modules\/(?:@radix-ui|radix-ui|@floating-ui)\//, priority: 4 },
  {
    name: "base",
    test: /client\/(?:api-problem|call-api)|web\/(?:shell\/(?:site-header|failure)|ui\/(?![\w-]+-panel)[\w-]+|workspaces\/use-may|(?:root-data|use-attempt|waiting))\.tsx?$/,
    priority: 3,
  },
  { name: "icons", test: /node_modules\/@primer\/octicons/, minShareCount: 3, priority: 4 },
  { name: "chat-room", test: /web\/chat\/room\/(?:chat-room|kept-chat)\.tsx/, priority: 2 },
  {
    name: "answer",
    test: /web\/chat\/(?:answer\/(?:answer|source-row)|sharing\/shared-conversation)\.tsx/,
    priority: 2,
  },
  { name: "shared", minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: 10_000, priority: 1 },
];

interface ClientManifest {
  [source: string]: { file: string; imports?: string[] };
}

/** Tells the server by `virtual:hydration` which of the browser's scripts `web/hydrate.tsx` became. */
const hydration: Plugin = {
  name: "hydration",
  resolveId: (id) => (id === "virtual:hydration" ? `\0${id}` : null),
  load(id) {
    if (id !== "\0virtual:hydration") return null;
    if (this.environment.mode !== "build") return "export default []";
    const manifest = JSON.parse(readFileSync("build/client/.vite/manifest.json", "utf8")) as ClientManifest;
    const needed = (source: string): string[] => [source, ...(manifest[source]?.imports ?? []).flatMap(needed)];
    const files = new Set(needed("web/hydrate.tsx").map((source) => `/${manifest[source]?.file}`));
    return `export default ${JSON.stringify([...files])}`;
  },
};

export default defineConfig(({ command }) => ({
  plugins: [
    cloudflare({
      viteEnvironment: { name: "ssr" },
      persistState: { path: process.env.STATE_DIR ?? ".state" },
      ...(command === "serve"
        ? {
            config: { vars: variablesFromEnvironment() },
            auxiliaryWorkers: [{ configPath: "wrangler.reader.toml", viteEnvironment: { name: "reader" } }],
          }
        : {}),
    }),
    tailwindcss(),
    reactRouter(),
    hydration,
  ],
  environments: {
    client: { build: { rolldownOptions: { output: { codeSplitting: { groups: chunks } } } } },
    ssr: {
      build: { minify: true },
      // Bundled modules have no address in workerd; libraries that look for files beside them want one all the same.
      ...(command === "build" ? { define: { "import.meta.url": '"file:///worker.js"' } } : {}),
    },
  },
  server: { port: Number(process.env.PORT ?? 8787), strictPort: true },
}));
