import type Stripe from "stripe";
import { linesOf } from "./act-checkout.ts";
import { date, frame, money, text } from "./page-frame.ts";
import { testCards } from "./shapes-people.ts";
import type { StripeStore } from "./store.ts";

const cards: [keyof typeof testCards, string][] = [
  ["pay", "Pays"],
  ["declined", "Is declined"],
  ["declinedLater", "Pays now, and is declined when you are not there"],
  ["authenticates", "Pays now, and asks you to prove yourself when you are not there"],
  ["disputed", "Pays, and is disputed at once"],
];

const shown = (number: string) => number.replace(/(.{4})(?=.)/g, "$1 ");

/** Cards to choose one of. */
const cardChoice = cards
  .map(
    ([card, does], at) =>
      `<label><input type="radio" name="card" value="${card}"${at === 0 ? " checked" : ""}><span>${shown(testCards[card])}<small>${does}</small></span></label>`,
  )
  .join("");

/** Where a session is paid for. `wrong`: what the card said. */
export function checkoutPage(store: StripeStore, session: Stripe.Checkout.Session, wrong: string | null): string {
  const currency = session.currency ?? "usd";
  const isMonthly = session.mode === "subscription";
  const per = isMonthly ? " a month" : "";
  const lines = linesOf(store, session.id)
    .map((line) => `<dt>${text(line.description)}</dt><dd>${money(line.amount_subtotal, currency)}${per}</dd>`)
    .join("");
  const tax = session.total_details?.amount_tax ?? 0;
  const total = money(session.amount_total ?? 0, currency);
  const order = `<section class="dark"><h1>Understudy</h1><p class="total">${total}${per}</p>
    <dl>${lines}${tax > 0 ? `<dt>Tax</dt><dd>${money(tax, currency)}</dd>` : ""}<dt class="sum">Due today</dt><dd class="sum">${total}</dd></dl>
    ${session.cancel_url ? `<p><a href="${text(session.cancel_url)}">Go back without paying</a></p>` : ""}</section>`;
  if (session.status !== "open")
    return frame("Checkout", `<main>${order}<section><h1>This was ${text(session.status)}.</h1></section></main>`);
  return frame(
    "Checkout",
    `<main>${order}<section><h1>Pay by card</h1>${wrong ? `<p class="wrong" role="alert">${text(wrong)}</p>` : ""}
    <form method="post"><fieldset><legend hidden>Card</legend>${cardChoice}</fieldset>
    <button name="do" value="pay">${isMonthly ? "Subscribe" : `Pay ${total}`}</button></form>
    <p class="note">${text(session.customer_email)}</p></section></main>`,
  );
}

function subscriptionCard(store: StripeStore, subscription: Stripe.Subscription): string {
  const [item] = subscription.items.data;
  const name = item ? store.get("product", String(item.price.product)).name : "";
  const price = money(item?.price.unit_amount ?? 0, subscription.currency);
  const end = date(item?.current_period_end ?? 0);
  const isOver = subscription.status === "canceled";
  const state = isOver ? "Ended" : subscription.cancel_at_period_end ? `Ends on ${end}` : `Renews on ${end}`;
  const action = subscription.cancel_at_period_end ? ["keep", "Keep it"] : ["cancel", "Cancel"];
  const form = `<form method="post"><input type="hidden" name="subscription" value="${subscription.id}"><button class="quiet" name="do" value="${action[0]}">${action[1]}</button></form>`;
  return `<div class="card row"><div><strong>${text(name)}</strong>, ${price} a month<br><span class="note">${state} · ${subscription.status}</span></div>${isOver ? "" : form}</div>`;
}

