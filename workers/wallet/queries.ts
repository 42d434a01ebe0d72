import { and, asc, eq, gt, gte, lt, type SQL, sql } from "drizzle-orm";
import type { Statement } from "../db/batch.ts";
import type { Database } from "../db/client.ts";
import { rowsFromJson } from "../db/rows-from-json.ts";
import { walletBalances, walletDrifts, walletEntries } from "../db/schema/wallet.ts";
import type { Erased } from "../platform/rooms/personal-data.ts";

type Entry = typeof walletEntries.$inferSelect;
type Balance = typeof walletBalances.$inferSelect;
export type Drift = typeof walletDrifts.$inferSelect;

/** The statements that take in what a wallet tells of its books; what is told again, or late, changes nothing. */
export const projectWallet = (db: Database, entries: readonly Entry[], balances: readonly Balance[]): Statement[] => [
  ...rowsFromJson(walletEntries, entries).map((rows) =>
    db.insert(walletEntries).select(sql`${rows} WHERE true`).onConflictDoNothing(),
  ),
  ...rowsFromJson(walletBalances, balances).map((rows) =>
    db
      .insert(walletBalances)
      .select(sql`${rows} WHERE true`)
      .onConflictDoUpdate({
        target: [walletBalances.walletId, walletBalances.account],
        set: { microCredits: sql`excluded.micro_credits`, asOf: sql`excluded.as_of` },
        setWhere: sql`excluded.as_of > ${walletBalances.asOf}`,
      }),
  ),
];

const page = 500;

/** What was booked of a wallet, in its order. */
export async function* eachEntry(db: Database, walletId: string): AsyncGenerator<Entry> {
  let after = 0;
  for (;;) {
    const rows = await db
      .select()
      .from(walletEntries)
      .where(and(eq(walletEntries.walletId, walletId), gt(walletEntries.seq, after)))
      .orderBy(asc(walletEntries.seq))
      .limit(page);
    yield* rows;
    after = rows.at(-1)?.seq ?? after;
    if (rows.length < page) return;
  }
}

/** Wallets that something was told of, behind `after`, in their order. */
export const walletsAfter = (db: Database, after: string, limit: number) =>
  db
    .selectDistinct({ id: walletEntries.walletId })
    .from(walletEntries)
    .where(gt(walletEntries.walletId, after))
    .orderBy(asc(walletEntries.walletId))
    .limit(limit);

/** What the entries of a wallet add up to, account by account. */
export async function projectedSums(db: Database, walletId: string): Promise<Map<string, number>> {
  const { credit, debit, microCredits } = walletEntries;
  const of = eq(walletEntries.walletId, walletId);
  const rows = await db.all<{ account: string; amount: number }>(sql`
    SELECT account, sum(amount) AS amount FROM (
      SELECT ${credit} AS account, ${microCredits} AS amount FROM ${walletEntries} WHERE ${of}
      UNION ALL SELECT ${debit}, -${microCredits} FROM ${walletEntries} WHERE ${of})
    GROUP BY account HAVING sum(amount) <> 0`);
  return new Map(rows.map(({ account, amount }) => [account, amount]));
}

/** When the first entry of all was booked, in ms; null where none was. */
export async function firstEntryAt(db: Database): Promise<number | null> {
  const [row] = await db.select({ at: sql<number | null>`min(${walletEntries.createdAt})` }).from(walletEntries);
  return row?.at ?? null;
}

/** Of some operations, those that something was booked for, in whatever wallet. */
export async function bookedOf(db: Database, operationIds: readonly string[]): Promise<Set<string>> {
  const { operationId } = walletEntries;
  const rows = await db
    .selectDistinct({ operationId })
    .from(walletEntries)
    .where(sql`${operationId} IN (SELECT value FROM json_each(${JSON.stringify(operationIds)}))`);
  return new Set(rows.map((row) => row.operationId));
}

/** Pairs of wallets of which one says to have given the other what that does not say to have got. */
export const unclearedPairs = (db: Database) =>
  db.all<{ walletId: string; other: string }>(sql`
    SELECT given.wallet_id AS walletId, substr(given.account, 10) AS other
    FROM ${walletBalances} given LEFT JOIN ${walletBalances} got
      ON got.wallet_id = substr(given.account, 10) AND got.account = 'clearing:' || given.wallet_id
    WHERE given.account LIKE 'clearing:%' AND given.micro_credits + coalesce(got.micro_credits, 0) <> 0
    ORDER BY 1, 2`);

/** What the platform took from one moment to another, by day. */
export const revenueByDay = (db: Database, since: number, until: number) => {
  const day = sql<string>`strftime('%Y-%m-%d', ${walletEntries.createdAt} / 1000, 'unixepoch')`;
  return db
    .select({ day, micro_credits: sql<number>`sum(${walletEntries.microCredits})`, entries: sql<number>`count(*)` })
    .from(walletEntries)
    .where(
      and(eq(walletEntries.credit, "revenue"), gte(walletEntries.createdAt, since), lt(walletEntries.createdAt, until)),
    )
    .groupBy(day)
    .orderBy(asc(day));
};

/** What all wallets hold together, account by account; those of clearing between them as one. */
export const balancesOfAll = (db: Database) => {
  const account = sql<string>`CASE WHEN ${walletBalances.account} LIKE 'clearing:%' THEN 'clearing' WHEN ${walletBalances.account} LIKE 'session:%' THEN 'sessions' ELSE ${walletBalances.account} END`;
  return db
    .select({ account, micro_credits: sql<number>`sum(${walletBalances.microCredits})` })
    .from(walletBalances)
    .groupBy(account);
};

export const insertDrifts = (db: Database, drifts: readonly Drift[]): Statement[] =>
  drifts.length === 0
    ? []
    : [
        db
          .insert(walletDrifts)
          .values([...drifts])
          .onConflictDoNothing(),
      ];

export const listDrifts = (db: Database, limit: number) =>
  db.select().from(walletDrifts).orderBy(sql`${walletDrifts.foundAt} DESC`, asc(walletDrifts.id)).limit(limit);

/** What goes with a workspace. */
export const removeWallets = (db: Database, { listed }: Erased, isFree: SQL): Statement[] =>
  [walletEntries, walletBalances, walletDrifts].map((table) =>
    db.delete(table).where(and(sql`${table.walletId} IN ${listed("workspace")}`, isFree)),
  );
