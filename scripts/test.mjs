import { runScript } from "./install.mjs";

await runScript("test.ts", { everything: true });
