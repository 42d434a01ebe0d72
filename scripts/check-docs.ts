import { spawnSync } from "node:child_process";
import { cpSync, existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, normalize } from "node:path";
import { isBoundedPdfjsTrue } from "./make-bounded-pdfjs.ts";
import { isProductsTrue } from "./make-products-wasm.ts";

const problems: string[] = [];

// A path that a document names must exist: in links, and in code such as `workers/chat/turn/turn-state.ts`.
const rooted = /^(?:workers|web|scripts|docs|demo|migrations|public)\/[\w./-]*[\w/]$/;
for (const file of ["README.md", ...globSync("docs/**/*.md")]) {
  const text = readFileSync(file, "utf8");
  const links = [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map((match) =>
    normalize(join(dirname(file), match[1] ?? "")),
  );
  const named = [...text.matchAll(/`([^`\s]+)`/g)].map((match) => match[1] ?? "").filter((path) => rooted.test(path));
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
  problems.push("products.wasm is not made of products.wat: run node scripts/make-products-wasm.ts.");

if (!isBoundedPdfjsTrue())
  problems.push("bounded-pdfjs.mjs is not of the installed unpdf: run node scripts/make-bounded-pdfjs.ts.");

for (const problem of problems) console.error(problem);
process.exit(problems.length > 0 ? 1 : 0);
