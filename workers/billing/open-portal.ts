import { publicUrl } from "../platform/http/public-url.ts";
import { recordAudit } from "../workspaces/audited.ts";
import { operation } from "../workspaces/operation.ts";
import { redirectResult, tags } from "./contract.ts";
import { customerOf } from "./customers.ts";
import { askNow, processorOf } from "./processor-of.ts";

export const openPortal = operation({
  summary: "Look after the card, the plan and the invoices",
  description: "Answers an address at the processor of payments, for one visit.",
  tags,
  action: "wallet.spend",
  audit: "billing.portal_opened",
  output: redirectResult,
  async run(ctx) {
    const processor = processorOf(ctx);
    const customer = await customerOf(ctx, processor);
    const url = await askNow(ctx, processor.createPortal(customer, `${publicUrl(ctx.config)}/wallet`));
    await recordAudit(ctx, { action: "billing.portal_opened" });
    return { url };
  },
});
