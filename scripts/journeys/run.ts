// Walks through the product in a real browser. `npm run script -- journeys/run.ts [PART OF A NAME]`; BASE_URL names a running server.
import { mkdirSync, writeFileSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { ensureChromium } from "../chromium.ts";
import { accountJourneys } from "./accounts.ts";
import { activityJourneys } from "./activity.ts";
import { evaluationJourneys } from "./evaluation.ts";
import { filingJourneys } from "./filing.ts";
import { hostileJourneys } from "./hostile.ts";
import { beginVisit, type Journey } from "./journey.ts";
import { knowledgeJourneys } from "./knowledge.ts";
import { ldapJourneys } from "./ldap.ts";
import { libraryJourneys } from "./library.ts";
import { openLine } from "./line.ts";
import { modelJourneys } from "./models.ts";
import { ownerJourneys } from "./owner.ts";
import { passkeyJourneys } from "./passkeys.ts";
import { personalDataJourneys } from "./personal-data.ts";
import { providerJourneys } from "./providers.ts";
import { reachJourneys } from "./reach.ts";
import { retentionJourneys } from "./retention.ts";
import { securityJourneys } from "./security.ts";
import { type Product, startProduct } from "./server.ts";
import { sharingJourneys } from "./sharing.ts";
import { ssoJourneys } from "./sso.ts";
import { turnJourneys } from "./turns.ts";
import { usageJourneys } from "./usage.ts";
import { visitorJourneys } from "./visitor.ts";
import { webImportJourneys } from "./web-import.ts";
import { workspaceJourneys } from "./workspaces.ts";

const wanted = process.argv[2] ?? "";
const journeys = [
  ...visitorJourneys,
  ...accountJourneys,
  ...workspaceJourneys,
  ...sharingJourneys,
  ...securityJourneys,
  ...passkeyJourneys,
  ...providerJourneys,
  ...ssoJourneys,
  ...ldapJourneys,
  ...personalDataJourneys,
  ...retentionJourneys,
  ...ownerJourneys,
  ...knowledgeJourneys,
  ...evaluationJourneys,
  ...webImportJourneys,
  ...turnJourneys,
  ...libraryJourneys,
  ...filingJourneys,
  ...modelJourneys,
  ...reachJourneys,
  ...activityJourneys,
  ...usageJourneys,
  ...hostileJourneys,
].filter(({ name }) => name.includes(wanted));
const counts = { passed: 0, failed: 0, skipped: 0 };

/** So many are walked at a time, each by people of its own with a browser of their own: most of it is waiting for pages. */
const sideBySide = 2;

function finish(): never {
  console.log(
    `\n${counts.passed} passed, ${counts.failed} failed${counts.skipped ? `, ${counts.skipped} SKIPPED` : ""}`,
  );
  if (process.env.JOURNEYS_REPORT) writeFileSync(process.env.JOURNEYS_REPORT, JSON.stringify(counts));
  process.exit(counts.failed > 0 ? 1 : 0);
}

async function walk(
  browser: Browser,
  { base, stop: _, ...around }: Product,
  { name, options = {}, run }: Journey,
): Promise<void> {
  const complaints: string[] = [];
  const line = await openLine(base);
  const visit = await beginVisit(browser, { ...around, line, product: base }, options, complaints);
  const started = performance.now();
  const failures: string[] = [];
  try {
    await run(visit);
  } catch (error) {
    failures.push(String(error instanceof Error ? error.stack : error));
    mkdirSync("test-results", { recursive: true });
    const file = `test-results/${name.replace(/[^a-z0-9]+/gi, "-").slice(0, 60)}.png`;
    await visit.page.screenshot({ path: file, timeout: 15_000 }).then(
      () => failures.push(file),
      () => {},
    );
  }
  failures.push(...complaints);
  await visit.context.close();
  await line.close();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  counts[failures.length > 0 ? "failed" : "passed"]++;
  const told = failures.map((failure) => `\n    ${failure.replaceAll("\n", "\n    ")}`).join("");
  console.log(`${told ? "✗" : "✓"} ${name} (${seconds} s)${told}`);
}

const waiting = [...journeys];

async function walkAll(browser: Browser, product: Product): Promise<void> {
  for (let next = waiting.shift(); next; next = waiting.shift()) await walk(browser, product, next);
}

const executablePath = ensureChromium();
if (!executablePath) {
  console.log(
    `\n!!!! SKIPPED: no Chromium on this machine. ${journeys.length} browser journeys were NOT walked. Install one, or name it in CHROMIUM.\n`,
  );
  counts.skipped = journeys.length;
  finish();
}

const product: Product = process.env.BASE_URL
  ? {
      base: process.env.BASE_URL,
      models: null,
      web: null,
      provider: null,
      saml: null,
      hasDirectory: false,
      stop: async () => {},
    }
  : await startProduct();
const browser = await chromium.launch({
  executablePath,
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
try {
  await Promise.all(Array.from({ length: sideBySide }, () => walkAll(browser, product)));
} finally {
  await browser.close();
  await product.stop();
}
finish();
