import { iso } from "../platform/clock.ts";
import { notFound, refusedField } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import { withAudit } from "../workspaces/audited.ts";
import type { Context, UserActor } from "../workspaces/context.ts";
import { operation } from "../workspaces/operation.ts";
import { homesOfMembers } from "../workspaces/queries.ts";
import { cloneChanged } from "./clone-changes.ts";
import { tags } from "./contract.ts";
import { getClone } from "./get-clone.ts";
import { clonePrice, clonePriceInput, type WireClonePrice } from "./price-contract.ts";
import { type ClonePriceRow, insertClonePrice, selectClonePrice } from "./price-queries.ts";

const present = (cloneId: string, row: ClonePriceRow | undefined, share: number): WireClonePrice => ({
  id: row?.id ?? null,
  clone_id: cloneId,
  payer: row?.payer ?? "creator",
  per_message: row?.perMessage ?? null,
  per_session: row?.perSession ?? null,
  session_minutes: row?.sessionMinutes ?? null,
  per_expert_minute: row?.perExpertMinute ?? null,
  trial_messages: row?.trialMessages ?? 0,
  contributors: (row?.contributors ?? []).map(({ userId, basisPoints }) => ({
    user_id: userId,
    basis_points: basisPoints,
  })),
  creator_basis_points: row?.creatorShare ?? share,
  created_at: row ? iso(row.createdAt) : null,
});

export const readClonePrice = operation({
  summary: "What a clone costs those who talk to it",
  tags,
  action: "clone.read",
  params: ["id"],
  output: clonePrice,
  async run(ctx, { params: { id } }) {
    await getClone(ctx, id);
    const [row] = await selectClonePrice(ctx.db, id);
    return present(id, row, ctx.config.CREATOR_SHARE_PERCENT * 100);
  },
});

/** Who contributes, with the wallets that they are paid into: those of their own workspaces. Throws `not_found` for who is no member. */
async function contributorsOf(
  { db, actor: { workspaceId } }: Context<UserActor>,
  given: { user_id: string; basis_points: number }[],
): Promise<ClonePriceRow["contributors"]> {
  const homes = await homesOfMembers(
    db,
    workspaceId,
    given.map(({ user_id }) => user_id),
  );
  return given.map(({ user_id: userId, basis_points: basisPoints }) => {
    const home = homes.get(userId);
    if (!home) throw notFound("member");
    return { userId, workspaceId: home, basisPoints };
  });
}

/** A new version: what was begun by an older one is paid by that. Throws `not_found`, `validation_failed` where contributors get more than there is. */
export const setClonePrice = operation({
  summary: "Say what a clone costs those who talk to it",
  tags,
  action: "price.write",
  audit: "clone.priced",
  params: ["id"],
  input: clonePriceInput,
  output: clonePrice,
  async run(ctx, { params: { id }, body }) {
    const { workspaceId, userId } = ctx.actor;
    await getClone(ctx, id);
    const creatorShare = ctx.config.CREATOR_SHARE_PERCENT * 100;
    const given = body.contributors.reduce((sum, { basis_points }) => sum + basis_points, 0);
    if (given > creatorShare)
      throw refusedField(
        "contributors",
        `Contributors get ${given} ten-thousandths together, and there are ${creatorShare}: the rest is the platform’s.`,
      );
    const row: ClonePriceRow = {
      id: newId("price"),
      cloneId: id,
      workspaceId,
      payer: body.payer,
      perMessage: body.per_message,
      perSession: body.per_session,
      sessionMinutes: body.session_minutes,
      perExpertMinute: body.per_expert_minute,
      trialMessages: body.trial_messages,
      creatorShare,
      contributors: await contributorsOf(ctx, body.contributors),
      createdBy: userId,
      createdAt: ctx.clock.now(),
    };
    const [stored] = await withAudit(ctx, insertClonePrice(ctx.db, row), {
      action: "clone.priced",
      resource: { kind: "clone", id },
      details: { payer: body.payer, per_message: body.per_message, per_session: body.per_session },
    });
    await cloneChanged(ctx, id);
    return present(id, stored, creatorShare);
  },
});
