import { runScript } from "./install.mjs";

await runScript("start.ts");
