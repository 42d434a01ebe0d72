/**
 * Asks a clone questions whose answers are known, over the HTTP API of a running server, and prints how many it got right:
 * `BASE_URL=http://localhost:8787 npm run eval:answers -- DIR [--model ID] [--verbose]`.
 * DIR holds `documents/` and `questions.jsonl` {id, type, question, must_contain, sources: [{document, page}], follows?}.
 * Questions about documents whose format cannot be uploaded are left out.
 */
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type CitationQuality, citationQuality, citedNumbers, type Quoted } from "../workers/chat/citation-quality.ts";

interface Question {
  id: string;
  type: string;
  question: string;
  /** Every inner list needs at least one of its strings in the answer. */
  must_contain: string[][];
  sources: { document: string; page: number | null }[];
  follows?: string;
}

interface Message {
  content: string;
  citations: Quoted[];
  status: string;
}

interface Verdict {
  question: Question;
  message: Message;
  contains: boolean;
  cites: boolean;
  declined: boolean;
  quality: CitationQuality;
}

const { values, positionals } = parseArgs({
  options: { model: { type: "string" }, verbose: { type: "boolean", default: false } },
  allowPositionals: true,
});
const directory = positionals[0];
if (!directory) {
  console.error("Name a directory: npm run eval:answers -- DIR [--model ID] [--verbose]");
  process.exit(1);
}
const base = (process.env.BASE_URL ?? "http://localhost:8787").replace(/\/+$/, "");
const readable = /\.(?:pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|epub|eml|mbox|csv|xml|json|zip|md|html?|txt)$/i;
const parallel = 4;
/** One request takes no more. */
const filesPerUpload = 20;

let token = "";

async function call<T>(method: string, path: string, body?: object | FormData): Promise<T> {
  const isForm = body instanceof FormData;
  const headers: Record<string, string> = { Accept: "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body && !isForm) headers["Content-Type"] = "application/json";
  const payload = body && (isForm ? body : JSON.stringify(body));
  const response = await fetch(`${base}/api/v1${path}`, { method, headers, ...(payload ? { body: payload } : {}) });
  if (response.status === 429) {
    await delay(1_000 * Number(response.headers.get("Retry-After") ?? 1));
    return call(method, path, body);
  }
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
  return (text ? JSON.parse(text) : {}) as T;
}

async function makeClone(): Promise<string> {
  const email = `eval-${Date.now()}@understudy.example`;
  const person = { email, password: crypto.randomUUID(), name: "Evaluation" };
  token = (await call<{ access_token: string }>("POST", "/auth/register", person)).access_token;
  const clone = { name: basename(directory ?? ""), ...(values.model ? { model: values.model } : {}) };
  return (await call<{ id: string }>("POST", "/clones", clone)).id;
}

async function upload(cloneId: string, files: string[]): Promise<void> {
  const form = new FormData();
  form.set("clone_id", cloneId);
  for (const file of files)
    form.append("file", new Blob([readFileSync(join(directory ?? "", "documents", file))]), file);
  const { data } = await call<{ data: { id: string; filename: string }[] }>("POST", "/documents/upload", form);
  for (const { id, filename } of data) {
    let state = await call<{ status: string; error: unknown }>("GET", `/documents/${id}/status`);
    while (state.status === "queued" || state.status === "processing") {
      await delay(100);
      state = await call("GET", `/documents/${id}/status`);
    }
    if (state.status !== "indexed") throw new Error(`${filename} could not be read: ${JSON.stringify(state.error)}`);
  }
}

async function ask(cloneId: string, question: Question, before: Question | undefined): Promise<Message> {
  const { id } = await call<{ id: string }>("POST", "/conversations", { clone_id: cloneId });
  const send = (content: string) => call<{ message: Message }>("POST", `/conversations/${id}/messages`, { content });
  if (before) await send(before.question);
  return (await send(question.question)).message;
}

function plain(text: string): string {
  const straight = text.normalize("NFKC").replace(/[‘’]/g, "'").replace(/[“”„]/g, '"').replace(/[–—]/g, "-");
  return straight
    .replace(/[\u00ad\u200b-\u200f]/g, "")
    .replace(/\s+/g, " ")
    .toLowerCase();
}

function judge(question: Question, message: Message): Verdict {
  const answer = plain(message.content);
  const used = citedNumbers(message.content);
  const cited = message.citations.filter(({ index }) => used.has(index));
  return {
    question,
    message,
    contains: question.must_contain.every((forms) => forms.some((form) => answer.includes(plain(form)))),
    cites: question.sources.some((wanted) =>
      cited.some(({ source, page }) => source === wanted.document && (wanted.page === null || wanted.page === page)),
    ),
    declined: used.size === 0,
    quality: citationQuality(message.content, cited, question.question),
  };
}

function report(verdicts: Verdict[]): void {
  const answerable = verdicts.filter(({ question }) => question.type !== "unanswerable");
  const unanswerable = verdicts.filter(({ question }) => question.type === "unanswerable");
  for (const { question, message, contains, cites, declined } of verdicts) {
    const right = question.type === "unanswerable" ? declined : contains && cites;
    if (right && !values.verbose) continue;
    const marks = message.citations.map(({ index, source, page }) => `[${index}] ${source} p. ${page}`).join(", ");
    console.log(`${right ? "right" : "WRONG"} ${question.id} (${question.type}) ${question.question}`);
    console.log(`      wanted ${JSON.stringify(question.must_contain)}${contains ? "" : " (missing)"}; cited ${marks}`);
    console.log(`      ${message.content.replaceAll("\n", "\n      ")}\n`);
  }
  const share = (part: number, whole: number) =>
    `${part} of ${whole} (${((100 * part) / Math.max(1, whole)).toFixed(0)} %)`;
  const count = (list: Verdict[], what: "contains" | "cites" | "declined") => list.filter((each) => each[what]).length;
  console.log(`answers with what they must contain  ${share(count(answerable, "contains"), answerable.length)}`);
  console.log(`right document and page cited        ${share(count(answerable, "cites"), answerable.length)}`);
  console.log(`answerable but declined              ${share(count(answerable, "declined"), answerable.length)}`);
  const sum = (what: keyof CitationQuality) => verdicts.reduce((total, { quality }) => total + quality[what], 0);
  console.log(`unanswerable and declined            ${share(count(unanswerable, "declined"), unanswerable.length)}`);
  console.log(`citations borne out (precision)      ${share(sum("supportedCitations"), sum("citations"))}`);
  console.log(`statements cited (recall)            ${share(sum("citedStatements"), sum("statements"))}`);
}

const files = readdirSync(join(directory, "documents")).filter((file) => readable.test(file));
const lines = readFileSync(join(directory, "questions.jsonl"), "utf8").split("\n").filter(Boolean);
const all = lines.map((line) => JSON.parse(line) as Question);
const questions = all.filter(({ sources }) => sources.every(({ document }) => files.includes(document)));
console.log(
  `${files.length} documents, ${questions.length} of ${all.length} questions (the others need formats that cannot be read yet)`,
);

const cloneId = await makeClone();
for (let from = 0; from < files.length; from += filesPerUpload)
  await upload(cloneId, files.slice(from, from + filesPerUpload));
const verdicts: Verdict[] = [];
const waiting = [...questions];
const worker = async () => {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const question = next;
    verdicts.push(
      judge(
        question,
        await ask(
          cloneId,
          question,
          all.find(({ id }) => id === question.follows),
        ),
      ),
    );
  }
};
await Promise.all(Array.from({ length: parallel }, worker));
report(verdicts.sort((a, b) => a.question.id.localeCompare(b.question.id)));
