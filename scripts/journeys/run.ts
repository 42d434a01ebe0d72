// Walks through the product in a real browser. `node scripts/journeys/run.ts [PART OF A NAME]`; BASE_URL names a running server.
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
  ...hostileJourneys,
].filter(({ name }) => name.includes(wanted));
const counts = { passed: 0, failed: 0, skipped: 0 };

function finish(): never {
  console.log(
    `\n${counts.passed} passed, ${counts.failed} failed${counts.skipped ? `, ${counts.skipped} SKIPPED` : ""}`,
  );
  if (process.env.JOURNEYS_REPORT) writeFileSync(process.env.JOURNEYS_REPORT, JSON.stringify(counts));
  process.exit(counts.failed > 0 ? 1 : 0);
}

async function walk(
  browser: Browser,
  { base, web, provider, saml, hasDirectory }: Product,
  { name, options = {}, run }: Journey,
): Promise<void> {
  const complaints: string[] = [];
  const line = await openLine(base);
  const visit = await beginVisit(
    browser,
    { line, web, provider, saml, hasDirectory, product: base },
    options,
    complaints,
  );
  const started = performance.now();
  let failure: unknown = null;
  try {
    await run(visit);
    if (complaints.length > 0) failure = new Error(complaints.join("\n"));
  } catch (error) {
    failure = error;
    mkdirSync("test-results", { recursive: true });
    const file = `test-results/${name.replace(/[^a-z0-9]+/gi, "-").slice(0, 60)}.png`;
    await visit.page.screenshot({ path: file }).catch(() => {});
    console.log(`    ${file}${complaints.map((complaint) => `\n    ${complaint}`).join("")}`);
  }
  await visit.context.close();
  await line.close();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  counts[failure ? "failed" : "passed"]++;
  console.log(`${failure ? "✗" : "✓"} ${name} (${seconds} s)`);
  if (failure)
    console.log(`    ${String(failure instanceof Error ? failure.stack : failure).replaceAll("\n", "\n    ")}`);
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
  ? { base: process.env.BASE_URL, web: null, provider: null, saml: null, hasDirectory: false, stop: async () => {} }
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
  for (const journey of journeys) await walk(browser, product, journey);
} finally {
  await browser.close();
  await product.stop();
}
finish();
