import { completeSession } from "./act-checkout.ts";
import { endPayout, payOut, setOnboarded } from "./act-connect.ts";
import { closeDispute, dispute, failRefund } from "./act-pay.ts";
import { type AnyEvent, bodyOf, signatureOf } from "./deliver.ts";
import { invalid } from "./failure.ts";
import { type Params, requiredIn, wholeIn } from "./form.ts";
import { newCard, testCards } from "./shapes-people.ts";
import type { StripeStore } from "./store.ts";

/** What a request may meet with, once: on its way there, in its work, or on its way back. */
export const faults = ["drop_request", "drop_response", "fail"] as const;
export type Fault = (typeof faults)[number];

/** A request that was made, for who wants to know how often. */
export interface Logged {
  method: string;
  path: string;
  idempotencyKey: string | null;
  status: number;
}

/** What tests and people may do beside the API: what customers, banks and networks do. */
export interface Controlled {
  store: StripeStore;
  origin: string;
  faults: { path: string; fault: Fault }[];
  log: Logged[];
  /** Sends an event once more. */
  resend(event: AnyEvent): void;
}

function numberOf(params: Params): string {
  const card = requiredIn(params, "card");
  const number = testCards[card as keyof typeof testCards];
  if (!number) throw invalid(`There is no card “${card}”. There are: ${Object.keys(testCards).join(", ")}.`);
  return number;
}

function setCard({ store }: Controlled, params: Params): object {
  const customer = store.get("customer", requiredIn(params, "customer"));
  const method = newCard(store, customer.id, numberOf(params));
  const invoice_settings = { ...customer.invoice_settings, default_payment_method: method.id };
  return store.put("customer", { ...customer, invoice_settings });
}

function setFault({ faults: waiting }: Controlled, params: Params): object {
  const fault = requiredIn(params, "fault");
  if (!faults.some((each) => each === fault)) throw invalid(`There are: ${faults.join(", ")}.`);
  waiting.push({ path: requiredIn(params, "path"), fault: fault as Fault });
  return { waiting: waiting.length };
}

const endOf = (params: Params, ...ends: string[]) => {
  const status = requiredIn(params, "status");
  if (!ends.includes(status)) throw invalid(`The status is one of: ${ends.join(", ")}.`);
  return status;
};

const actions: Record<string, (by: Controlled, params: Params) => object> = {
  pay: ({ store, origin }, params) => ({
    paid: completeSession(store, requiredIn(params, "session"), numberOf(params), origin),
  }),
  card: setCard,
  dispute: ({ store }, params) => {
    const intent = store.get("payment_intent", requiredIn(params, "payment_intent"));
    return dispute(store, String(intent.latest_charge), wholeIn(params, "amount") ?? undefined);
  },
  "close-dispute": ({ store }, params) =>
    closeDispute(store, requiredIn(params, "dispute"), endOf(params, "won", "lost") as "won" | "lost"),
  "fail-refund": ({ store }, params) => failRefund(store, requiredIn(params, "refund")),
  onboard: ({ store }, params) =>
    setOnboarded(
      store,
      requiredIn(params, "account"),
      endOf(params, "active", "restricted") as "active" | "restricted",
    ),
  payout: ({ store }, params) => payOut(store, requiredIn(params, "account"), requiredIn(params, "currency")),
  "end-payout": ({ store }, params) =>
    endPayout(store, requiredIn(params, "payout"), endOf(params, "paid", "failed") as "paid" | "failed"),
  fault: setFault,
  // As after 24 hours.
  "forget-keys": ({ store }) => ({ forgotten: store.clear("answer") }),
  resend: ({ store, resend }, params) => {
    const id = requiredIn(params, "event");
    const event = store.find("event", id) ?? store.get("thin_event", id);
    const times = wholeIn(params, "times") ?? 1;
    for (let at = 0; at < times; at++) resend(event);
    return { times };
  },
};

/** Events as they are sent, oldest first, from behind one. */
function sentEvents({ store }: Controlled, query: URLSearchParams): object {
  const secret = query.get("secret") ?? "";
  const all: AnyEvent[] = [...store.all("event"), ...store.all("thin_event")].reverse();
  const of = query.get("of");
  const fits = (event: AnyEvent) => of === null || bodyOf(event).includes(of);
  const data = all.filter(fits).map((event) => {
    const body = bodyOf(event);
    return { id: event.id, type: event.type, body, signature: signatureOf(body, secret) };
  });
  return { data };
}

/** Answers `/_control/…`. */
export function control(by: Controlled, method: string, path: string, query: URLSearchParams, params: Params): object {
  if (method === "GET" && path === "events") return sentEvents(by, query);
  if (method === "GET" && path === "requests") {
    const key = query.get("key");
    return { data: by.log.filter((each) => key === null || each.idempotencyKey === key) };
  }
  const action = actions[path];
  if (!action || method !== "POST")
    throw invalid(`There are: GET events, GET requests, POST ${Object.keys(actions).join(", POST ")}.`);
  return action(by, params);
}
