import { Hono } from "hono";
import { readText } from "../platform/http/body.ts";
import type { RuntimeEnv } from "../platform/http/runtime-env.ts";
import { serve as serveOpen, serveAs as serveOpenAs } from "../platform/open-operation.ts";
import { serve } from "../workspaces/operation.ts";
import { createRouter } from "../workspaces/router.ts";
import { listInvoices } from "./list-invoices.ts";
import { openPortal } from "./open-portal.ts";
import { listCalls, listEvents, refundInvoice, replayEvent, settleFlagged } from "./operate.ts";
import { onboardPayee } from "./payouts/onboard-payee.ts";
import { payOut } from "./payouts/pay-out.ts";
import { readPricing } from "./read-pricing.ts";
import { startCheckout } from "./start-checkout.ts";
import { takeWebhook } from "./take-webhook.ts";

export const pricingRoutes = new Hono<RuntimeEnv>().get("/pricing", serveOpen(readPricing));

/** Where processors tell what happened. */
export const webhookRoutes = new Hono<RuntimeEnv>().post(
  "/stripe/webhook",
  serveOpenAs(takeWebhook, {
    // The signature is of the bytes as they came.
    read: async (c) => ({ body: await readText(c), signature: c.req.header("Stripe-Signature") ?? "" }),
    respond: (c, result) => c.json(result),
    responses: { 200: takeWebhook.output ?? "It is kept." },
    requestBody: { "application/json": "An event, as Stripe signs it." },
  }),
);

export const billingRoutes = createRouter()
  .post("/wallet/checkout", serve(startCheckout, 201))
  .post("/wallet/portal", serve(openPortal))
  .get("/invoices", serve(listInvoices))
  .post("/earnings/onboard", serve(onboardPayee))
  .post("/earnings/payouts", serve(payOut, 201))
  .get("/platform/billing/events", serve(listEvents))
  .post("/platform/billing/events/replay", serve(replayEvent))
  .get("/platform/billing/calls", serve(listCalls))
  .post("/platform/billing/calls/settle", serve(settleFlagged))
  .post("/platform/billing/refunds", serve(refundInvoice, 201));
