import type { ServerResponse } from "node:http";
import { completeSession } from "./act-checkout.ts";
import { setOnboarded } from "./act-connect.ts";
import { cancelSubscription, keepSubscription } from "./act-subscribe.ts";
import { missing } from "./failure.ts";
import type { Params } from "./form.ts";
import { frame } from "./page-frame.ts";
import { checkoutPage, invoicePage, invoicePdf, onboardingPage, portalPage } from "./pages.ts";
import { newCard, testCards } from "./shapes-people.ts";
import type { StripeStore } from "./store.ts";

/** What somebody did on a page; nothing where they only look at it. */
interface Visit {
  store: StripeStore;
  id: string;
  done: Params | null;
  origin: string;
  response: ServerResponse;
}

const html = (response: ServerResponse, page: string, status = 200) =>
  response.writeHead(status, { "Content-Type": "text/html; charset=utf-8" }).end(page);
const goTo = (response: ServerResponse, url: string) => response.writeHead(303, { Location: url }).end();

const numberOf = ({ card }: Params) => testCards[String(card) as keyof typeof testCards] ?? testCards.pay;

function checkout({ store, id, done, origin, response }: Visit): void {
  const session = store.get("checkout.session", id);
  if (!done || session.status !== "open") return void html(response, checkoutPage(store, session, null));
  if (completeSession(store, id, numberOf(done), origin))
    return void goTo(response, (session.success_url ?? origin).replaceAll("{CHECKOUT_SESSION_ID}", id));
  html(response, checkoutPage(store, session, "Your card was declined. Try another."), 402);
}

function portal({ store, id, done, response }: Visit): void {
  const session = store.get("portal", id);
  if (!done) return void html(response, portalPage(store, session));
  const subscription = String(done.subscription);
  if (done.do === "cancel") cancelSubscription(store, subscription, "at_period_end");
  if (done.do === "keep") keepSubscription(store, subscription);
  if (done.do === "card") {
    const customer = store.get("customer", session.customer);
    const method = newCard(store, customer.id, numberOf(done));
    const invoice_settings = { ...customer.invoice_settings, default_payment_method: method.id };
    store.emit("customer.updated", store.put("customer", { ...customer, invoice_settings }));
  }
  goTo(response, session.url);
}

function onboarding({ store, id, done, response }: Visit): void {
  const link = store.get("account_link", id);
  if (!done) return void html(response, onboardingPage(store.get("account", link.account)));
  if (done.do === "finish") setOnboarded(store, link.account, "active");
  goTo(response, link.return_url);
}

const pages: [RegExp, (visit: Visit) => void][] = [
  [/^\/c\/pay\/(\w+)$/, checkout],
  [/^\/p\/session\/(\w+)$/, portal],
  [/^\/connect\/(\w+)$/, onboarding],
  [/^\/i\/(\w+)$/, ({ store, id, response }) => html(response, invoicePage(store.get("invoice", id)))],
  [
    /^\/i\/(\w+)\/pdf$/,
    ({ store, id, response }) =>
      response.writeHead(200, { "Content-Type": "application/pdf" }).end(invoicePdf(store.get("invoice", id))),
  ],
];

const kinds = ["checkout.session", "portal", "account_link", "invoice"] as const;

/** Answers for a page that people look at, of whichever account it is; false for an address that is none. */
export function answerPage(
  stores: Iterable<StripeStore>,
  visit: Omit<Visit, "store" | "id"> & { path: string },
): boolean {
  for (const [pattern, answer] of pages) {
    const [, id] = pattern.exec(visit.path) ?? [];
    if (id === undefined) continue;
    const store = [...stores].find((each) => kinds.some((kind) => each.find(kind, id)));
    if (store) {
      answer({ ...visit, store, id });
      store.save();
    } else
      html(visit.response, frame("Not found", `<main class="one"><h1>${missing("page", id).message}</h1></main>`), 404);
    return true;
  }
  return false;
}
