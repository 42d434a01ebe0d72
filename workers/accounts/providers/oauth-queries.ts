import { and, eq, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import type { Database } from "../../db/client.ts";
import { accounts, users } from "../../db/schema/accounts.ts";
import { newId } from "../../platform/ids.ts";
import type { Person } from "../person-queries.ts";
import type { AtFirst } from "./whose-account.ts";

/** Who somebody is at a provider: its authority, and their id there. */
export interface Link {
  authority: string;
  subject: string;
}

/** What is stored behind a link, in its batch; each has to say by itself whether the link is there. */
export type LinkStatements = BatchItem<"sqlite">[];

/** That a link is stored, for a person. */
export const hasLink = ({ authority, subject }: Link, userId: string) =>
  sql`EXISTS (SELECT 1 FROM ${accounts} WHERE provider_id = ${authority} AND account_id = ${subject} AND user_id = ${userId})`;

/** The person who signs in by `link`. */
export async function linkedPerson(db: Database, { authority, subject }: Link): Promise<Person | undefined> {
  const rows = await db
    .select({ user: users })
    .from(accounts)
    .innerJoin(users, eq(accounts.userId, users.id))
    .where(and(eq(accounts.providerId, authority), eq(accounts.accountId, subject)));
  return rows[0]?.user;
}

/** Stores a link where `condition` holds and neither side has one at that provider. All columns in their order: no token is kept. */
function insertLink(
  db: Database,
  { authority, subject }: Link,
  userId: string,
  now: number,
  condition: ReturnType<typeof sql>,
) {
  return db
    .insert(accounts)
    .select(
      sql`SELECT ${newId("account")}, ${subject}, ${authority}, ${userId}, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ${now}, ${now} WHERE ${condition} AND NOT EXISTS (SELECT 1 FROM ${accounts} WHERE provider_id = ${authority} AND (account_id = ${subject} OR user_id = ${userId}))`,
    )
    .returning({ id: accounts.id });
}

/** A new person whose address is confirmed, with their link; undefined where the address has an account. `now` in ms. */
export async function insertLinkedPerson(
  db: Database,
  { email, name, link, atFirst }: { email: string; name: string; link: Link; atFirst: AtFirst },
  now: number,
): Promise<Person | undefined> {
  const at = new Date(now);
  const id = newId("user");
  const [made] = await db.batch([
    db
      .insert(users)
      .values({ id, email, name, emailVerified: true, createdAt: at, updatedAt: at })
      .onConflictDoNothing({ target: users.email })
      .returning(),
    insertLink(db, link, id, now, sql`EXISTS (SELECT 1 FROM ${users} WHERE id = ${id})`),
    ...(await atFirst({ userId: id })),
  ]);
  return made[0];
}

/**
 * Lets a person sign in by `link` from now on. False where the address is no longer their own and confirmed, or where they or the
 * link belong to somebody else at that provider.
 */
export async function linkPerson(
  db: Database,
  { userId, email, link, atFirst }: { userId: string; email: string; link: Link; atFirst: AtFirst },
  now: number,
): Promise<boolean> {
  const confirmed = sql`EXISTS (SELECT 1 FROM ${users} WHERE id = ${userId} AND email = ${email} AND email_verified = 1)`;
  const [made] = await db.batch([insertLink(db, link, userId, now, confirmed), ...(await atFirst({ userId }))]);
  return made.length > 0;
}

/** Forgets all links to authorities whose names begin with `prefix`. */
export function removeLinks(db: Database, prefix: string) {
  return db.delete(accounts).where(sql`substr(${accounts.providerId}, 1, ${prefix.length}) = ${prefix}`);
}
