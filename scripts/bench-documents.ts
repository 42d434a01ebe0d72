/**
 * Measures how long a PDF takes from its upload until it is found, and what reading it costs beside calling the library directly, which is
 * the floor in the same run: `npm run bench:documents -- 50,200,800` (pages).
 */
import { setTimeout as delay } from "node:timers/promises";
import { getDocumentProxy } from "unpdf";
import { parseDocument } from "../workers/reading/parse-document.ts";
import { startProduct } from "./bench/product.ts";
import { makePdf } from "./journeys/pdf.ts";
import { startOpenAiStandIn } from "./stand-ins/openai-server.ts";

const sizes = (process.argv[2] ?? "50,200,800").split(",").map(Number);
const words =
  "harbour granite quay sluice tide ledger toll warden lantern rope barrel salt herring crane weir pilot chart sounding berth keel".split(
    " ",
  );

/** Pages of forty lines, none like another; one line of the last says what is asked for. */
function pagesOf(count: number): string[][] {
  let state = count;
  const word = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return words[state % words.length] ?? "";
  };
  const pages = Array.from({ length: count }, (_, page) =>
    Array.from({ length: 40 }, (_line, i) => `${page + 1}.${i + 1} ${Array.from({ length: 11 }, word).join(" ")}.`),
  );
  pages.at(-1)?.push(`The password of lighthouse number ${count} is Quetzalcoatl.`);
  return pages;
}

/** What nobody does without who wants a PDF's text from this library. */
async function callDirectly(data: Uint8Array): Promise<number> {
  const started = performance.now();
  const pdf = await getDocumentProxy(data, { verbosity: 0 });
  for (let number = 1; number <= pdf.numPages; number++) {
    const page = await pdf.getPage(number);
    await page.getTextContent();
    page.cleanup();
  }
  await pdf.loadingTask.destroy();
  return performance.now() - started;
}

async function read(data: Uint8Array): Promise<number> {
  const started = performance.now();
  await parseDocument("pdf", data);
  return performance.now() - started;
}

const upstream = await startOpenAiStandIn();
const product = await startProduct(8_931, upstream.url, "offline/extractive");
const headers = { Authorization: `Bearer ${product.token}` };
const idle = product.memoryMb();
console.log(`workerd before: ${idle.toFixed(0)} MB`);
/** Uploads a file; resolves once it is found: to what that took in ms, the memory meanwhile, and whether search gives its last page. */
async function uploadAndFind(size: number, file: Uint8Array<ArrayBuffer>) {
  const form = new FormData();
  form.set("clone_id", product.cloneId);
  form.append("file", new File([file], `pages-${size}.pdf`));
  const started = performance.now();
  const { data } = (await product.post("/documents/upload", form)) as { data: [{ id: string }] };
  let peak = 0;
  for (;;) {
    const answer = await fetch(`${product.origin}/api/v1/documents/${data[0].id}/status`, { headers });
    const { status, error } = (await answer.json()) as { status: string; error: { message: string } | null };
    peak = Math.max(peak, product.memoryMb());
    if (status === "failed") throw new Error(error?.message);
    if (status === "indexed") break;
    await delay(25);
  }
  const took = performance.now() - started;
  const query = `What is the password of lighthouse number ${size}?`;
  const found = (await product.post("/documents/search", { clone_id: product.cloneId, query })) as {
    data: { page: number; text: string }[];
  };
  return { took, peak, isRight: found.data[0]?.page === size && found.data[0].text.includes("Quetzalcoatl") };
}

const files = sizes.map((size) => ({ size, file: new Uint8Array(makePdf(pagesOf(size))) }));
for (const { size, file } of files) {
  const { took, peak, isRight } = await uploadAndFind(size, file);
  console.log(
    `${size} pages, ${(file.length / 1_000).toFixed(0)} KB: found after ${(took / 1_000).toFixed(2)} s` +
      ` (on its page: ${isRight ? "yes" : "no"}); workerd at most ${peak.toFixed(0)} MB`,
  );
}
await product.stop();
await upstream.close();

// Afterwards, because nothing else runs meanwhile: an open connection would be closed.
for (const { size, file } of files) {
  // The first call of each loads the library and is compiled.
  for (const warm of [callDirectly, read]) await warm(file.slice());
  const floors: number[] = [];
  const ours: number[] = [];
  for (let round = 0; round < 5; round++) {
    floors.push(await callDirectly(file.slice()));
    ours.push(await read(file.slice()));
  }
  const [floor, own] = [Math.min(...floors), Math.min(...ours)];
  console.log(
    `${size} pages: read in ${own.toFixed(0)} ms, by the library alone in ${floor.toFixed(0)} ms (${(own / floor).toFixed(2)} times)`,
  );
}
