// Plain JavaScript for the machine's own Node: runs one of the scripts beside it, with all that is needed for tests installed.
import { runScript } from "./install.mjs";

const [name] = process.argv.splice(2, 1);
if (!name) {
  console.error("Name a script: npm run script -- make-demo-documents.ts");
  process.exit(1);
}
await runScript(name, { everything: true });
