/**
 * Checks that the house is built as `docs/architecture.md` says: what a file may import, how many files a folder holds, how long a
 * file and each of its functions are, and that what counts money does so in whole numbers.
 */
import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { functionLengths } from "./test/function-lengths.ts";
import { moneyFaults } from "./test/money-faults.ts";

/** The rooms of workers/, lowest first, with those to come: a room imports itself and those before it. */
const rooms = [
  "db",
  "platform",
  "text",
  "markdown",
  "models",
  "reading",
  "passages",
  "audit",
  "accounts",
  "workspaces",
  "metering",
  "wallet",
  "model-access",
  "clones",
  "knowledge",
  "memory",
  "tools",
  "chat",
  "agents",
  "voice",
  "contributions",
  "evaluation",
  "insights",
  "billing",
  "admin",
  "rooms",
  "personal-data",
];
/** Where somebody who calls becomes somebody whom verbs work for: nowhere but in the gate of operations. */
const lettingIn = ["workers/workspaces/context.ts", "workers/workspaces/operation.ts"];
/** Folders in rooms that others may build on; all others are their room's own, and the files at its root are its doors. */
const open = /^workers\/(?:platform\/[^/]+|models\/ports|accounts\/(?:providers|saml))$/;
/** What runs in a browser; `client` is for any page, so that React is the business of `web` alone. */
const inBrowser = ["client", "web"];
/** What the browser's code may have of the Worker: contracts, the type of the API, and what needs nothing else. */
const forBrowsers =
  /^workers\/(?:[^/]+\/(?:contract|[\w-]+-contract)\.ts|accounts\/providers\/oauth-cookies\.ts|workspaces\/roles\.ts|reading\/formats\.ts|platform\/tracing\/gen-ai-names\.ts|markdown\/[\w-]+\.ts|api\.ts)$/;

/** Where money is counted: in whole numbers. */
const ofMoney =
  /^(?:workers\/(?:wallet|billing|metering)\/|workers\/models\/cost\.ts|workers\/clones\/(?:bill|clone-price)\.ts)/;

const mostSources = 25;
const mostLines = 300;
/** The most lines of a function, and of one that is a component. */
const mostOfFunction = 60;
const mostOfComponent = 120;
/** Folders that are lists of their kind. */
const lists = /^(?:web\/routes|scripts|scripts\/journeys)$/;

/** Rooms whose tables stand in files of the schema with other names; all others hold the tables of the room that is called like them. */
const tablesOf: Record<string, string> = {
  erasures: "personal-data",
  retention: "personal-data",
  secrets: "model-access",
  sso: "workspaces",
};
/** Queries that read tables of other rooms beside their own, by the schema's files: known, and not to grow. */
const joins: Record<string, string[]> = {
  "workers/audit/queries.ts": ["accounts", "workspaces"],
  "workers/chat/conversations/library-queries.ts": ["knowledge"],
  "workers/chat/queries.ts": ["knowledge"],
  "workers/chat/sharing/share-queries.ts": ["accounts", "clones", "workspaces"],
  "workers/clones/queries.ts": ["knowledge", "workspaces"],
  "workers/knowledge/queries.ts": ["clones"],
  "workers/metering/queries.ts": ["accounts", "clones", "workspaces"],
  "workers/workspaces/installation/platform-queries.ts": ["accounts"],
  "workers/workspaces/invitations/invitation-queries.ts": ["accounts"],
  "workers/workspaces/members/member-queries.ts": ["accounts"],
  "workers/workspaces/personal-data/queries.ts": ["accounts"],
  "workers/workspaces/queries.ts": ["accounts"],
  "workers/workspaces/sso/queries.ts": ["accounts"],
};

const problems: string[] = [];

/** Tests, and what only they use, see everything. */
const isForTests = (file: string) => /\.test\.tsx?$|(?:^|\/)testing\//.test(file);

/** The room of a file: of workers/, or `reader`, `app` (what wires the Worker), `client`, `web`, `scripts`; the list of rooms is like one itself. */
function roomOf(file: string): string {
  if (file === "workers/rooms.ts") return "rooms";
  const [top = "", room = "", ...rest] = file.split("/");
  if (top !== "workers") return top;
  return rest.length > 0 ? room : "app";
}

