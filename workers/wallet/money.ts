/** One credit, in micro-credits: 0.01 USD at list price. */
export const microCreditsPerCredit = 1_000_000;
/** So many credits are one US dollar. */
export const creditsPerDollar = 100;
