/** Who earns by an answer or a session, and how much of its price: so many ten-thousandths. */
export interface Share {
  /** The earner's wallet. */
  wallet: string;
  basisPoints: number;
}

/** By what something is paid: kept with what was begun by it, so that what changes later touches nothing. */
export interface Terms {
  /** The version of the clone's price that holds; null where it has none. */
  priceId: string | null;
  shares: readonly Share[];
}

/** Those of what has no price. */
export const noTerms: Terms = { priceId: null, shares: [] };

/** What is to be paid: what the model took, and the clone's price, in micro-credits. */
export interface Due {
  usage: number;
  price: number;
}

/** What was paid, to whom: its parts are `total` together, always. */
export interface Charge {
  total: number;
  /** For the model: the platform's, which pays its provider. */
  usage: number;
  /** Of the price, what stays with the platform. */
  fee: number;
  shares: { wallet: string; amount: number }[];
  /** What it would have cost above what was set aside for it: nobody pays that. */
  absorbed: number;
}

/** A share of an amount, rounded down: what is lost by that stays with the platform. */
const shareOf = (amount: number, basisPoints: number): number =>
  Number((BigInt(amount) * BigInt(basisPoints)) / 10_000n);

/** Parts what is due among those who get it, at most `most`: the model is paid first. */
export function splitCharge(due: Due, { shares }: Terms, most: number): Charge {
  const asked = due.usage + due.price;
  const total = Math.min(asked, most);
  const usage = Math.min(due.usage, total);
  const price = total - usage;
  const parted = shares.map(({ wallet, basisPoints }) => ({ wallet, amount: shareOf(price, basisPoints) }));
  const fee = price - parted.reduce((sum, { amount }) => sum + amount, 0);
  return { total, usage, fee, shares: parted, absorbed: asked - total };
}
