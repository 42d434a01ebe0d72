import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../free-port.ts";
import { makeCertificates, trustedFile } from "../stand-ins/ldap/ldap-certificates.ts";
import { ldapBase, ldapSearch } from "../stand-ins/ldap/ldap-people.ts";
import { startLdapServer } from "../stand-ins/ldap/ldap-server.ts";
import { oidcClient, startOidcServer } from "../stand-ins/oidc-server.ts";
import { startOpenAiStandIn } from "../stand-ins/openai-server.ts";
import { startSamlServer } from "../stand-ins/saml-server.ts";
import { startWebStandIn, type WebStandIn } from "../stand-ins/web-server.ts";
import { patienceMs } from "./expect.ts";

/** Resolves when the product and its demo are there: `npm start` prints its address last. */
export function untilReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let printed = "";
    const timer = setTimeout(
      () => reject(new Error(`The start took over ${patienceMs / 1000} s:\n${printed}`)),
      patienceMs,
    );
    const take = (chunk: Buffer) => {
      printed += chunk;
      if (!printed.includes("Understudy is at")) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout?.on("data", take);
    child.stderr?.on("data", take);
    child.once("exit", (code) => {
      clearTimeout(timer);
      reject(new Error(`The start ended with ${code}:\n${printed}`));
    });
  });
}

export interface Product {
  base: string;
  /** The address of the stand-in for models; null where it was started by somebody else. */
  models: string | null;
  /** Websites that the product may fetch; null where it was started by somebody else. */
  web: WebStandIn | null;
  /** The address of the provider of OpenID Connect that it knows as “Example ID”; null where it was started by somebody else. */
  provider: string | null;
  /** The address of a provider of SAML; null where it was started by somebody else. */
  saml: string | null;
  /** Whether it knows OpenLDAP's server as “Example Directory”. */
  hasDirectory: boolean;
  stop(): Promise<void>;
}

/** What of the stand-in's models costs something: 2 and 10 US dollars for a million tokens. */
const prices = {
  date: "2026-11-30",
  providers: { openai: { models: { "stand-in?reply=Priced.": { cost: { input: 2, output: 10 } } } } },
};

/** What lets people in by a provider. */
const signInBy = (OIDC_ISSUER: string) => ({
  OIDC_ISSUER,
  OIDC_CLIENT_ID: oidcClient.id,
  OIDC_CLIENT_SECRET: oidcClient.secret,
  OIDC_NAME: "Example ID",
});

/** What it is set up with whatever stands beside it; the stand-in for models may also be brought as somebody's own, by the name `localhost`. */
const usual = {
  RATE_LIMITS: "off",
  MODEL_HOSTS: "localhost",
  DEFAULT_MODEL: "offline/extractive",
  EMBEDDING_MODEL: "offline/hash",
  MODEL_CATALOGUE: JSON.stringify(prices),
};

/** The product as `npm start` brings it up, on a free port with a state of its own, with stand-ins for a cloud model, the web, a provider of sign-in and a directory. */
export async function startProduct(): Promise<Product> {
  const [standIn, web, saml] = await Promise.all([startOpenAiStandIn(), startWebStandIn(), startSamlServer()]);
  const port = await freePort();
  const provider = await startOidcServer([`http://localhost:${port}/api/v1/auth/oauth/oidc/callback`]);
  const certificates = makeCertificates();
  const ldap = await startLdapServer(certificates);
  if (!ldap) console.log("\n  SKIPPED: the journeys by the directory, as slapd is not on this machine.\n");
  const directory = {
    LDAP_URL: ldap?.secureUrl,
    LDAP_NAME: "Example Directory",
    LDAP_BASE_DN: ldapBase,
    LDAP_BIND_DN: ldapSearch.dn,
    LDAP_BIND_PASSWORD: ldapSearch.password,
    NODE_EXTRA_CA_CERTS: certificates ? trustedFile(certificates) : undefined,
  };
  const stateDir = mkdtempSync(join(tmpdir(), "understudy-journeys-"));
  const child = spawn(process.execPath, ["scripts/start.mjs"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      PORT: String(port),
      STATE_DIR: stateDir,
      ...usual,
      DNS_OVER_HTTPS_URL: web.resolver,
      FETCH_EXEMPT_ORIGINS: [web.url, ...Object.values(web.sites), provider.url].join(),
      OPENAI_BASE_URL: standIn.url,
      ...signInBy(provider.url),
      ...(ldap ? directory : {}),
    },
  });
  const stop = async () => {
    if (child.exitCode === null) {
      child.kill("SIGTERM");
      await once(child, "exit");
    }
    await Promise.all([standIn.close(), web.close(), provider.close(), saml.close(), ldap?.close()]);
    rmSync(stateDir, { recursive: true, force: true });
  };
  try {
    await untilReady(child);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    base: `http://localhost:${port}`,
    models: standIn.url,
    web,
    provider: provider.url,
    saml: saml.url,
    hasDirectory: ldap !== null,
    stop,
  };
}
