import { index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";

/** What wallets' objects have booked, as they told it: never changed. The objects hold the truth; reports are read here. */
export const walletEntries = sqliteTable(
  "wallet_entries",
  {
    /** The workspace whose wallet it is, and the entry's number in its books. */
    walletId: text("wallet_id").notNull(),
    seq: integer("seq").notNull(),
    operationId: text("operation_id").notNull(),
    kind: text("kind").notNull(),
    debit: text("debit").notNull(),
    credit: text("credit").notNull(),
    microCredits: integer("micro_credits").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.walletId, table.seq] }),
    index("wallet_entries_credit").on(table.credit, table.createdAt),
    index("wallet_entries_operation").on(table.operationId),
  ],
);

/** What wallets hold, account by account, as of an entry. */
export const walletBalances = sqliteTable(
  "wallet_balances",
  {
    walletId: text("wallet_id").notNull(),
    account: text("account").notNull(),
    microCredits: integer("micro_credits").notNull(),
    /** The entry behind which it holds. */
    asOf: integer("as_of").notNull(),
  },
  (table) => [primaryKey({ columns: [table.walletId, table.account] })],
);

/** What was found where wallets were compared with what is told of them: for people to look at, as nothing is repaired by itself. */
export const walletDrifts = sqliteTable("wallet_drifts", {
  id: text("id").primaryKey(),
  walletId: text("wallet_id").notNull(),
  kind: text("kind", { enum: ["books", "projection", "usage", "clearing"] }).notNull(),
  detail: text("detail").notNull(),
  foundAt: integer("found_at").notNull(),
});
