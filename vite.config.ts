import { cloudflare } from "@cloudflare/vite-plugin";
import { reactRouter } from "@react-router/dev/vite";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";
import { configKeys } from "./workers/platform/config/config.ts";

/** What the environment sets of the Worker's variables; only for the development server, never for a build. */
function variablesFromEnvironment(): Record<string, string> {
  const set = configKeys.flatMap((key) => (process.env[key] === undefined ? [] : [[key, process.env[key]]]));
  return Object.fromEntries(set);
}

/** Few files, so that a page asks for few: what all pages need in one, and what several share merged until it is worth a request. */
const chunks = [
  { name: "react-dom", test: /node_modules\/(?:react-dom|scheduler)\//, priority: 3 },
  { name: "router", test: /node_modules\/(?:react|react-router)\//, priority: 2 },
  { name: "shared", minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: 20_000, priority: 1 },
];

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
