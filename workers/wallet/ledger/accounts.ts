/**
 * The accounts of one wallet's books. Every transfer takes from one and gives to another, so that all of them add up to nothing, always. What somebody is owed stands above zero, and
 * never falls below; on the other side stand those where it came from or went.
 */
export type LedgerAccount =
  /** What was paid in, and can be spent or paid back. */
  | "available"
  /** What was given, with the day on which it ends: plans' credits, allowances, coupons. */
  | "granted"
  /** Set aside for what is being done. */
  | "held"
  /** Set aside for a session with an expert's clone. */
  | `session:${string}`
  /** What a bank has taken back and is argued about. */
  | "disputed"
  /** What was earned: until nobody can take it back; then until it is paid out; on its way. */
  | "pending"
  | "earned"
  | "paying"
  /** Above this line nothing falls below zero. What was spent and then taken back by a bank: what is paid in next goes here first. */
  | "debt"
  /** What was paid out and then taken back: what is earned next goes here first. */
  | "overpaid"
  /** The world outside: what came in is on the negative side. */
  | "cash"
  | "gifts"
  | "expired"
  /** The platform's own. */
  | "revenue"
  /** What is on its way to, or came from, another wallet's books: all wallets' together are zero once it has arrived. */
  | `clearing:${string}`;

const unbounded = /^(?:debt|overpaid|cash|gifts|expired|revenue|clearing:.+)$/;

/** Whether an account may never fall below zero. */
export const isOwed = (account: LedgerAccount): boolean => !unbounded.test(account);

/** Whether an account may not rise above zero: what is owed to the platform is paid back, not overpaid. */
export const isOwing = (account: LedgerAccount): boolean => account === "debt" || account === "overpaid";
