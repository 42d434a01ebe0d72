/**
 * Measures hybrid search over HTTP in a clone that has read much: `npm run bench:search -- 20000` (passages). The floors in the same run
 * are a request that reads nothing, and the same search in a clone that has read one page.
 */
import { setTimeout as delay } from "node:timers/promises";
import { percentile } from "./bench/load.ts";
import { type Product, startProduct } from "./bench/product.ts";
import { buildIfStale } from "./build.ts";

const wanted = Number(process.argv[2] ?? 20_000);
const perDocument = 1_000;
const queries = 300;
/** The shortest passages that a clone can be set to, so that many are made of few bytes. */
const chunkTokens = 64;
const vocabulary = 20_000;

let state = 7;
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return state / 2 ** 32;
}

const syllables = "ba co di fu ge hi ka lo mi nu pe ra si to vu wa ye zo tri sta".split(" ");
/** Words as frequent as those of a language are: the nth is there half as often as the one before the middle between them. */
function word(): string {
  let rank = Math.floor(vocabulary ** random());
  let text = "";
  do {
    text += syllables[rank % syllables.length];
    rank = Math.floor(rank / syllables.length);
  } while (rank > 0);
  return text;
}
const sentence = (words: number) => `${Array.from({ length: words }, word).join(" ")}.`;

async function waitUntilRead(product: Product, cloneId: string): Promise<number> {
  const headers = { Authorization: `Bearer ${product.token}` };
  for (;;) {
    const response = await fetch(`${product.origin}/api/v1/documents?clone_id=${cloneId}&limit=100`, { headers });
    const { data } = (await response.json()) as { data: { status: string; chunk_count: number | null }[] };
    if (data.some(({ status }) => status === "failed")) throw new Error("A document could not be read.");
    if (data.every(({ status }) => status === "indexed"))
      return data.reduce((sum, { chunk_count }) => sum + (chunk_count ?? 0), 0);
    await delay(200);
  }
}

await buildIfStale(console.log);
const product = await startProduct(8_932, "http://127.0.0.1:9", "offline/extractive");
const headers = { Authorization: `Bearer ${product.token}`, "Content-Type": "application/json" };
const { id: large } = (await product.post("/clones", { name: "Much" })) as { id: string };
const configured = await fetch(`${product.origin}/api/v1/pipeline/config?clone_id=${large}`, {
  method: "PUT",
  headers,
  body: JSON.stringify({ chunking: { size: chunkTokens, overlap: 0, strategy: "fixed" } }),
});
if (!configured.ok) throw new Error(await configured.text());

let passages = 0;
for (let number = 1; passages < wanted; number++) {
  const form = new FormData();
  form.set("clone_id", large);
  const text = Array.from({ length: perDocument * 4 }, () => sentence(9)).join("\n\n");
  form.append("file", new File([text], `much-${number}.txt`));
  await product.post("/documents/upload", form);
  passages = await waitUntilRead(product, large);
  if (number % 5 === 0) console.log(`${passages} passages in ${number} documents`);
}

async function measure(what: string, call: () => Promise<Response>): Promise<void> {
  const times: number[] = [];
  for (let i = 0; i < queries + 20; i++) {
    const started = performance.now();
    const response = await call();
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`${what} answered ${response.status}`);
    // The first ones warm what is kept in memory.
    if (i >= 20) times.push(performance.now() - started);
  }
  const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)];
  console.log(`${what.padEnd(44)}${p50.toFixed(1)} / ${p99.toFixed(1)} ms`);
}

const search = (cloneId: string) => () =>
  fetch(`${product.origin}/api/v1/documents/search`, {
    method: "POST",
    headers,
    body: JSON.stringify({ clone_id: cloneId, query: sentence(6), mode: "hybrid" }),
  });
console.log("p50 / p99 over HTTP, one after the other");
await measure("a request that reads nothing", () => fetch(`${product.origin}/health`));
await measure("hybrid search, one page", search(product.cloneId));
await measure(`hybrid search, ${passages} passages`, search(large));
await product.stop();
process.exit(0);
