import { publicUrl } from "../../platform/http/public-url.ts";
import { newId } from "../../platform/ids.ts";
import { recordAudit } from "../../workspaces/audited.ts";
import type { Context, UserActor } from "../../workspaces/context.ts";
import { operation } from "../../workspaces/operation.ts";
import { payeeResult, tags } from "../contract.ts";
import { emailOf } from "../customers.ts";
import { askNow, processorOf } from "../processor-of.ts";
import type { Processor } from "../processors/processor.ts";
import { findPayee, insertPayee } from "../queries.ts";

/** As whom the workspace is paid, from now on. */
async function payeeOf(ctx: Context<UserActor>, processor: Processor) {
  const { workspaceId: account } = ctx.actor;
  const known = await findPayee(ctx.db, processor.name, account);
  if (known) return known;
  const email = await emailOf(ctx);
  const payee = await askNow(ctx, processor.createPayee(newId("call"), { account, email, name: email ?? account }));
  const now = ctx.clock.now();
  const row = { processor: processor.name, account, payee, isReady: false, createdAt: now, updatedAt: now };
  await insertPayee(ctx.db, row);
  return (await findPayee(ctx.db, processor.name, account)) ?? row;
}

export const onboardPayee = operation({
  summary: "Say who is paid for what the workspace earns",
  description: "Answers an address at the processor of payments, which asks who you are and where your bank is.",
  tags,
  action: "wallet.spend",
  inPerson: true,
  audit: "billing.payee_onboarding",
  output: payeeResult,
  async run(ctx) {
    const processor = processorOf(ctx);
    const { payee, isReady: ready } = await payeeOf(ctx, processor);
    const back = `${publicUrl(ctx.config)}/earnings`;
    const url = await askNow(ctx, processor.onboardPayee(payee, { returnUrl: back, refreshUrl: `${back}?again=1` }));
    await recordAudit(ctx, { action: "billing.payee_onboarding" });
    return { url, ready };
  },
});
