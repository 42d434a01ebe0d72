import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import type Stripe from "stripe";
import { missing } from "./failure.ts";

/** What is kept of each kind, by the names that Stripe has for them. */
export interface Kinds {
  customer: Stripe.Customer;
  payment_method: Stripe.PaymentMethod;
  product: Stripe.Product;
  price: Stripe.Price;
  "checkout.session": Stripe.Checkout.Session;
  line_item: Stripe.LineItem & { session: string };
  payment_intent: Stripe.PaymentIntent;
  charge: Stripe.Charge;
  refund: Stripe.Refund;
  dispute: Stripe.Dispute;
  invoice: Stripe.Invoice;
  invoice_payment: Stripe.InvoicePayment;
  subscription: Stripe.Subscription;
  portal: Stripe.BillingPortal.Session;
  transfer: Stripe.Transfer;
  payout: Stripe.Payout & { account: string };
  balance_transaction: Stripe.BalanceTransaction & { account: string | null };
  test_clock: Stripe.TestHelpers.TestClock;
  account: Stripe.V2.Core.Account;
  account_link: Stripe.V2.Core.AccountLink & { id: string; return_url: string };
  event: Stripe.Event;
  thin_event: Stripe.V2.Core.EventBase & { related_object: { id: string; type: string; url: string } };
  /** Answers by idempotency key. */
  answer: { id: string; request: string; status: number; body: string };
  /** What a session asks for beside what it shows: metadata for what it makes. */
  wish: { id: string; payment: Record<string, string>; subscription: Record<string, string>; saves: boolean };
}
export type Kind = keyof Kinds;

type Tables = { [K in Kind]?: Record<string, Kinds[K]> };

/** Everything that one Stripe account holds. With a file it is there again after a restart. */
export class StripeStore {
  #tables: Tables = {};
  /** Where the stand-in listened when this was last saved: links to its pages are kept by others. */
  port = 0;
  readonly #file: string | null;
  /** Who hears of new events. */
  onEvent: (event: Kinds["event"] | Kinds["thin_event"]) => void = () => {};

  constructor(file: string | null = null) {
    this.#file = file;
    if (file && existsSync(file)) {
      const kept = JSON.parse(readFileSync(file, "utf8")) as { port: number; tables: Tables };
      this.#tables = kept.tables;
      this.port = kept.port;
    }
  }

  newId(prefix: string): string {
    return `${prefix}_${randomBytes(12).toString("hex")}`;
  }

  #table<K extends Kind>(kind: K): Record<string, Kinds[K]> {
    const table = this.#tables[kind] ?? {};
    (this.#tables as Record<string, unknown>)[kind] = table;
    return table as Record<string, Kinds[K]>;
  }

  put<K extends Kind>(kind: K, object: Kinds[K] & { id: string }): Kinds[K] {
    this.#table(kind)[object.id] = object;
    return object;
  }

  find<K extends Kind>(kind: K, id: string): Kinds[K] | undefined {
    return this.#table(kind)[id];
  }

  get<K extends Kind>(kind: K, id: string): Kinds[K] {
    const found = this.find(kind, id);
    if (!found) throw missing(kind, id);
    return found;
  }

  /** All of a kind, newest first. */
  all<K extends Kind>(kind: K): Kinds[K][] {
    return Object.values(this.#table(kind)).reverse() as Kinds[K][];
  }

  /** Forgets all of a kind; returns how many there were. */
  clear(kind: Kind): number {
    const count = this.all(kind).length;
    delete this.#tables[kind];
    return count;
  }

  /** The time by a customer's test clock, or the real one, in seconds. */
  now(customer?: string | null): number {
    const clock = customer ? this.find("customer", customer)?.test_clock : null;
    if (typeof clock === "string") return this.get("test_clock", clock).frozen_time;
    return Math.floor(Date.now() / 1_000);
  }

  /** Tells of what happened to an object, as it is now. `account`: the connected account that it is of. */
  emit(type: string, object: { id?: string }, account?: string): void {
    const event = {
      id: this.newId("evt"),
      object: "event",
      ...(account ? { account } : {}),
      api_version: "2026-10-28.endive",
      created: this.now(),
      data: { object: structuredClone(object) },
      livemode: false,
      pending_webhooks: 1,
      request: { id: null, idempotency_key: null },
      type,
    } as unknown as Stripe.Event;
    this.put("event", event);
    this.onEvent(event);
  }

  /** Tells of a v2 object: that something happened to it, and not what it is now. */
  emitThin(type: string, id: string): void {
    const related_object = { id, type: "v2.core.account", url: `/v2/core/accounts/${id}` };
    const created = new Date().toISOString();
    const event = {
      id: this.newId("evt"),
      object: "v2.core.event" as const,
      created,
      livemode: false,
      type,
      related_object,
    };
    this.put("thin_event", event);
    this.onEvent(event);
  }

  save(): void {
    if (!this.#file) return;
    const next = `${this.#file}.tmp`;
    writeFileSync(next, JSON.stringify({ port: this.port, tables: this.#tables }), { mode: 0o600 });
    renameSync(next, this.#file);
  }
}

/** Some of a kind as Stripe lists them: the first `limit`, from behind `starting_after`. */
export function page<T extends { id: string }>(url: string, all: T[], query: URLSearchParams): Stripe.ApiList<T> {
  const limit = Math.min(100, Number(query.get("limit") ?? 10));
  const after = query.get("starting_after");
  const from = after ? all.findIndex(({ id }) => id === after) + 1 : 0;
  const data = all.slice(from, from + limit);
  return { object: "list", data, has_more: from + limit < all.length, url };
}
