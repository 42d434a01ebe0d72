/**
 * Measures what one person's files, answers and exports cost everybody else, while an answer is being written and somebody asks for
 * `/health`: `npm run bench:attacks`. Each row is one attack; the first is nobody's.
 */
import { Agent, request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { type AttackFile, attackFiles, attackTexts } from "./bench/attacks.ts";
import { type Product, startProduct } from "./bench/product.ts";
import { startOpenAiStandIn } from "./stand-ins/openai-server.ts";

const only = process.argv[2];
/** Tokens of the answer that goes on beside everything, and ms between two. */
const pace = { tokens: 100_000, perSecond: 25 };

const agent = new Agent({ keepAlive: true });

function health(origin: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    request(`${origin}/health`, { agent }, (response) => {
      response.resume().once("end", () => resolve(performance.now() - began));
    })
      .once("error", reject)
      .end();
  });
}

const quantile = (sorted: number[], q: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;

/** What others notice while `act` is under way. */
async function beside(product: Product, gaps: number[], act: () => Promise<string>): Promise<string> {
  const before = product.memoryMb();
  let most = before;
  let isOver = false;
  const times: number[] = [];
  gaps.length = 0;
  const asking = (async () => {
    while (!isOver) {
      times.push(await health(product.origin));
      most = Math.max(most, product.memoryMb());
      await delay(25);
    }
  })();
  const began = performance.now();
  const said = await act().catch((error: Error) => `threw: ${error.message}`);
  const seconds = (performance.now() - began) / 1_000;
  isOver = true;
  await asking;
  const sorted = times.toSorted((a, b) => a - b);
  const gap = Math.max(0, ...gaps) - 1_000 / pace.perSecond;
  return `${seconds.toFixed(1).padStart(6)} s  health p99 ${quantile(sorted, 0.99).toFixed(0).padStart(5)} ms  gap ${gap.toFixed(0).padStart(5)} ms  ${(most - before).toFixed(0).padStart(4)} MB  ${said}`;
}

/** Asks for an answer that goes on for as long as this runs; `gaps` takes the ms between its pieces. */
async function streamOn(product: Product, gaps: number[], signal: AbortSignal): Promise<void> {
  const { id } = await product.post("/conversations", {});
  const response = await fetch(`${product.origin}/api/v1/conversations/${id}/messages`, {
    method: "POST",
    headers: { Authorization: `Bearer ${product.token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ content: "Count." }),
    signal,
  });
  if (!response.ok || !response.body) throw new Error(`The answer did not begin: ${response.status}.`);
  const read = async (body: ReadableStream<Uint8Array>) => {
    let last = performance.now();
    for await (const _ of body) {
      gaps.push(performance.now() - last);
      last = performance.now();
    }
  };
  read(response.body).catch((error: Error) => {
    if (error.name !== "AbortError") console.error("The answer broke off:", error.message);
  });
}

/** Uploads a file; resolves to how it ended. */
async function upload(product: Product, { name, bytes }: AttackFile): Promise<string> {
  const form = new FormData();
  form.set("clone_id", product.cloneId);
  form.append("file", new File([bytes], name));
  const { data } = (await product.post("/documents/upload", form)) as { data: { id: string }[] };
  for (;;) {
    const response = await fetch(`${product.origin}/api/v1/documents/${data[0]?.id}/status`, {
      headers: { Authorization: `Bearer ${product.token}` },
    });
    const { status, error } = (await response.json()) as { status: string; error: { code: string } | null };
    if (status === "indexed" || status === "failed") return `${status}${error ? ` (${error.code})` : ""}`;
    await delay(100);
  }
}

/** Brings a text in as an answer, and has it shown and set in every way. */
async function show(product: Product, text: string): Promise<string> {
  const at = { created_at: null, finish_reason: "stop" };
  const messages = [
    { id: "a", parent_id: null, role: "user", content: "Well?", ...at },
    { id: "b", parent_id: "a", role: "assistant", content: text, ...at },
  ];
  const whole = { format: "understudy.conversation", version: 1, conversation: { title: "Attack" }, messages };
  const form = new FormData();
  form.append("file", new File([JSON.stringify(whole)], "attack.json"));
  const stored = (await product.post("/conversations/import", form)) as { data?: { id: string }[] };
  const id = stored.data?.[0]?.id;
  const { url } = (await product.post(`/conversations/${id}/shares`, { kind: "link" })) as { url: string };
  const exported = (format: string) => `/api/v1/conversations/${id}/export?format=${format}`;
  const answers = [];
  for (const path of [new URL(url).pathname, exported("markdown"), exported("pdf")]) {
    const response = await fetch(`${product.origin}${path}`, { headers: { Authorization: `Bearer ${product.token}` } });
    await response.arrayBuffer();
    answers.push(response.status);
  }
  return answers.join(" ");
}

const upstream = await startOpenAiStandIn();
const model = `openai/stand-in?tokens=${pace.tokens}&tokens_per_second=${pace.perSecond}`;
const product = await startProduct(8_941, upstream.url, model);
const ending = new AbortController();
const gaps: number[] = [];
// Made before anything is timed: making them takes this process's own time.
const files = attackFiles();
try {
  await streamOn(product, gaps, ending.signal);
  const row = async (name: string, act: () => Promise<string>) => {
    if (only && name !== "nothing" && !name.includes(only)) return;
    console.log(`${name.padEnd(24)} ${await beside(product, gaps, act)}`);
  };
  await row("nothing", () => delay(5_000, ""));
  for (const file of files) await row(file.name, () => upload(product, file));
  for (const [name, text] of Object.entries(attackTexts())) await row(`text ${name}`, () => show(product, text));
} finally {
  ending.abort();
  await product.stop();
  await upstream.close();
}
