import { personById } from "../accounts/person-queries.ts";
import { newId } from "../platform/ids.ts";
import type { Context, UserActor } from "../workspaces/context.ts";
import { askNow } from "./processor-of.ts";
import type { Processor } from "./processors/processor.ts";
import { findCustomer, keepCustomer } from "./queries.ts";

/** The address of whoever asks, which receipts are sent to. */
export async function emailOf({ db, actor }: Context<UserActor>): Promise<string | null> {
  return (await personById(db, actor.userId))?.user.email ?? null;
}

/** As whom the processor knows the workspace that is acted in: from its first purchase on. */
export async function customerOf(ctx: Context<UserActor>, processor: Processor): Promise<string> {
  const { workspaceId: account } = ctx.actor;
  const known = await findCustomer(ctx.db, processor.name, account);
  if (known) return known;
  const email = await emailOf(ctx);
  // Where two ask at once, one of the two customers stays without a use.
  const customer = await askNow(ctx, processor.createCustomer(newId("call"), { account, email }));
  await keepCustomer(ctx.db, { processor: processor.name, account, customer, createdAt: ctx.clock.now() });
  return (await findCustomer(ctx.db, processor.name, account)) ?? customer;
}
