import { z } from "zod";
import { notFound, refusedField } from "../platform/errors.ts";
import { recordAudit } from "../workspaces/audited.ts";
import { operation } from "../workspaces/operation.ts";
import { isOpenWorkspace } from "../workspaces/queries.ts";
import { creditsInput } from "./contract.ts";
import { askWallet } from "./wallets.ts";

/** Throws `not_found` for a workspace that is not there. */
export const giveCredits = operation({
  summary: "Give credits to a workspace",
  description: "For whoever runs the installation: a trial, a coupon, something to make up for.",
  tags: ["Money"],
  action: "platform.money",
  inPerson: true,
  audit: "wallet.credits_given",
  input: creditsInput,
  output: z.object({ given: z.boolean().describe("False where that was given before.") }),
  async run(ctx, { body }) {
    const { workspace_id: workspaceId, micro_credits: amount } = body;
    const expiresAt = body.expires_at === null ? null : Date.parse(body.expires_at);
    if (expiresAt !== null && expiresAt <= ctx.clock.now())
      throw refusedField("expires_at", "Name a moment that is still to come.");
    if (!(await isOpenWorkspace(ctx.db, workspaceId))) throw notFound("workspace");
    const details = { by: ctx.actor.userId };
    const ask = { id: `gift:${body.id}`, amount, expiresAt, isPaid: false, details };
    const given = await askWallet(ctx, workspaceId, (wallet) => wallet.grant(workspaceId, ask));
    if (given)
      await recordAudit(
        ctx,
        { action: "wallet.credits_given", details: { micro_credits: amount, expires_at: body.expires_at } },
        workspaceId,
      );
    return { given };
  },
});
