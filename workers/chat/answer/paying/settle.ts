import type { Runtime } from "../../../platform/runtime.ts";
import { askWallet } from "../../../wallet/wallets.ts";
import type { Settlement } from "../turn-result.ts";

/** Pays for a turn that has ended, of what was set aside for it; may be repeated. Throws where the wallet cannot be reached. */
export async function settle(ctx: Pick<Runtime, "env">, { wallet, ask }: Settlement): Promise<void> {
  await askWallet(ctx, wallet, (asked) => asked.settle(wallet, ask));
}
