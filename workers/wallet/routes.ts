import { serve } from "../workspaces/operation.ts";
import { createRouter } from "../workspaces/router.ts";
import { giveCredits } from "./give-credits.ts";
import { listEntries, readEarnings, readEntry } from "./list-entries.ts";
import { readLimits, readWallet, setLimits } from "./read-wallet.ts";
import { readPlatformMoney } from "./reconcile.ts";

export const walletRoutes = createRouter()
  .get("/wallet", serve(readWallet))
  .get("/wallet/entries", serve(listEntries))
  .get("/wallet/entries/:id", serve(readEntry))
  .get("/wallet/limits", serve(readLimits))
  .put("/wallet/limits", serve(setLimits))
  .get("/earnings", serve(readEarnings))
  .get("/platform/money", serve(readPlatformMoney))
  .post("/platform/credits", serve(giveCredits));
