import { and, asc, desc, eq, gt, lt, lte, or, type SQL, sql } from "drizzle-orm";
import type { Statement } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { checkouts, invoices, payees, processorCustomers } from "../db/schema/billing.ts";
import type { Position } from "../platform/http/paging.ts";
import type { Erased } from "../platform/rooms/personal-data.ts";

export type CheckoutRow = typeof checkouts.$inferSelect;
export type InvoiceRow = typeof invoices.$inferSelect;
type PayeeRow = typeof payees.$inferSelect;

export async function findCustomer(db: Database, processor: string, account: string): Promise<string | null> {
  const rows = await db
    .select({ customer: processorCustomers.customer })
    .from(processorCustomers)
    .where(and(eq(processorCustomers.processor, processor), eq(processorCustomers.account, account)));
  return rows[0]?.customer ?? null;
}

/** Keeps as whom an account is known there: the first that was found. */
export async function keepCustomer(db: Database, row: typeof processorCustomers.$inferInsert): Promise<void> {
  await db.insert(processorCustomers).values(row).onConflictDoNothing();
}

export async function insertCheckout(db: Database, row: CheckoutRow, audit: Statement[] = []): Promise<void> {
  await db.batch([db.insert(checkouts).values(row), ...audit]);
}

export async function findCheckout(db: Database, id: string): Promise<CheckoutRow | undefined> {
  return (await db.select().from(checkouts).where(eq(checkouts.id, id)))[0];
}

/** A plan that an account has and that has not ended. */
export async function findPlan(db: Database, account: string): Promise<CheckoutRow | undefined> {
  const { kind, status } = checkouts;
  const rows = await db
    .select()
    .from(checkouts)
    .where(and(eq(checkouts.account, account), eq(kind, "plan"), eq(status, "paid")));
  return rows[0];
}

type Settled = Partial<Pick<CheckoutRow, "session" | "subscription">> & { status: "paid" | "expired" };

/** Keeps what has become of a purchase that was open; one that was paid stays so. */
export const settleCheckout = (db: Database, id: string, changes: Settled, asOf: number): Statement =>
  db
    .update(checkouts)
    .set({ ...changes, updatedAt: asOf })
    .where(and(eq(checkouts.id, id), eq(checkouts.status, "open")));

/** Keeps that a plan is over: that is the last that becomes of one. */
export const endCheckout = (db: Database, id: string, asOf: number): Statement =>
  db.update(checkouts).set({ status: "ended", updatedAt: asOf }).where(eq(checkouts.id, id));

/** Keeps an invoice or a receipt as of a moment, unless a later state of it is kept. Where nobody says what paid it, what is known of that and of what went back stays. */
export function keepInvoice(db: Database, row: InvoiceRow): Statement {
  const { id: _, refunded, payment, ...others } = row;
  return db
    .insert(invoices)
    .values(row)
    .onConflictDoUpdate({
      target: invoices.id,
      set: { ...others, ...(payment === null ? {} : { payment, refunded }) },
      setWhere: sql`${invoices.updatedAt} <= ${row.updatedAt}`,
    });
}

/** A page of an account's invoices and receipts, newest first. */
export function listInvoicePage(
  db: Database,
  account: string,
  { after, limit }: { after: Position | null; limit: number },
): Promise<InvoiceRow[]> {
  const { createdAt, id } = invoices;
  const behind = after ? or(lt(createdAt, after[0]), and(eq(createdAt, after[0]), lt(id, after[1]))) : undefined;
  return db
    .select()
    .from(invoices)
    .where(and(eq(invoices.account, account), behind))
    .orderBy(desc(createdAt), desc(id))
    .limit(limit);
}

export async function findInvoice(db: Database, id: string): Promise<InvoiceRow | undefined> {
  return (await db.select().from(invoices).where(eq(invoices.id, id)))[0];
}

export async function findPayee(db: Database, processor: string, account: string): Promise<PayeeRow | undefined> {
  const rows = await db
    .select()
    .from(payees)
    .where(and(eq(payees.processor, processor), eq(payees.account, account)));
  return rows[0];
}

export async function insertPayee(db: Database, row: PayeeRow): Promise<void> {
  await db.insert(payees).values(row).onConflictDoNothing();
}

/** Keeps whether a payee may be paid as of a moment, unless something later is known. */
export const changePayee = (
  db: Database,
  processor: string,
  payee: string,
  isReady: boolean,
  asOf: number,
): Statement =>
  db
    .update(payees)
    .set({ isReady, updatedAt: asOf })
    .where(and(eq(payees.processor, processor), eq(payees.payee, payee), lte(payees.updatedAt, asOf)));

const page = 500;

/** Invoices and receipts of an account, a row each. */
export async function* eachInvoice(db: Database, account: string): AsyncGenerator<InvoiceRow> {
  let after = "";
  for (;;) {
    const rows = await db
      .select()
      .from(invoices)
      .where(and(eq(invoices.account, account), gt(invoices.id, after)))
      .orderBy(asc(invoices.id))
      .limit(page);
    yield* rows;
    after = rows.at(-1)?.id ?? after;
    if (rows.length < page) return;
  }
}

/** Plans of workspaces that go which the processor would go on charging for. */
export function listPlansOf(db: Database, { listed }: Erased): Promise<CheckoutRow[]> {
  const { kind, status, account } = checkouts;
  return db
    .select()
    .from(checkouts)
    .where(and(sql`${account} IN ${listed("workspace")}`, eq(kind, "plan"), eq(status, "paid")));
}

/** Removes what links workspaces that go to the processor's books, and what they bought. */
export const removeBilling = (db: Database, { listed }: Erased, isFree: SQL): Statement[] =>
  [processorCustomers, checkouts, invoices, payees].map((table) =>
    db.delete(table).where(and(sql`${table.account} IN ${listed("workspace")}`, isFree)),
  );
