import { Problem } from "../platform/errors.ts";
import { publicUrl } from "../platform/http/public-url.ts";
import { newId } from "../platform/ids.ts";
import { audited } from "../workspaces/audited.ts";
import { operation } from "../workspaces/operation.ts";
import { offerOf } from "./catalogue/catalogue.ts";
import { checkoutInput, checkoutResult, tags } from "./contract.ts";
import { customerOf } from "./customers.ts";
import { askNow, processorOf } from "./processor-of.ts";
import { findPlan, insertCheckout } from "./queries.ts";

/** Throws `validation_failed` for what is not sold, and `conflict` for a second plan. */
export const startCheckout = operation({
  summary: "Buy a pack of credits, or begin a plan",
  description:
    "Answers where it is paid. The credits are there once that is done; the price stays as it is now, whatever is sold later.",
  tags,
  action: "wallet.spend",
  audit: "billing.checkout_started",
  input: checkoutInput,
  output: checkoutResult,
  async run(ctx, { body: { pack, plan, currency } }) {
    const [kind, offered] = pack === undefined ? (["plan", plan ?? ""] as const) : (["pack", pack] as const);
    const offer = offerOf(ctx.config, kind, offered, currency);
    const { workspaceId: account, userId } = ctx.actor;
    if (kind === "plan" && (await findPlan(ctx.db, account)))
      throw new Problem("conflict", "There is a plan already. End it on the billing page before you begin another.");
    const processor = processorOf(ctx);
    const customer = await customerOf(ctx, processor);
    const now = ctx.clock.now();
    const row = { id: newId("checkout"), account, userId, kind, offer, processor: processor.name, createdAt: now };
    const none = { session: null, subscription: null, status: "open", updatedAt: now } as const;
    const { id: offerId, version, currency: paidIn, amount } = offer;
    const details = { kind, offer: offerId, version, currency: paidIn, amount };
    const event = { action: "billing.checkout_started", resource: { kind: "checkout", id: row.id }, details } as const;
    // It is kept before anybody can pay for it.
    await insertCheckout(ctx.db, { ...row, ...none }, await audited(ctx, event));
    const back = `${publicUrl(ctx.config)}/wallet`;
    const { id } = row;
    const ask = { checkout: id, customer, name: offer.name, currency: paidIn, amount, isMonthly: kind === "plan" };
    const urls = { successUrl: `${back}?paid=${id}`, cancelUrl: `${back}?left=${id}` };
    const { url } = await askNow(ctx, processor.createCheckout(id, { ...ask, ...urls }));
    return { id, url };
  },
});
