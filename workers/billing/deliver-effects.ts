import type { Runtime } from "../platform/runtime.ts";
import type { Wallets } from "./effects.ts";
import { listWaitingEffects, noteEffect } from "./inbox-queries.ts";

const atOnce = 200;

/**
 * Tells wallets what follows from what processors told: each account's in its order, and again where nobody knows whether it was heard. One that fails keeps its account's later ones
 * waiting, and nobody else's.
 */
export async function deliverEffects(runtime: Runtime, wallets: Wallets): Promise<void> {
  const { db, clock, log } = runtime;
  const stuck = new Set<string>();
  for (const { seq, account, effect } of await listWaitingEffects(db, atOnce)) {
    if (stuck.has(account)) continue;
    try {
      await wallets.apply(effect);
      await noteEffect(db, seq, { appliedAt: clock.now(), error: null });
    } catch (error) {
      stuck.add(account);
      log.error("wallet_effect_failed", error, { id: effect.id });
      await noteEffect(db, seq, { error: String(error).slice(0, 500) });
    }
  }
}
