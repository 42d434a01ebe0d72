import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { BoughtOffer, StoredCall, StoredEffect } from "../billing-values.ts";

/** As whom a processor of payments knows an account that pays. */
export const processorCustomers = sqliteTable(
  "processor_customers",
  {
    processor: text("processor").notNull(),
    /** A workspace. */
    account: text("account").notNull(),
    customer: text("customer").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.processor, table.account] })],
);

/** What was bought, or is about to be: with all that was offered, so that no later price touches it. */
export const checkouts = sqliteTable(
  "checkouts",
  {
    id: text("id").primaryKey(),
    account: text("account").notNull(),
    /** Who bought it; null where the product did, by a standing order. */
    userId: text("user_id"),
    kind: text("kind", { enum: ["pack", "plan", "top_up"] }).notNull(),
    offer: text("offer", { mode: "json" }).$type<BoughtOffer>().notNull(),
    processor: text("processor").notNull(),
    /** What the processor calls it: the page where it is paid, and what came of that. */
    session: text("session"),
    subscription: text("subscription"),
    status: text("status", { enum: ["open", "paid", "expired", "failed", "ended"] }).notNull(),
    createdAt: integer("created_at").notNull(),
    /** As of when the status is known. */
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [index("checkouts_account").on(table.account, table.createdAt)],
);

/** What processors told, as they told it: the inbox. */
export const processorEvents = sqliteTable(
  "processor_events",
  {
    /** `<processor>/<id of theirs>`: what is told twice is there once. */
    id: text("id").primaryKey(),
    processor: text("processor").notNull(),
    /** The connected account that it is about; null for our own. */
    account: text("account"),
    type: text("type").notNull(),
    body: text("body").notNull(),
    state: text("state", { enum: ["waiting", "done", "ignored", "failed"] }).notNull(),
    error: text("error"),
    attempts: integer("attempts").notNull().default(0),
    nextAttemptAt: integer("next_attempt_at").notNull(),
    receivedAt: integer("received_at").notNull(),
    processedAt: integer("processed_at"),
  },
  (table) => [
    index("processor_events_due").on(table.state, table.nextAttemptAt),
    index("processor_events_received").on(table.receivedAt),
  ],
);

/** What processors are asked to do with money: the outbox. */
export const processorCalls = sqliteTable(
  "processor_calls",
  {
    /** The key under which it is done at most once. */
    id: text("id").primaryKey(),
    processor: text("processor").notNull(),
    account: text("account").notNull(),
    call: text("call", { mode: "json" }).$type<StoredCall>().notNull(),
    /** `pending`: never sent. `sent`: on its way, or cut off there. `unknown`: nobody knows whether it was done. */
    state: text("state", { enum: ["pending", "sent", "done", "failed", "unknown"] }).notNull(),
    attempts: integer("attempts").notNull().default(0),
    firstSentAt: integer("first_sent_at"),
    nextAttemptAt: integer("next_attempt_at").notNull(),
    /** What came of it, by the processor's id. */
    object: text("object"),
    error: text("error"),
    /** Since when somebody has to look whether it was done, as nothing of it is found and its key is not kept any more. */
    flaggedAt: integer("flagged_at"),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [index("processor_calls_due").on(table.state, table.nextAttemptAt)],
);

/** Who is paid for what they earned, as a processor knows them. */
export const payees = sqliteTable(
  "payees",
  {
    processor: text("processor").notNull(),
    account: text("account").notNull(),
    payee: text("payee").notNull(),
    /** Whether it may be paid, as far as the processor has told. */
    isReady: integer("is_ready", { mode: "boolean" }).notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.processor, table.account] }),
    uniqueIndex("payees_payee").on(table.processor, table.payee),
  ],
);

/** Invoices and receipts, as the processor wrote them. */
export const invoices = sqliteTable(
  "invoices",
  {
    /** The processor's id: of an invoice, or of a payment that has a receipt. */
    id: text("id").primaryKey(),
    processor: text("processor").notNull(),
    account: text("account").notNull(),
    checkout: text("checkout").notNull(),
    /** What paid it, and is given back by; null while that is not known. */
    payment: text("payment"),
    /** Null of a receipt. */
    number: text("number"),
    status: text("status").notNull(),
    currency: text("currency").notNull(),
    subtotal: integer("subtotal").notNull(),
    tax: integer("tax").notNull(),
    total: integer("total").notNull(),
    /** Of what was paid, what went back. */
    refunded: integer("refunded").notNull(),
    url: text("url"),
    pdfUrl: text("pdf_url"),
    createdAt: integer("created_at").notNull(),
    /** As of when this is known. */
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [index("invoices_account").on(table.account, table.createdAt)],
);

/** What follows for wallets from what processors told, once each, in the order in which it is to be applied. */
export const walletEffects = sqliteTable(
  "wallet_effects",
  {
    seq: integer("seq").primaryKey({ autoIncrement: true }),
    id: text("id").notNull().unique(),
    account: text("account").notNull(),
    effect: text("effect", { mode: "json" }).$type<StoredEffect>().notNull(),
    createdAt: integer("created_at").notNull(),
    appliedAt: integer("applied_at"),
    error: text("error"),
  },
  (table) => [index("wallet_effects_waiting").on(table.appliedAt, table.seq)],
);
