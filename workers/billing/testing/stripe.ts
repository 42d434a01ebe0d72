import { env } from "cloudflare:workers";
import { expect, inject } from "vitest";
import { createRuntime, type Runtime } from "../../platform/runtime.ts";
import { call, jsonOf } from "../../testing/client.ts";
import type { WalletEffect } from "../effects.ts";
import { tellWallets } from "../tell-wallets.ts";
import { sweepEvents } from "../work-on-events.ts";
import { RecordingWallets } from "./recording-wallets.ts";

// As vitest.config.ts has them.
const [key, secret] = ["sk_test_suite", "whsec_suite"];

/** A webhook as Stripe sends it. */
export interface SentEvent {
  id: string;
  type: string;
  body: string;
  signature: string;
}

/** Has customers, banks and networks do something at the stand-in. */
export async function control<T = Record<string, unknown>>(path: string, json?: object): Promise<T> {
  const response = await fetch(`${inject("stripeStandIn")}/_control/${path}`, {
    headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
    ...(json ? { method: "POST", body: JSON.stringify(json) } : {}),
  });
  return jsonOf<T>(response as unknown as Response, 200);
}

/** What Stripe's API says of an object. */
export async function atStripe<T = Record<string, unknown>>(path: string): Promise<T> {
  const headers = { Authorization: `Bearer ${key}`, "Stripe-Version": "2026-10-28.endive" };
  return jsonOf<T>(await fetch(inject("stripeStandIn") + path, { headers }), 200);
}

const seen = new Set<string>();

/** What was sent since this was asked last. */
export async function newEvents(): Promise<SentEvent[]> {
  const { data } = await control<{ data: SentEvent[] }>(`events?secret=${secret}`);
  const fresh = data.filter(({ id }) => !seen.has(id));
  for (const { id } of fresh) seen.add(id);
  return fresh;
}

/** Has a webhook come in. */
export const deliver = ({ body, signature }: Pick<SentEvent, "body" | "signature">): Promise<Response> =>
  call("POST", "/api/stripe/webhook", {
    body,
    headers: { "Content-Type": "application/json", "Stripe-Signature": signature },
  });

/** The product’s own surroundings, at another time where that is said. */
export const runtimeAt = (now?: number): Runtime => {
  const runtime = createRuntime(env as Env);
  return now === undefined ? runtime : { ...runtime, clock: { now: () => now } };
};

const countWaiting = async () =>
  (await env.DB.prepare("SELECT count(*) AS n FROM processor_events WHERE state = 'waiting'").first<{ n: number }>())
    ?.n;

/** Resolves when all that came in was worked on, also by a message of the queue. */
export async function workedOn(): Promise<void> {
  await expect
    .poll(async () => {
      await sweepEvents(runtimeAt());
      return countWaiting();
    })
    .toBe(0);
}

/** Has webhooks come in, in this order, until wallets have heard of what follows; `wallets` hear all that this test has not shown them before. */
export async function take(events: readonly SentEvent[], wallets = new RecordingWallets()): Promise<RecordingWallets> {
  for (const event of events) expect((await deliver(event)).status, event.type).toBe(200);
  await workedOn();
  const untold = "SELECT count(*) AS n FROM wallet_effects WHERE applied_at IS NULL";
  await expect
    .poll(async () => {
      await tellWallets(runtimeAt());
      return (await env.DB.prepare(untold).first<{ n: number }>())?.n;
    })
    .toBe(0);
  await env.DB.exec("CREATE TABLE IF NOT EXISTS shown_effects (seq INTEGER PRIMARY KEY)");
  const told = "SELECT seq, effect FROM wallet_effects WHERE seq NOT IN (SELECT seq FROM shown_effects) ORDER BY seq";
  for (const { seq, effect } of (await env.DB.prepare(told).all<{ seq: number; effect: string }>()).results) {
    await wallets.apply(JSON.parse(effect) as WalletEffect);
    await env.DB.prepare("INSERT INTO shown_effects (seq) VALUES (?)").bind(seq).run();
  }
  return wallets;
}

/** Opens the page where a pack or a plan is paid. */
export async function openCheckout(token: string, what: object): Promise<{ id: string; session: string; url: string }> {
  const made = await call("POST", "/api/v1/wallet/checkout", { token, json: what });
  const { id, url } = await jsonOf<{ id: string; url: string }>(made, 201);
  return { id, url, session: new URL(url).pathname.split("/").at(-1) ?? "" };
}

/** Buys something with a card that pays; returns what Stripe sent of it. */
export async function buy(token: string, what: object, card = "pay") {
  await newEvents();
  const checkout = await openCheckout(token, what);
  await control("pay", { session: checkout.session, card });
  const session = await atStripe<Record<"payment_intent" | "subscription" | "customer" | "invoice", string>>(
    `/v1/checkout/sessions/${checkout.session}`,
  );
  return { ...session, ...checkout, events: await newEvents() };
}
