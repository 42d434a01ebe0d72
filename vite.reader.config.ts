import { cloudflare } from "@cloudflare/vite-plugin";
import { defineConfig } from "vite";

/** The reader, a Worker of its own: see wrangler.reader.toml. */
export default defineConfig({
  plugins: [cloudflare({ configPath: "wrangler.reader.toml", viteEnvironment: { name: "reader" } })],
  publicDir: false,
  build: { outDir: "build" },
  environments: {
    reader: {
      build: { minify: true },
      // Bundled modules have no address in workerd; libraries that look for files beside them want one all the same.
      define: { "import.meta.url": '"file:///reader.js"' },
    },
  },
});
