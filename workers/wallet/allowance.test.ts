import { expect, it } from "vitest";
import { parseConfig } from "../platform/config/config.ts";
import { giveAllowance } from "./allowance.ts";
import { Ledger } from "./ledger/ledger.ts";
import { NodeStorage } from "./ledger/testing/node-storage.ts";

const config = (more: Record<string, string>) =>
  parseConfig({
    AUTH_SECRET: "0123456789abcdefghijklmnopqrstuvwxyz",
    MASTER_KEYS: "test:033XIDFRYnmX8H-fZH2MvHsStVFUSPGy_rq1DlW7ox4",
    ...more,
  });

it("is given once a month, and ends with it", () => {
  const ledger = new Ledger(new NodeStorage());
  const settings = config({ BILLING: "on", FREE_MONTHLY_CREDITS: "3" });
  const december = Date.UTC(2026, 11, 5);
  for (const now of [december, december + 1]) giveAllowance(ledger, settings, now);
  expect(ledger.purse.lots()).toEqual([{ id: "allowance:2026-12", left: 3_000_000, expiresAt: Date.UTC(2027, 0, 1) }]);
  const january = Date.UTC(2027, 0, 1);
  ledger.tick(january);
  giveAllowance(ledger, settings, january);
  expect(ledger.purse.spendable()).toBe(3_000_000);
});

it("is not given where nothing is billed", () => {
  const ledger = new Ledger(new NodeStorage());
  giveAllowance(ledger, config({ FREE_MONTHLY_CREDITS: "3" }), Date.UTC(2026, 11, 5));
  expect(ledger.purse.spendable()).toBe(0);
});
