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

/** The icons that a chat or its page's frame show at once. */
const firstIcons =
  "Alert|ArrowDown|ArrowRight|ArrowUp|Book|CheckCircle|ChevronDown|Clock|Columns|CommentDiscussion|Cpu|DeviceDesktop|Info|KebabHorizontal|Moon|Plus|Search|Sliders|SquareFill|Sun|ThreeBars|TriangleDown|X";
/** Those of the forms to sign in, which come with them. */
const signInIcons = "Eye|EyeClosed|MarkGithub|Organization|PasskeyFill";
/** What few pages show at once of `web/ui`, or none. */
const laterUi = String.raw`(?:field|[\w-]+-(?:panel|field)|copy-button|problem-notice|new-link)\.tsx`;

/**
 * Few files, so that a page asks for few. A group takes along what its modules import, so that what is needed first must stand in a
 * group before what comes later; the last one holds what several pages share, merged until it is worth a request.
 */
const chunks = [
  {
    name: "router",
    test: /node_modules\/(?:react|react-router\/dist\/production(?!\/lib\/dom-export))\//,
    priority: 11,
  },
  { name: "react-dom", test: /node_modules\/(?:react-dom|scheduler|react-router)\//, priority: 10 },
  { name: "panels", test: /node_modules\/(?:@radix-ui|radix-ui|@floating-ui)\//, priority: 9 },
  { name: "icons", test: RegExp(`octicons-react/dist/(?:renderOcticon|icons/(?:${firstIcons})Icon)`), priority: 9 },
  {
    name: "more-icons",
    test: RegExp(`octicons-react/dist/icons/(?!(?:${signInIcons})Icon)`),
    minShareCount: 2,
    priority: 8,
  },
  {
    name: "base",
    test: RegExp(
      String.raw`/(?:client/(?:api-problem|call-api)|web/(?:ui/(?!${laterUi})[\w-]+|ui/dialog/(?:confirm-|failure-)?dialog|shell/(?:site-header|failure|page)|clones/use-clone|workspaces/use-may|root-data|use-attempt|use-older|waiting))\.tsx?$`,
    ),
    priority: 7,
  },
  { name: "forms", test: /web\/ui\/(?:field|[\w-]+-field|problem-notice)\.tsx/, priority: 6 },
  { name: "chat-room", test: /web\/chat\/room\/(?:chat-room|kept-chat)\.tsx/, priority: 5 },
  {
    name: "answer",
    test: /web\/chat\/(?:answer\/(?:answer|source-row)|sharing\/shared-conversation)\.tsx/,
    priority: 4,
  },
  { name: "conversation-list", test: /web\/chat\/library\/conversation-list\.tsx/, priority: 3 },
  {
    name: "dialogs",
    test: /web\/(?:ui\/dialog\/(?:form|rename)-dialog|(?:chat|documents)\/.*-dialogs?)\.tsx/,
    priority: 2,
  },
  { name: "clone-parts", test: /web\/clones\/(?:visibility|clone-card)\.tsx$/, priority: 2 },
  { name: "files", test: /web\/documents\/(?:byte-size|document-properties|left-out|source-link)\.tsx?$/, priority: 2 },
  { name: "shared", minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: 10_000, priority: 1 },
];

interface ClientManifest {
  [source: string]: { file: string; imports?: string[] };
}

/** Leaves out the drawings of icons for 24 pixels and more, which are as long again: no page shows one that large. */
const smallIcons: Plugin = {
  name: "small-icons",
  transform: {
    filter: { id: /@primer\/octicons-react\/dist\/icons\// },
    handler: (code) => code.replace(/,\n\t"(?:24|48|96)": \{[\s\S]*?\n\t\}/g, "").replace(/, "(?:24|48|96)"/g, ""),
  },
};

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
    smallIcons,
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
