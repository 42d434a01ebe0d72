/**
 * The product beside third parties that nobody here has written: a real Ollama with models that write and embed, and the official clients.
 * `npm run test:real -- [journey] [clients] [kills] [embeddings] [pulls]`; without a name, all of it.
 * What it fetches and builds is kept below `understudy-real` in the cache of whoever runs it. What cannot be had is said loudly, and not passed over.
 */
import { buildIfStale } from "./build.ts";
import { KilledServer } from "./sim/killed-server.ts";
import { makeCertificates, trustedFile } from "./stand-ins/ldap/ldap-certificates.ts";
import { buildOllama } from "./test-real/build-ollama.ts";
import { checkClients } from "./test-real/clients.ts";
import { checkEmbeddings } from "./test-real/embeddings.ts";
import { chatModel, chatTemplate, checkJourney, embeddingModel, type Installation } from "./test-real/journey.ts";
import { checkKills } from "./test-real/kills.ts";
import { chatModelFile, embeddingModelFolder } from "./test-real/model-files.ts";
import { Person } from "./test-real/person.ts";
import { checkPullAndDelete } from "./test-real/pull-and-delete.ts";
import { RealBox } from "./test-real/real-box.ts";
import { Report } from "./test-real/report.ts";

const report = new Report();
const certificates = makeCertificates();
/** In this order: the last takes the model away that made the clone's vectors. */
const parts: Record<string, (installation: Installation) => Promise<void>> = {
  journey: checkJourney,
  clients: checkClients,
  kills: checkKills,
  embeddings: checkEmbeddings,
  pulls: (installation) => checkPullAndDelete(installation, certificates),
};
const asked = process.argv.slice(2);
for (const name of asked.filter((each) => !parts[each])) {
  console.error(`There is no part “${name}”: ${Object.keys(parts).join(", ")}.`);
  process.exit(1);
}

/** A real box with both models; null, and loudly, where it cannot be had. */
async function startBox(): Promise<RealBox | null> {
  try {
    // By this it trusts our own registry.
    const trusted = certificates ? { SSL_CERT_FILE: trustedFile(certificates) } : undefined;
    const box = new RealBox(await buildOllama(), trusted);
    const [chat, embedding] = await Promise.all([chatModelFile(), embeddingModelFolder()]);
    await box.start();
    await box.create(chatModel, chat, chatTemplate);
    await box.create(embeddingModel, embedding);
    console.log(`Ollama ${await box.version()} is at ${box.url}.`);
    return box;
  } catch (error) {
    report.notRun("everything with a real Ollama", error instanceof Error ? error.message : String(error));
    return null;
  }
}

const box = await startBox();
if (box) {
  await buildIfStale(console.log);
  const server = new KilledServer({ OLLAMA_BASE_URL: box.url, LLM_PROVIDER: "ollama" });
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void Promise.all([server.end(), box.end()]).finally(() => process.exit(1)));
  try {
    await server.start();
    const person = new Person(server);
    await person.signUp();
    const installation = { report, box, server, person, cloneId: await person.makeClone("Lamps") };
    for (const [name, check] of Object.entries(parts))
      if (asked.length === 0 || asked.includes(name)) await check(installation);
  } finally {
    await server.end();
    await box.end();
  }
}
process.exit(report.end());