function* importsIn(file: string, text: string): Generator<string> {
  for (const [, named] of text.matchAll(/(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"'?]+)/g))
    yield normalize(join(dirname(file), named ?? ""));
}

/** What is left of a file when it runs: imports of types alone are gone by then. */
const whatRuns = (file: string) =>
  readFileSync(file, "utf8").replace(
    /^(?:import|export) (?:type\b[^;]*?|\{(?:\s*type\s[^,}]+,?)*\s*\}) from[^;]*;/gm,
    "",
  );

/** Whether a file brings zod along, by itself or by what it imports: 26 KB that a browser has no use for. */
function bringsZod(file: string, seen = new Set<string>()): boolean {
  if (seen.has(file)) return false;
  seen.add(file);
  const text = whatRuns(file);
  if (/from "zod"/.test(text)) return true;
  return [...importsIn(file, text)].some((target) => bringsZod(target, seen));
}

/** What of the Worker reaches a browser with a file, and should not. */
function* heavyImports(file: string): Generator<string> {
  for (const target of importsIn(file, whatRuns(file)))
    if (target.startsWith("workers/") && bringsZod(target)) yield target;
}

/** Those of the joins that were met. */
const joined = new Set<string>();

/** Why a file may not read or write the tables of a file of the schema; null where it may. */
function tableFault(file: string, tables: string): string | null {
  if (roomOf(file) === "db") return null;
  if (!file.endsWith("queries.ts")) return "tables, of which only files named *queries.ts know";
  if ((tablesOf[tables] ?? tables) === roomOf(file)) return null;
  joined.add(`${file} ${tables}`);
  return joins[file]?.includes(tables) ? null : "tables of another room";
}

/** Why a file may not import another; null where it may. */
function fault(file: string, target: string): string | null {
  const [, tables] = /^workers\/db\/schema\/([\w-]+)\.ts$/.exec(target) ?? [];
  if (tables !== undefined) return tableFault(file, tables);
  if (/routes\.ts$/.test(file) && /queries\.ts$/.test(target)) return "SQL, of which addresses know nothing";
  const [from, to] = [roomOf(file), roomOf(target)];
  if (to === "web") return from === "web" ? null : "the pages";
  if (to === "client") {
    if (!inBrowser.includes(from)) return "what runs in a browser";
    return from === to || dirname(target) === "client" ? null : "a folder of client/ that is its own";
  }
  if (!target.startsWith("workers/")) return null;
  if (inBrowser.includes(from)) return forBrowsers.test(target) ? null : "more of the Worker than its contracts";
  if (from === to) return null;
  if (to === "reader" || to === "app") return "what only stands at the top";
  if (isForTests(target)) return "what is for tests";
  if (from === "app" || from === "reader") return null;
  if (rooms.indexOf(to) > rooms.indexOf(from)) return `the room ${to}/, which stands above ${from}/`;
  const isDoor = to === "rooms" || dirname(target) === `workers/${to}` || open.test(dirname(target));
  return isDoor ? null : `a folder of ${to}/ that is its own`;
}

const sources = globSync([
  "workers/**/*.{ts,tsx,mjs}",
  "client/**/*.ts",
  "web/**/*.{ts,tsx}",
  "scripts/**/*.{ts,mjs}",
]).filter((file) => !/\.d\.m?ts$|bounded-pdfjs\.mjs$/.test(file));

for (const file of sources) {
  if (isForTests(file) || file.startsWith("scripts/") || file === "workers/index.ts") continue;
  for (const target of importsIn(file, readFileSync(file, "utf8"))) {
    const why = fault(file, target);
    if (why) problems.push(`${file} imports ${target}: ${why}.`);
  }
  if (/\bletIn\b/.test(readFileSync(file, "utf8")) && !lettingIn.includes(file))
    problems.push(`${file} lets somebody in: that is for operations to do.`);
  if (/routes\.ts$/.test(file) && /\bjobContext\b/.test(readFileSync(file, "utf8")))
    problems.push(`${file} answers as the product itself, which nobody who calls is.`);
  if (!inBrowser.includes(roomOf(file)) || file.endsWith(".server.ts")) continue;
  for (const target of heavyImports(file))
    problems.push(`${file} imports values of ${target}, and zod with them: take its types, or a file without zod.`);
  if (roomOf(file) === "client" && /from "(?:react|zod)/.test(whatRuns(file)))
    problems.push(`${file} imports React or zod: client/ is for pages that have neither.`);
}

/** What is wrong with how long the functions of a file are. */
function* tooLong(file: string, text: string): Generator<string> {
  for (const { name, lines } of functionLengths(file, text)) {
    const isComponent = file.endsWith(".tsx") && /^[A-Z]/.test(name);
    const most = isComponent ? mostOfComponent : mostOfFunction;
    if (lines > most) yield `${file} has ${name} of ${lines} lines; ${most} are what it may have.`;
  }
}

for (const [file, others] of Object.entries(joins))
  for (const tables of others)
    if (!joined.has(`${file} ${tables}`)) problems.push(`${file} does not read the tables of ${tables} any more.`);

const inFolder = new Map<string, number>();
for (const file of sources) {
  if (isForTests(file)) continue;
  inFolder.set(dirname(file), (inFolder.get(dirname(file)) ?? 0) + 1);
  const text = readFileSync(file, "utf8");
  const lines = text.split("\n").length - 1;
  if (lines > mostLines) problems.push(`${file} has ${lines} lines; ${mostLines} are what it may have.`);
  if (lines > mostOfFunction) problems.push(...tooLong(file, text));
  if (ofMoney.test(file) && !isForTests(file)) problems.push(...moneyFaults(file, text));
}
for (const [folder, count] of inFolder) {
  if (count > mostSources && !lists.test(folder))
    problems.push(`${folder} holds ${count} sources; ${mostSources} are what it may hold.`);
}
for (const room of new Set(sources.filter((file) => file.startsWith("workers/")).map(roomOf)))
  if (!rooms.includes(room) && !/^(?:app|reader|testing)$/.test(room))
    problems.push(`workers/${room} is in no list of rooms.`);

for (const problem of problems) console.error(problem);
process.exit(problems.length > 0 ? 1 : 0);
