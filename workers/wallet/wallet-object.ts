import { DurableObject } from "cloudflare:workers";
import { Alarm } from "../platform/alarm.ts";
import { createRuntime } from "../platform/runtime.ts";
import { giveAllowance } from "./allowance.ts";
import { Deliveries } from "./deliveries.ts";
import type { EarningAsk } from "./ledger/earnings.ts";
import type { Held, HoldAsk, SettleAsk } from "./ledger/holds.ts";
import { Ledger } from "./ledger/ledger.ts";
import type { Limits, Wall } from "./ledger/limits.ts";
import type { Details, Earned, Operation } from "./ledger/operations.ts";
import type { SessionAsk } from "./ledger/sessions.ts";
import { type Charge, splitCharge } from "./ledger/split.ts";
import { Trials } from "./ledger/trials.ts";

/** A wallet as it is at this moment, in micro-credits. */
export interface WalletState {
  balances: Record<string, number>;
  limits: Limits;
  spent: { day: number; month: number };
  /** What was given and ends: how much is left of it, until when (ms). */
  ending: { amount: number; expiresAt: number }[];
}

/** What the books say of themselves, for who compares. */
export interface WalletAudit {
  balances: Record<string, number>;
  recounted: Record<string, number>;
  lastSeq: number;
  told: number;
}

/** The key under which it stands that the wallet was erased: what comes for it later finds nobody. */
const erasedKey = "erased";

/** How long after something was booked it is told elsewhere, in ms, so that what follows is told with it; and by when that is tried again. */
const [tellAfter, tellAgainAfter] = [200, 5_000];

/**
 * The wallet of whoever pays or earns: a workspace. Its books stand in this object's SQLite; each method is one commit, which stands before the caller hears of it, and may be repeated.
 * The object tells D1, and those who earn by it, in the background. Methods take the wallet's id, as an object does not know its own name.
 */
export class WalletObject extends DurableObject<Env> {
  readonly #ledger = new Ledger(this.ctx.storage);
  readonly #trials = new Trials(this.ctx.storage);
  readonly #alarm = new Alarm(this.ctx.storage);
  readonly #deliveries = new Deliveries(this.env, this.#ledger, this.ctx.storage);
  readonly #config = createRuntime(this.env).config;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isErased = this.ctx.storage.kv.get<boolean>(erasedKey) ?? false;

