export type { Held, SettleAsk } from "./ledger/holds.ts";
export type { Operation } from "./ledger/operations.ts";
export { type Due, noTerms, type Terms } from "./ledger/split.ts";

/** How long what was earned can be taken back, by a bank, from whoever earned it, in ms: 90 days, within which nearly all disputes are opened. */
export const reserveMs = 90 * 86_400_000;
