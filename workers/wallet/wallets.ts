import type { Runtime } from "../platform/runtime.ts";
import type { WalletObject } from "./wallet-object.ts";

/** The object of a wallet. */
export const walletObject = (env: Env, walletId: string): DurableObjectStub<WalletObject> =>
  env.WALLET.get(env.WALLET.idFromName(walletId));

/** Asks a wallet for something that may be repeated: an object that dies under the call is there again for the next. */
export async function askWallet<T>(
  { env }: Pick<Runtime, "env">,
  walletId: string,
  ask: (wallet: DurableObjectStub<WalletObject>) => Promise<T>,
): Promise<T> {
  return ask(walletObject(env, walletId)).catch(() => ask(walletObject(env, walletId)));
}
