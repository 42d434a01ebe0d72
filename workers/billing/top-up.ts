import { Problem } from "../platform/errors.ts";
import type { Runtime } from "../platform/runtime.ts";
import { callProcessor } from "./call-processor.ts";
import { offerOf } from "./catalogue/catalogue.ts";
import type { CallRow } from "./outbox-queries.ts";
import { processorOf } from "./processor-of.ts";
import { findCheckout, findCustomer, insertCheckout } from "./queries.ts";

/**
 * Buys a pack by the card that the account paid by before, without anybody there. `id`: what for, so that it is bought once; begins with `buy_`. The wallet is told by the effect `fund`. A call that `failed` says why:
 * `authentication_required` asks for the person themselves. Throws `conflict` where there is no card.
 */
export async function topUp(
  runtime: Runtime,
  { id, account, pack, currency }: { id: string; account: string; pack: string; currency: string },
): Promise<CallRow> {
  const { db, clock, config } = runtime;
  const processor = processorOf(runtime);
  const customer = await findCustomer(db, processor.name, account);
  if (customer === null) throw new Problem("conflict", "Buy a pack once before it can be bought by itself.");
  const known = await findCheckout(db, id);
  const offer = known?.offer ?? offerOf(config, "pack", pack, currency);
  const now = clock.now();
  const none = { userId: null, session: null, subscription: null, status: "open" } as const;
  const row = {
    id,
    account,
    kind: "top_up",
    offer,
    processor: processor.name,
    createdAt: now,
    updatedAt: now,
  } as const;
  if (!known) await insertCheckout(db, { ...row, ...none });
  const { amount, name: description } = offer;
  const call = { kind: "charge", customer, checkout: id, amount, currency: offer.currency, description } as const;
  return callProcessor(runtime, { id: `charge:${id}`, account, call });
}
