import { createHmac } from "node:crypto";
import type { Kinds, StripeStore } from "./store.ts";

export type AnyEvent = Kinds["event"] | Kinds["thin_event"];

/** Where events are sent. */
export interface Endpoint {
  url: string;
  secret: string;
}

/** What an event is sent as. A thin one says only what it is about. */
export const bodyOf = (event: AnyEvent): string => JSON.stringify(event);

/** The header by which a body proves who sent it, and when. */
export function signatureOf(body: string, secret: string, at = Math.floor(Date.now() / 1_000)): string {
  const mac = createHmac("sha256", secret).update(`${at}.${body}`).digest("hex");
  return `t=${at},v1=${mac}`;
}

/** Seconds before each further attempt; Stripe's own go on for three days. */
const pauses = [1, 2, 5, 15, 60, 300, 3_600];

/** Sends events until they are taken. */
export class Deliveries {
  readonly #endpoint: Endpoint;
  readonly #timers = new Set<NodeJS.Timeout>();
  #isOpen = true;

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint;
  }

  /** Sends an event, again and later where it is not taken. `onTaken` hears when it was. */
  send(event: AnyEvent, onTaken: () => void, attempt = 0): void {
    const wait = attempt === 0 ? 0 : (pauses[attempt - 1] ?? null);
    if (wait === null || !this.#isOpen) return;
    const timer = setTimeout(async () => {
      this.#timers.delete(timer);
      if (await this.#post(event)) onTaken();
      else this.send(event, onTaken, attempt + 1);
    }, wait * 1_000);
    timer.unref();
    this.#timers.add(timer);
  }

  async #post(event: AnyEvent): Promise<boolean> {
    const body = bodyOf(event);
    const headers = {
      "Content-Type": "application/json; charset=utf-8",
      "Stripe-Signature": signatureOf(body, this.#endpoint.secret),
      "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    };
    try {
      const response = await fetch(this.#endpoint.url, { method: "POST", headers, body, redirect: "manual" });
      await response.arrayBuffer();
      return response.ok;
    } catch {
      // Not up yet, or not any more: it is sent again.
      return false;
    }
  }

  close(): void {
    this.#isOpen = false;
    for (const timer of this.#timers) clearTimeout(timer);
  }
}

/** Sends what happens in a store, and what happened before a restart and was not taken. */
export function deliverFrom(store: StripeStore, deliveries: Deliveries): void {
  const send = (event: AnyEvent) =>
    deliveries.send(event, () => {
      if (event.object !== "event") return;
      store.put("event", { ...event, pending_webhooks: 0 } as Kinds["event"]);
      store.save();
    });
  for (const event of store.all("event").reverse()) if (event.pending_webhooks > 0) send(event);
  store.onEvent = send;
}
