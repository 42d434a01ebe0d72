import { and, desc, eq, gt, lt, sql } from "drizzle-orm";
import type { Database } from "../../db/client.ts";
import { signInAttempts } from "../../db/schema/accounts.ts";

type Attempt = typeof signInAttempts.$inferSelect;

const since = (subject: string, time: number) =>
  and(eq(signInAttempts.subject, subject), gt(signInAttempts.createdAt, time));

/**
 * Writes a guess down, unless it comes too early: after as many as `waits` has before the present one since `begin` (ms), the last has to
 * be that long ago. Whether it did. Forgets what is older than `begin`.
 */
export async function insertAttempt(
  db: Database,
  { id, subject, createdAt: now }: Attempt,
  { begin, waits }: { begin: number; waits: number[] },
): Promise<boolean> {
  const mayGuess = sql`CASE count(*) ${sql.join(waits.map((wait, count) => sql`WHEN ${count} THEN coalesce(max(created_at), 0) <= ${now - wait} `))} ELSE 0 END`;
  const [, made] = await db.batch([
    db.delete(signInAttempts).where(lt(signInAttempts.createdAt, begin)),
    db
      .insert(signInAttempts)
      .select(
        sql`SELECT ${id}, ${subject}, ${now} WHERE (SELECT ${mayGuess} FROM ${signInAttempts} WHERE ${since(subject, begin)})`,
      )
      .returning({ id: signInAttempts.id }),
  ]);
  return made.length > 0;
}

/** When the last `most` guesses since `begin` (ms) were made, in ms, newest first. */
export async function attemptTimes(
  db: Database,
  subject: string,
  { begin, most }: { begin: number; most: number },
): Promise<number[]> {
  const rows = await db
    .select({ at: signInAttempts.createdAt })
    .from(signInAttempts)
    .where(since(subject, begin))
    .orderBy(desc(signInAttempts.createdAt))
    .limit(most);
  return rows.map(({ at }) => at);
}

/** Forgets a guess. */
export async function deleteAttempt(db: Database, id: string): Promise<void> {
  await db.delete(signInAttempts).where(eq(signInAttempts.id, id));
}
