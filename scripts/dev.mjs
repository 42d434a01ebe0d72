import { runScript } from "./install.mjs";

await runScript("dev.ts");