  /** Does something with the ledger as it is now, and sees to what follows from it. */
  async #do<T>(walletId: string, run: (ledger: Ledger, now: number) => T): Promise<T> {
    if (this.#isErased) throw new Error(`The wallet of ${walletId} was erased.`);
    const now = Date.now();
    if ((this.#ledger.nextDue() ?? now + 1) <= now) this.#ledger.tick(now);
    this.#deliveries.walletId = walletId;
    giveAllowance(this.#ledger, this.#config, now);
    const result = run(this.#ledger, now);
    await this.#arm(now);
    this.#timer ??= setTimeout(() => this.ctx.waitUntil(this.#tell()), tellAfter);
    return result;
  }

  async #arm(now: number): Promise<void> {
    const due = this.#ledger.nextDue();
    const times = [...(due === null ? [] : [due]), ...(this.#deliveries.isDone ? [] : [now + tellAgainAfter])];
    if (times.length > 0) await this.#alarm.setBy(Math.min(...times));
  }

  async #tell(): Promise<boolean> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      await this.#deliveries.run();
      return true;
    } catch (error) {
      createRuntime(this.env).log.error("wallet_not_told", error, { wallet_id: this.#deliveries.walletId });
      return false;
    }
  }

  override async alarm(): Promise<void> {
    this.#alarm.came();
    if (this.#isErased) return;
    this.#ledger.tick(Date.now());
    await this.#tell();
    await this.#arm(Date.now());
  }

  async hold(walletId: string, ask: HoldAsk): Promise<Held> {
    if (this.#isErased) return { refused: "funds", room: 0 };
    return this.#do(walletId, (ledger, now) => ledger.holds.hold(ask, now));
  }

  /** Of one that was erased nothing is taken: whoever has still to tell of an answer is done with it. */
  async settle(walletId: string, ask: SettleAsk): Promise<Charge> {
    if (this.#isErased) return splitCharge(ask.due, ask.terms, 0);
    return this.#do(walletId, (ledger, now) => ledger.holds.settle(ask, now));
  }

  async charge(walletId: string, asks: readonly SettleAsk[]): Promise<void> {
    if (this.#isErased) return;
    return this.#do(walletId, (ledger, now) => {
      for (const ask of asks) ledger.holds.charge(ask, now);
    });
  }

  /** Whether an answer is among the first that are free. */
  async takeTrial(cloneId: string, answerId: string, most: number): Promise<boolean> {
    return !this.#isErased && this.#trials.take(cloneId, answerId, most);
  }

  async fund(walletId: string, ask: { id: string; amount: number; details: Details }): Promise<boolean> {
    return this.#do(walletId, (ledger, now) => ledger.funds.fund(ask, now));
  }

  async grant(
    walletId: string,
    ask: { id: string; amount: number; expiresAt: number | null; isPaid: boolean; details: Details },
  ): Promise<boolean> {
    return this.#do(walletId, (ledger, now) => ledger.funds.grant(ask, now));
  }

  async refund(
    walletId: string,
    ask: { id: string; amount: number; force: boolean; details: Details },
  ): Promise<number> {
    return this.#do(walletId, (ledger, now) => ledger.funds.refund(ask, now));
  }

  async refundFailed(walletId: string, id: string): Promise<void> {
    return this.#do(walletId, (ledger, now) => ledger.funds.refundFailed(id, now));
  }

  async dispute(walletId: string, ask: { id: string; amount: number; details: Details }): Promise<void> {
    return this.#do(walletId, (ledger, now) => ledger.disputes.open(ask, now));
  }

  async endDispute(walletId: string, id: string, isWon: boolean, earnedSince: number): Promise<void> {
    return this.#do(walletId, (ledger, now) => ledger.disputes.end(id, isWon, earnedSince, now));
  }

  async openSession(walletId: string, ask: SessionAsk): Promise<Wall | null> {
    return this.#do(walletId, (ledger, now) => ledger.sessions.open(ask, now));
  }

  async extendSession(
    walletId: string,
    id: string,
    sessionId: string,
    more: { price: number; until: number },
  ): Promise<Wall | "closed" | null> {
    return this.#do(walletId, (ledger, now) => ledger.sessions.extend(id, sessionId, more, now));
  }

  async closeSession(walletId: string, id: string): Promise<Charge | null> {
    return this.#do(walletId, (ledger, now) => ledger.sessions.close(id, now));
  }

  /** A session, with what is left of it for answers; null where there is none. */
  async session(_walletId: string, id: string): Promise<(Operation & { left: number }) | null> {
    const { operations, sessions } = this.#ledger;
    const found = operations.find(id);
    return found?.kind === "session" && found.state !== "done" ? { ...found, left: sessions.left(id) } : null;
  }

  /** The sessions with a clone that are open. */
  async openSessions(walletId: string, cloneId: string): Promise<(Operation & { left: number })[]> {
    return this.#do(walletId, ({ operations, sessions }) =>
      operations
        .openOf("session")
        .filter(({ details }) => details.clone_id === cloneId)
        .map((session) => ({ ...session, left: sessions.left(session.id) })),
    );
  }

  /** False where that was done before, or nobody is there any more. */
  async earn(walletId: string, ask: EarningAsk): Promise<boolean> {
    if (this.#isErased) return false;
    return this.#do(walletId, (ledger, now) => ledger.earnings.earn(ask, now));
  }

  async reverseEarning(walletId: string, ask: Omit<EarningAsk, "matureAt">): Promise<boolean> {
    if (this.#isErased) return false;
    return this.#do(walletId, (ledger, now) => ledger.earnings.reverse(ask, now));
  }

  async beginPayout(walletId: string, id: string, amount: number, details: Details): Promise<number> {
    return this.#do(walletId, (ledger, now) => ledger.earnings.beginPayout(id, amount, details, now));
  }

  async endPayout(walletId: string, id: string, isPaid: boolean): Promise<void> {
    return this.#do(walletId, (ledger, now) => ledger.earnings.endPayout(id, isPaid, now));
  }

  async reversePayout(
    walletId: string,
    ask: { id: string; payout: string; amount: number; details: Details },
  ): Promise<void> {
    return this.#do(walletId, (ledger, now) => ledger.earnings.reversePayout(ask, now));
  }

  async setLimits(walletId: string, limits: Limits): Promise<void> {
    return this.#do(walletId, ({ books, spending }) => books.commit(() => spending.setLimits(limits)));
  }

  async read(walletId: string): Promise<WalletState> {
    return this.#do(walletId, ({ books, spending, purse }, now) => ({
      balances: Object.fromEntries(books.balances()),
      limits: spending.limits,
      spent: spending.spent(now),
      ending: purse.lots().flatMap(({ left, expiresAt }) => (expiresAt === null ? [] : [{ amount: left, expiresAt }])),
    }));
  }

  /** What was done, the newest first, before number `before`. */
  async operations(_walletId: string, before: number | null, limit: number): Promise<(Operation & { seq: number })[]> {
    return this.#ledger.operations.page(before, limit);
  }

  /** What was paid for an answer, a turn each. */
  async operationsOf(_walletId: string, messageId: string): Promise<Operation[]> {
    return this.#ledger.operations.ofMessage(messageId);
  }

  async operation(_walletId: string, id: string): Promise<Operation | null> {
    return this.#ledger.operations.find(id) ?? null;
  }

  async earnedByClone(_walletId: string): Promise<Earned[]> {
    return this.#ledger.operations.earnedByClone();
  }

  /** What the books say, once all of it has been told; null where the wallet was erased. */
  async audit(walletId: string): Promise<WalletAudit | null> {
    if (this.#isErased) return null;
    await this.#do(walletId, () => undefined);
    await this.#tell();
    const { books } = this.#ledger;
    const { lastSeq, told } = this.#deliveries;
    const [balances, recounted] = [Object.fromEntries(books.balances()), Object.fromEntries(books.recounted())];
    return { balances, recounted, lastSeq, told };
  }

  /** Resolves when D1, and those who earn by it, have heard of all that was booked so far; throws where they cannot be reached. */
  async caughtUp(walletId: string): Promise<void> {
    if (this.#isErased) return;
    this.#deliveries.walletId = walletId;
    await this.#deliveries.run();
  }

  /**
   * Forgets the wallet: what is under way in it ends, those who earn by it hear of theirs, and all that stands here goes. May be repeated. Throws where somebody cannot be told: then nothing
   * goes.
   */
  async erase(walletId: string): Promise<void> {
    if (this.#isErased) return;
    this.#deliveries.walletId = walletId;
    this.#ledger.endAll(Date.now());
    while (!this.#deliveries.isDone) await this.#deliveries.run();
    this.#isErased = true;
    clearTimeout(this.#timer);
    await this.ctx.storage.deleteAlarm();
    await this.ctx.storage.deleteAll();
    this.ctx.storage.kv.put(erasedKey, true);
  }
}
