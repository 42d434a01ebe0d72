import { spawnSync } from "node:child_process";
import { cpSync, existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, normalize } from "node:path";
import { isBoundedPdfjsTrue } from "./make-bounded-pdfjs.ts";
import { isProductsTrue } from "./make-products-wasm.ts";

const problems: string[] = [];

// A command that a document names runs on the Node that README.md allows: those of package.json find a newer one by themselves.
const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
const tooNew = /\bnode [\w./-]+\.ts\b/;
for (const [name, command] of Object.entries(scripts))
  if (tooNew.test(command)) problems.push(`“npm run ${name}” needs a new Node: start it by scripts/run.mjs.`);

// A path that a document names must exist: in links, and in code such as `workers/chat/turn/turn-state.ts`.
const rooted = /^(?:workers|web|scripts|docs|demo|migrations|public)\/[\w./-]*[\w/]$/;
for (const file of ["README.md", ...globSync("docs/**/*.md")]) {
  const text = readFileSync(file, "utf8");
  const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map((match) =>
    normalize(join(dirname(file), match[1] ?? "")),
  );
  const named = [...text.matchAll(/`([^`\s]+)`/g)].map((match) => match[1] ?? "").filter((path) => rooted.test(path));
  const [command] = tooNew.exec(text) ?? [];
  if (command) problems.push(`${file} names “${command}”, which needs a new Node: name an npm script.`);
  for (const [command, name = ""] of text.matchAll(/\bnpm run ([\w:-]+)/g))
    if (!(name in scripts)) problems.push(`${file} names “${command}”, which does not exist.`);
  for (const path of new Set([...links, ...named])) {
    if (!existsSync(path)) problems.push(`${file} names ${path}, which does not exist.`);
  }
}

// The migrations must make exactly the schema: generating once more must find nothing to do.
const scratch = mkdtempSync(join(tmpdir(), "understudy-migrations-"));
cpSync("migrations", scratch, { recursive: true });
const before = readdirSync(scratch).length;
const generate = ["generate", "--dialect", "sqlite", "--schema", "./workers/db/schema/*.ts", "--out", scratch];
const generated = spawnSync(join("node_modules", ".bin", "drizzle-kit"), generate, { encoding: "utf8" });
if (generated.status !== 0)
  problems.push(`drizzle-kit could not compare schema and migrations: ${generated.stderr}${generated.stdout}`);
else if (readdirSync(scratch).length !== before)
  problems.push("The schema has changes without a migration: run npm run migrations.");
rmSync(scratch, { recursive: true, force: true });

if (!(await isProductsTrue()))
  problems.push("products.wasm is not made of products.wat: npm run script -- make-products-wasm.ts.");

if (!isBoundedPdfjsTrue())
  problems.push("bounded-pdfjs.mjs is not of the installed unpdf: npm run script -- make-bounded-pdfjs.ts.");

for (const problem of problems) console.error(problem);
process.exit(problems.length > 0 ? 1 : 0);
