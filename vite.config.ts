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
    ssr: {
      build: { minify: true },
      // Bundled modules have no address in workerd; libraries that look for files beside them want one all the same.
      ...(command === "build" ? { define: { "import.meta.url": '"file:///worker.js"' } } : {}),
    },
  },
  server: { port: Number(process.env.PORT ?? 8787), strictPort: true },
}));