/** Where a customer looks after what they have. */
export function portalPage(store: StripeStore, { customer: id, return_url }: Stripe.BillingPortal.Session): string {
  const customer = store.get("customer", id);
  const method = customer.invoice_settings.default_payment_method;
  const card = method ? store.get("payment_method", String(method)).card : null;
  const mine = <T extends { customer: unknown }>(all: T[]) => all.filter((each) => each.customer === id);
  const subscriptions = mine(store.all("subscription")).filter(({ status }) => status !== "incomplete_expired");
  const invoices = mine(store.all("invoice"));
  const rows = invoices.map(
    (invoice) =>
      `<tr><td><a href="${text(invoice.hosted_invoice_url)}">${text(invoice.number)}</a></td><td>${date(invoice.created)}</td><td>${text(invoice.status)}</td><td>${money(invoice.total, invoice.currency)}</td></tr>`,
  );
  return frame(
    "Billing",
    `<main class="one"><h1>Understudy</h1>${return_url ? `<p><a href="${text(return_url)}">Back to Understudy</a></p>` : ""}
    <h2>Subscriptions</h2>${subscriptions.map((each) => subscriptionCard(store, each)).join("") || "<p>There is none.</p>"}
    <h2>Card</h2><p>${card ? `${text(card.brand)} •••• ${card.last4}` : "There is none."}</p>
    <details><summary>Change it</summary><form method="post"><fieldset>${cardChoice}</fieldset><button name="do" value="card">Use this card</button></form></details>
    <h2>Invoices</h2>${rows.length > 0 ? `<table><tr><th>Number</th><th>Date</th><th>Status</th><th>Total</th></tr>${rows.join("")}</table>` : "<p>There are none.</p>"}</main>`,
  );
}

/** An invoice as whoever pays it reads it. */
export function invoicePage(invoice: Stripe.Invoice): string {
  const { currency } = invoice;
  const tax = (invoice.total_taxes ?? []).reduce((sum, { amount }) => sum + amount, 0);
  const lines = invoice.lines.data.map(
    (line) =>
      `<dt>${text(line.description)}<br><span class="note">${date(line.period.start)} – ${date(line.period.end)}</span></dt><dd>${money(line.amount, currency)}</dd>`,
  );
  return frame(
    `Invoice ${invoice.number}`,
    `<main class="one"><h1>Understudy · Invoice ${text(invoice.number)}</h1><p class="total">${money(invoice.total, currency)}</p>
    <p>${text(invoice.customer_name)} ${text(invoice.customer_email)} · ${date(invoice.created)} · ${text(invoice.status)}</p>
    <div class="card"><dl>${lines.join("")}<dt>Tax</dt><dd>${money(tax, currency)}</dd><dt class="sum">Total</dt><dd class="sum">${money(invoice.total, currency)}</dd></dl></div>
    <p><a href="${text(invoice.invoice_pdf)}">Download as PDF</a></p></main>`,
  );
}

/** Where somebody who is to be paid says who they are. */
export const onboardingPage = (account: Stripe.V2.Core.Account): string =>
  frame(
    "Get paid",
    `<main class="one"><h1>Understudy pays you through Stripe</h1><div class="card"><p><strong>${text(account.display_name ?? account.contact_email)}</strong></p>
    <p>Stripe would ask here who you are and where your bank is.</p><form method="post">
    <p><button name="do" value="finish">Fill in everything, and finish</button></p>
    <p><button class="quiet" name="do" value="leave">Leave without finishing</button></p></form></div></main>`,
  );

/** An invoice as a file: one page of plain text. */
export function invoicePdf(invoice: Stripe.Invoice): Buffer {
  const lines = [
    `Invoice ${invoice.number}`,
    `${date(invoice.created)}, ${invoice.status}`,
    ...invoice.lines.data.map((line) => `${line.description}: ${money(line.amount, invoice.currency)}`),
    `Total: ${money(invoice.total, invoice.currency)}`,
  ].map((line) => `(${line.replace(/[^\x20-\x7e]/g, "x").replace(/[\\()]/g, "\\$&")}) Tj T*`);
  const content = `BT /F1 12 Tf 72 740 Td 18 TL ${lines.join(" ")} ET`;
  const objects = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
    `<</Length ${content.length}>>stream\n${content}\nendstream`,
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
  ];
  let file = "%PDF-1.4\n";
  const offsets = objects.map((object, at) => {
    const offset = file.length;
    file += `${at + 1} 0 obj${object}endobj\n`;
    return `${String(offset).padStart(10, "0")} 00000 n \n`;
  });
  const table = file.length;
  return Buffer.from(
    `${file}xref\n0 6\n0000000000 65535 f \n${offsets.join("")}trailer<</Size 6/Root 1 0 R>>\nstartxref\n${table}\n%%EOF\n`,
  );
}
