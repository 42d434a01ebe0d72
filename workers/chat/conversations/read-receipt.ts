import { usageOfTurns } from "../../metering/queries.ts";
import { writtenSoFar } from "../../metering/record-usage.ts";
import { notFound } from "../../platform/errors.ts";
import type { Operation } from "../../wallet/terms.ts";
import { askWallet } from "../../wallet/wallets.ts";
import { operation } from "../../workspaces/operation.ts";
import { ownerOf } from "../access.ts";
import { messageTags } from "../contract.ts";
import { conversationOfMessage } from "../queries.ts";
import { messageReceipt } from "../receipt-contract.ts";
import { ofOwn } from "./get-conversation.ts";

type Usage = Awaited<ReturnType<typeof usageOfTurns>>[number];

const paid = ({ charge, state, terms }: Operation) => ({
  cost: charge?.total ?? 0,
  usage: charge?.usage ?? 0,
  platform_fee: charge?.fee ?? 0,
  creator_share: charge?.shares.reduce((sum, { amount }) => sum + amount, 0) ?? 0,
  clone_price_id: terms?.priceId ?? null,
  paid_by: "you" as const,
  state: state as "settled" | "held" | "released" | "expired",
});

/** Of what no wallet of theirs paid: the clone's did where another's answered; else it is what its model took. */
const unpaid = ({ workspaceId, microCredits }: Usage, asker: string) => ({
  cost: workspaceId === asker ? microCredits : 0,
  usage: workspaceId === asker ? microCredits : 0,
  platform_fee: 0,
  creator_share: 0,
  clone_price_id: null,
  paid_by: workspaceId === asker ? ("nobody" as const) : ("the clone’s workspace" as const),
  state: "none" as const,
});

/** Throws `not_found` for a message that is not one's own. */
export const readReceipt = operation({
  summary: "Read what an answer cost, and why",
  tags: messageTags,
  action: "conversation.read",
  scope: "chat",
  params: ["id"],
  output: messageReceipt,
  async run(ctx, { params: { id } }) {
    await writtenSoFar(ctx);
    const conversationId = await conversationOfMessage(ctx.db, ownerOf(ctx), id);
    if (!conversationId) throw notFound("message");
    const message = await ofOwn(ctx, conversationId, (object, owner) => object.message(conversationId, owner, id));
    if (!message) throw notFound("message");
    const { workspaceId } = ownerOf(ctx);
    const isVisitor = ctx.actor.kind === "visitor";
    // A visitor nobody knows sees nothing of the wallet of the workspace whose clone they talk to.
    const operations = isVisitor
      ? []
      : await askWallet(ctx, workspaceId, (wallet) => wallet.operationsOf(workspaceId, id));
    const turnIds = [...new Set([...operations.map((each) => each.id), ...(message.turnId ? [message.turnId] : [])])];
    const events = await usageOfTurns(ctx.db, turnIds);
    const turns = events.map((event) => {
      const operation = operations.find((each) => each.id === event.id);
      return {
        turn_id: event.id,
        model: event.model,
        lane: event.lane,
        prompt_tokens: event.promptTokens,
        completion_tokens: event.completionTokens,
        estimated: event.estimated,
        price_id: event.priceId,
        model_cost: isVisitor || event.workspaceId !== workspaceId ? null : event.microCredits,
        ...(operation ? paid(operation) : unpaid(event, isVisitor ? "" : workspaceId)),
      };
    });
    const total = turns.reduce<number | null>(
      (sum, { cost }) => (sum === null || cost === null ? null : sum + cost),
      0,
    );
    return { message_id: id, billing: ctx.config.BILLING, total, turns };
  },
});
