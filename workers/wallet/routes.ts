import { fileHeaders } from "../platform/http/csv.ts";
import { serve, serveAs } from "../workspaces/operation.ts";
import { createRouter } from "../workspaces/router.ts";
import { entryPage } from "./contract.ts";
import { giveCredits } from "./give-credits.ts";
import { listEntries, readEarnings, readEntry } from "./list-entries.ts";
import { readLimits, readWallet, setLimits } from "./read-wallet.ts";
import { readPlatformMoney } from "./reconcile.ts";

/** Entries as JSON, or all of them as a file. */
const serveEntries = serveAs(listEntries, {
  responses: { 200: { "application/json": entryPage, "text/csv": "All entries, the newest first." } },
  respond: (c, found) =>
    found.format === "json" ? c.json(found.page, 200) : c.body(found.file, 200, fileHeaders("wallet.csv")),
});

export const walletRoutes = createRouter()
  .get("/wallet", serve(readWallet))
  .get("/wallet/entries", serveEntries)
  .get("/wallet/entries/:id", serve(readEntry))
  .get("/wallet/limits", serve(readLimits))
  .put("/wallet/limits", serve(setLimits))
  .get("/earnings", serve(readEarnings))
  .get("/platform/money", serve(readPlatformMoney))
  .post("/platform/credits", serve(giveCredits));
