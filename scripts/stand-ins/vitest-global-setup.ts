import type { TestProject } from "vitest/node";
import { buildIfStale } from "../build.ts";
import { startReaders } from "../readers.ts";
import { startAnthropicStandIn } from "./anthropic-server.ts";
import { type Corpus, serveCorpus } from "./corpus-server.ts";
import { startGeminiStandIn } from "./gemini-server.ts";
import { githubClient, startGitHubStandIn } from "./github-server.ts";
import { startMisbehavingDirectories } from "./ldap/ldap-misbehaving.ts";
import { type LdapStandIn, startLdapServer } from "./ldap/ldap-server.ts";
import { startMailStandIn } from "./mail-server.ts";
import { oidcClient, startOidcServer } from "./oidc-server.ts";
import { startOllamaStandIn } from "./ollama-server.ts";
import { startOpenAiStandIn } from "./openai-server.ts";
import { startOtlpStandIn } from "./otlp-server.ts";
import { type SamlServer, startSamlServer } from "./saml-server.ts";
import { startScriptedServer } from "./scripted-server.ts";
import { startStripeStandIn } from "./stripe/stripe-server.ts";
import { startVectorizeStandIn } from "./vectorize-server.ts";
import { startWebStandIn, type WebStandIn } from "./web-server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Base URL of the OpenAI stand-in, with `/v1`. */
    openaiStandIn: string;
    /** Base URLs of the stand-ins for Gemini and Anthropic. */
    geminiStandIn: string;
    anthropicStandIn: string;
    /** Address of the Ollama stand-in, without a path. */
    ollamaStandIn: string;
    /** Address of the server that answers as a test has written down, without a path. */
    scripted: string;
    /** Websites on loopback: one that may be fetched, one that nothing may reach, and a resolver. */
    web: Omit<WebStandIn, "close">;
    /** Address of the e-mail service's stand-in, without a path. */
    mailStandIn: string;
    /** Address of the stand-in for a collector of traces, without a path. */
    otlpStandIn: string;
    /** Address of Stripe's stand-in. */
    stripeStandIn: string;
    /** Variables that set up sign-in by a real server of OpenID Connect, also in Google’s place, and by GitHub’s stand-in. */
    signIn: Record<string, string>;
    /** A provider of SAML. */
    saml: Omit<SamlServer, "close">;
    /** OpenLDAP’s server; null where this machine has none. */
    ldap: LdapStandIn | null;
    /** Servers that are no good directories. */
    misbehavingDirectories: Awaited<ReturnType<typeof startMisbehavingDirectories>>["urls"];
    /** Base URL of the Vectorize stand-in. */
    vectorize: string;
    /** How many searches the isolation of tenants is tried with: some in every run, 10,000 in `npm run test:sim`. */
    retrievalQueries: number;
    /** The seeds of the turns' simulation: a few in every run, many in `npm run test:sim`. */
    simulationSeeds: { from: number; count: number };
    /** Address of the processes that read files, which are those of `npm start`. */
    readers: string;
    /** Real and hostile documents, or null where this machine has none. */
    corpus: Corpus | null;
  }
}

/** What sets up sign-in by the server of OpenID Connect, also in Google's place, and by GitHub's stand-in. */
function signInBy(oidcUrl: string, githubUrl: string): Record<string, string> {
  return {
    OIDC_ISSUER: oidcUrl,
    OIDC_CLIENT_ID: oidcClient.id,
    OIDC_CLIENT_SECRET: oidcClient.secret,
    OIDC_NAME: "Example ID",
    GOOGLE_ISSUER: oidcUrl,
    GOOGLE_CLIENT_ID: oidcClient.id,
    GOOGLE_CLIENT_SECRET: oidcClient.secret,
    GITHUB_URL: githubUrl,
    GITHUB_API_URL: githubUrl,
    GITHUB_CLIENT_ID: githubClient.id,
    GITHUB_CLIENT_SECRET: githubClient.secret,
  };
}

/** Starts a stand-in for each protocol of models. */
async function startModels(project: TestProject): Promise<{ close(): Promise<unknown> }> {
  const [openai, gemini, anthropic, ollama, scripted] = await Promise.all([
    startOpenAiStandIn(),
    startGeminiStandIn(),
    startAnthropicStandIn(),
    startOllamaStandIn(),
    startScriptedServer(),
  ]);
  project.provide("openaiStandIn", openai.url);
  project.provide("geminiStandIn", gemini.url);
  project.provide("anthropicStandIn", anthropic.url);
  project.provide("ollamaStandIn", ollama.url);
  project.provide("scripted", scripted.url);
  return { close: () => Promise.all([openai, gemini, anthropic, ollama, scripted].map((standIn) => standIn.close())) };
}

/** Starts the third parties that tests in workerd reach over loopback. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await buildIfStale(console.log, ["reader"]);
  const readers = await startReaders({ onLog: () => {}, niceness: 0 });
  project.provide("readers", readers.address);
  const servers = await Promise.all([
    startModels(project),
    startMailStandIn(),
    startWebStandIn(),
    startVectorizeStandIn(),
    serveCorpus(),
    startOidcServer(["oidc", "google"].map((id) => `http://localhost:8787/api/v1/auth/oauth/${id}/callback`)),
    startGitHubStandIn(),
    startSamlServer(),
    startLdapServer(process.env.LDAP_STAND_IN),
    startMisbehavingDirectories(),
    startOtlpStandIn(),
    startStripeStandIn(),
  ]);
  const [, mail, web, vectorize, served, oidc, github, saml, ldap, misbehaving, otlp, stripe] = servers;
  const { close: _, ...addresses } = web;
  project.provide("web", addresses);
  project.provide("mailStandIn", mail.url);
  project.provide("otlpStandIn", otlp.url);
  project.provide("stripeStandIn", stripe.url);
  project.provide("signIn", signInBy(oidc.url, github.url));
  const { close: _stop, ...provider } = saml;
  project.provide("saml", provider);
  if (ldap) {
    const { close: _close, ...known } = ldap;
    project.provide("ldap", known);
  } else {
    project.provide("ldap", null);
    console.warn("\n  SKIPPED: tests of sign-in by a directory, as slapd is not on this machine.\n");
  }
  project.provide("misbehavingDirectories", misbehaving.urls);
  project.provide("vectorize", vectorize.url);
  project.provide("retrievalQueries", Number(process.env.RETRIEVAL_QUERIES ?? 300));
  const { SIM_SEED = "1", SIM_SEEDS = "200" } = process.env;
  project.provide("simulationSeeds", { from: Number(SIM_SEED), count: Number(SIM_SEEDS) });
  project.provide("corpus", served?.corpus ?? null);
  if (!served) console.warn("\n  SKIPPED: tests on real documents, as ../shared/corpus is not on this machine.\n");
  return async () => {
    await Promise.all([...servers.map((each) => each?.close()), readers.dispose()]);
  };
}
