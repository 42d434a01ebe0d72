import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { makeCertificates, trustedFile } from "./scripts/stand-ins/ldap/ldap-certificates.ts";
import { needsWorkerd } from "./scripts/test/needs-workerd.ts";
import { BalancedShards } from "./scripts/test/shards.ts";

// The runtime's package reads this as it is loaded: what follows trusts the directory's stand-in. Who only reads this file needs none.
// It is read once for each project, and the first certificates are those that are trusted.
const certificates = process.env.VITEST && !process.env.LDAP_STAND_IN ? makeCertificates() : null;
if (certificates) {
  process.env.LDAP_STAND_IN = certificates;
  process.env.NODE_EXTRA_CA_CERTS = trustedFile(certificates);
}
const { cloudflareTest, readD1Migrations } = await import("@cloudflare/vitest-plugin");

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** What needs nothing of workerd but is about its decoders, beside what cannot be loaded elsewhere. */
const aboutDecoders = ["workers/reading/corpus.test.ts", "workers/reading/text/parse-text.test.ts"];
const files = globSync(["workers/**/*.test.ts", "client/**/*.test.ts", "web/**/*.test.{ts,tsx}"]);
const inWorkerd = files.filter((file) => aboutDecoders.includes(file) || needsWorkerd(file));

/** Packages without source maps: the pool sends all modules that a file of tests needs in one message, which may not have 32 MB. */
const withoutMaps: Plugin = {
  name: "packages-without-source-maps",
  enforce: "post",
  transform: (code, id) => (id.includes("/node_modules/") ? { code, map: { mappings: "" } } : null),
};

const common = {
  isolate: false,
  fileParallelism: false,
  // Says only when to give up: a busy machine may take long, and no test is about it.
  testTimeout: 300_000,
  hookTimeout: 300_000,
  expect: { poll: { timeout: 120_000 } },
};

export default defineConfig({
  test: {
    sequence: { sequencer: BalancedShards },
    projects: [
      {
        plugins: [
          withoutMaps,
          cloudflareTest(async ({ inject }) => ({
            main: "./workers/index.ts",
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              bindings: {
                TEST_MIGRATIONS: await readD1Migrations(path("./migrations")),
                OPENAI_BASE_URL: inject("openaiStandIn"),
                RERANK_BASE_URL: inject("openaiStandIn"),
                VISION_MODEL: "openai/vision-stand-in?reply=Seven+quinces+in+a+bowl.",
                // Models of the stand-in that cost something.
                MODEL_CATALOGUE: JSON.stringify({
                  date: "2026-11-30",
                  providers: {
                    openai: {
                      models: {
                        "stand-in?reply=Priced.": { cost: { input: 2, output: 10 } },
                        "priced-embedding": { cost: { input: 1, output: 0 } },
                      },
                    },
                  },
                }),
                STRIPE_SECRET_KEY: "sk_test_suite",
                STRIPE_WEBHOOK_SECRET: "whsec_suite",
                STRIPE_BASE_URL: inject("stripeStandIn"),
                RATE_LIMITS: "off",
                MODEL_HOSTS: "localhost",
                DNS_OVER_HTTPS_URL: inject("web").resolver,
                FETCH_EXEMPT_ORIGINS: [
                  inject("web").url,
                  ...Object.values(inject("web").sites),
                  inject("openaiStandIn"),
                  inject("signIn").OIDC_ISSUER,
                ].join(),
                // Of random bytes, as a text would be refused.
                MASTER_KEYS: "test:033XIDFRYnmX8H-fZH2MvHsStVFUSPGy_rq1DlW7ox4",
                LOG: "quiet",
                SCRYPT_COST: "16",
                AUTH_SECRET: "test-only-secret-of-forty-eight-characters-0123456",
              },
              serviceBindings: {
                PUBLIC_WEB: { network: { allow: ["public"] } },
                READER: { external: { address: inject("readers"), http: {} } },
              },
            },
          })),
        ],
        resolve: { alias: { "virtual:react-router/server-build": path("./workers/testing/no-pages.ts") } },
        test: {
          ...common,
          name: "workerd",
          include: inWorkerd,
          globalSetup: ["./scripts/stand-ins/vitest-global-setup.ts"],
          setupFiles: ["./workers/testing/fresh-stores.ts", "./workers/testing/setup.ts"],
        },
      },
      {
        test: {
          ...common,
          name: "node",
          include: files.filter((file) => !inWorkerd.includes(file)),
          globalSetup: ["./scripts/stand-ins/corpus-global-setup.ts"],
          setupFiles: ["./workers/testing/setup.ts"],
        },
      },
    ],
  },
});
