import { Problem } from "../platform/errors.ts";
import type { Runtime } from "../platform/runtime.ts";
import { noTerms, type Terms } from "../wallet/terms.ts";
import { askWallet } from "../wallet/wallets.ts";
import type { Actor } from "../workspaces/context.ts";
import type { ClonePriceRow } from "./price-queries.ts";

/** Who pays for an answer, and what: kept with its turn, so that a price that changes later touches nothing that was begun. */
export interface Bill {
  /** The wallet that pays: a workspace's. */
  wallet: string;
  /** For the answer, above what its model takes, in micro-credits. */
  price: number;
  /** Whether it is only answered in a session. */
  needsSession: boolean;
  terms: Terms;
}

/** Who asks whom. */
interface Asked {
  actor: Actor;
  /** The workspace in which it is asked. */
  workspaceId: string;
  clone: { id: string; workspaceId: string } | null;
  price: ClonePriceRow | null;
  /** The answer’s message, which stays as it is gone on with: answers that are free are counted by it. */
  messageId: string;
}

/** The wallet pays what its model takes, and no more. */
const plain = (wallet: string): Bill => ({ wallet, price: 0, needsSession: false, terms: noTerms });

/** The creator's part, and those of who contributed, out of the creator's share. */
export function termsOf({ id, workspaceId, creatorShare, contributors }: ClonePriceRow): Terms {
  const others = contributors.map(({ workspaceId: wallet, basisPoints }) => ({ wallet, basisPoints }));
  const left = others.reduce((rest, { basisPoints }) => rest - basisPoints, creatorShare);
  return { priceId: id, shares: [{ wallet: workspaceId, basisPoints: left }, ...others] };
}

/** Whose wallet counts the answers that are free: that of whoever asks, also where they are nobody known. */
const trialOf = (actor: Actor): string | null =>
  actor.kind === "user" ? actor.workspaceId : actor.kind === "visitor" ? actor.visitorId : null;

/**
 * Who pays for an answer: whoever asks where the clone's price says so and they are none of its workspace, else the clone's workspace, or without a clone the one in which it is asked. Null where
 * nothing is billed. Throws `insufficient_credits` for a visitor whom nobody knows, of a clone that visitors pay.
 */
export async function billOf(ctx: Pick<Runtime, "config" | "env">, asked: Asked): Promise<Bill | null> {
  const { actor, workspaceId, clone, price, messageId } = asked;
  if (ctx.config.BILLING === "off") return null;
  if (!clone) return plain(workspaceId);
  const isOwn = actor.kind === "job" || (actor.kind === "user" && actor.workspaceId === clone.workspaceId);
  if (isOwn || price?.payer !== "visitor") return plain(clone.workspaceId);
  const trial = trialOf(actor);
  if (trial && price.trialMessages > 0) {
    const { trialMessages } = price;
    const isFree = await askWallet(ctx, trial, (wallet) => wallet.takeTrial(clone.id, messageId, trialMessages));
    if (isFree) return plain(clone.workspaceId);
  }
  if (actor.kind !== "user")
    throw new Problem(
      "insufficient_credits",
      "Answers of this clone are paid for. Sign in to go on, and pay by credits.",
    );
  return {
    wallet: actor.workspaceId,
    price: price.perMessage ?? 0,
    needsSession: price.perMessage === null && price.perSession !== null,
    terms: termsOf(price),
  };
}
