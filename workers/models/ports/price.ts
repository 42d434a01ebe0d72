/** Micro-credits for 1,000,000 tokens: whole numbers, and never rounded. 1 credit is 1,000,000 micro-credits, and 0.01 USD. */
export interface Rates {
  input: number;
  output: number;
  /** Of what is read from the provider's cache, and of what is written there. */
  cacheRead: number;
  cacheWrite: number;
}

/** What a model's tokens cost. Where nobody knows there is none: that is never the same as costing nothing. */
export interface Price {
  /** The row that it is from, for whoever asks later how a cost came about. */
  id: string;
  /** The day as of which it is known; null of what costs nothing as it runs on a machine of one's own. */
  date: string | null;
  rates: Rates;
  /** What a whole call costs instead where its prompt has more than so many tokens; the smallest first. */
  tiers: { above: number; rates: Rates }[];
}
