import { iso } from "../platform/clock.ts";
import { notFound, Problem } from "../platform/errors.ts";
import { newId } from "../platform/ids.ts";
import { creditsText } from "../wallet/credits.ts";
import type { Operation } from "../wallet/terms.ts";
import { askWallet } from "../wallet/wallets.ts";
import { recordAudit } from "../workspaces/audited.ts";
import type { Context, UserActor } from "../workspaces/context.ts";
import { operation } from "../workspaces/operation.ts";
import { termsOf } from "./bill.ts";
import { tags } from "./contract.ts";
import { getTalkableClone } from "./get-talkable-clone.ts";
import { type ClonePriceRow, selectClonePrice } from "./price-queries.ts";
import {
  cloneSession,
  cloneSessions,
  extendSessionInput,
  openSessionInput,
  type WireSession,
} from "./session-contract.ts";

const minute = 60_000;

type Held = Operation & { left: number };

const present = ({ id, details, state, amount, left, at, expiresAt, endedAt }: Held): WireSession => ({
  id,
  clone_id: String(details.clone_id),
  state: state as WireSession["state"],
  price: amount,
  left,
  opened_at: iso(at),
  until: expiresAt === null ? null : iso(expiresAt),
  closed_at: endedAt === null ? null : iso(endedAt),
});

/** A clone's price where it has sessions and the asker pays for them. Throws `not_found`, `validation_failed`. */
async function priceOfSessions(ctx: Context<UserActor>, cloneId: string) {
  const clone = await getTalkableClone(ctx, cloneId);
  const [price] = await selectClonePrice(ctx.db, cloneId);
  if (ctx.config.BILLING === "off" || clone.workspaceId === ctx.actor.workspaceId)
    throw new Problem("validation_failed", "You need no session here: this clone answers you as it is.");
  if (price?.payer !== "visitor" || price.perSession === null || price.sessionMinutes === null)
    throw new Problem("validation_failed", "This clone has no sessions. Ask it as it is.");
  return price as ClonePriceRow & { perSession: number; sessionMinutes: number };
}

/** A session of the actor's workspace. Throws `not_found`. */
async function sessionOf(ctx: Context<UserActor>, id: string): Promise<Held> {
  const { workspaceId } = ctx.actor;
  const found = await askWallet(ctx, workspaceId, (wallet) => wallet.session(workspaceId, id));
  if (!found) throw notFound("session");
  return found;
}

const wallSentences: Record<string, string> = {
  funds: "and the wallet has less. Top it up to open one.",
  per_day: "and the day’s limit leaves less. Raise it in the wallet, or open one tomorrow.",
  per_month: "and the month’s limit leaves less. Raise it in the wallet.",
};
const refused = (wall: string, price: number) =>
  new Problem(
    "insufficient_credits",
    `A session costs ${creditsText(price)}, ${wallSentences[wall] ?? "and there is less."}`,
  );

/** Throws `not_found`, `insufficient_credits`, and `validation_failed` where there are no sessions, or none is needed. */
export const openSession = operation({
  summary: "Open a session with a clone",
  description:
    "Its price is set aside; what models take in it is paid of that. It closes when its time is over, and then its creator has what is left.",
  tags,
  action: "wallet.spend",
  audit: "consultation.opened",
  params: ["id"],
  input: openSessionInput,
  output: cloneSession,
  async run(ctx, { params: { id: cloneId }, body }) {
    const { workspaceId, userId } = ctx.actor;
    const price = await priceOfSessions(ctx, cloneId);
    const id = body.id ?? newId("consultation");
    const ask = {
      ...{ id, price: price.perSession, terms: termsOf(price) },
      details: { clone_id: cloneId, user_id: userId },
      until: ctx.clock.now() + price.sessionMinutes * minute,
    };
    const wall = await askWallet(
      ctx,
      workspaceId,
      async (wallet): Promise<string | null> => wallet.openSession(workspaceId, ask),
    );
    if (wall) throw refused(wall, price.perSession);
    await recordAudit(ctx, {
      action: "consultation.opened",
      resource: { kind: "clone", id: cloneId },
      details: { session_id: id, micro_credits: price.perSession },
    });
    return present(await sessionOf(ctx, id));
  },
});

/** Throws `not_found`. */
export const listSessions = operation({
  summary: "The workspace’s sessions with a clone that are open",
  tags,
  action: "wallet.read",
  params: ["id"],
  output: cloneSessions,
  async run(ctx, { params: { id: cloneId } }) {
    const { workspaceId } = ctx.actor;
    await getTalkableClone(ctx, cloneId);
    const open = await askWallet(ctx, workspaceId, (wallet) => wallet.openSessions(workspaceId, cloneId));
    return { data: open.map(present) };
  },
});

/** As long again, for the price that holds now. Throws `not_found`, `conflict` for one that is over, `insufficient_credits`. */
export const extendSession = operation({
  summary: "Make a session longer",
  tags,
  action: "wallet.spend",
  audit: "consultation.extended",
  params: ["id"],
  input: extendSessionInput,
  output: cloneSession,
  async run(ctx, { params: { id }, body }) {
    const { workspaceId } = ctx.actor;
    const session = await sessionOf(ctx, id);
    const price = await priceOfSessions(ctx, String(session.details.clone_id));
    const until = (session.expiresAt ?? ctx.clock.now()) + price.sessionMinutes * minute;
    const more = { price: price.perSession, until };
    const wall = await askWallet(
      ctx,
      workspaceId,
      async (wallet): Promise<string | null> => wallet.extendSession(workspaceId, body.id, id, more),
    );
    if (wall === "closed") throw new Problem("conflict", "This session is over. Open another one.");
    if (wall) throw refused(wall, price.perSession);
    await recordAudit(ctx, {
      action: "consultation.extended",
      resource: { kind: "clone", id: String(session.details.clone_id) },
      details: { session_id: id, micro_credits: price.perSession },
    });
    return present(await sessionOf(ctx, id));
  },
});

/** Before anything was answered, all of it is given back. Throws `not_found`. */
export const closeSession = operation({
  summary: "Close a session before its time",
  tags,
  action: "wallet.spend",
  audit: "consultation.closed",
  params: ["id"],
  output: cloneSession,
  async run(ctx, { params: { id } }) {
    const { workspaceId } = ctx.actor;
    const session = await sessionOf(ctx, id);
    await askWallet(ctx, workspaceId, async (wallet) => void (await wallet.closeSession(workspaceId, id)));
    const closed = await sessionOf(ctx, id);
    await recordAudit(ctx, {
      action: "consultation.closed",
      resource: { kind: "clone", id: String(session.details.clone_id) },
      details: { session_id: id, given_back: closed.state === "released" },
    });
    return present(closed);
  },
});
