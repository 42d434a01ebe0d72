import { and, eq, type SQL, sql } from "drizzle-orm";
import type { AuditStatements } from "../audit/record.ts";
import type { Database } from "../db/client.ts";
import { accounts, users } from "../db/schema/accounts.ts";
import { newId } from "../platform/ids.ts";
import { insertConsent, type NewConsent } from "./consent-queries.ts";

/** The provider of those who sign in with a password. */
const credential = "credential";

export type Person = typeof users.$inferSelect;

/** A person with the hash of their password, which is null where they have none, by address or by id. */
async function findPerson(db: Database, which: { email: string } | { id: string }) {
  const rows = await db
    .select({ user: users, passwordHash: accounts.password })
    .from(users)
    .leftJoin(accounts, and(eq(accounts.userId, users.id), eq(accounts.providerId, credential)))
    .where("email" in which ? eq(users.email, which.email) : eq(users.id, which.id));
  return rows[0];
}

export const personByEmail = (db: Database, email: string) => findPerson(db, { email });
export const personById = (db: Database, id: string) => findPerson(db, { id });

/** Sets a person's password, also their first. `now` in ms. */
export async function storePassword(
  db: Database,
  userId: string,
  password: string,
  now: number,
  audit: AuditStatements,
): Promise<void> {
  const updatedAt = new Date(now);
  const change = db
    .update(accounts)
    .set({ password, updatedAt })
    .where(and(eq(accounts.userId, userId), eq(accounts.providerId, credential)))
    .returning({ id: accounts.id });
  const [changed] = await db.batch([change, ...audit]);
  if (changed.length > 0) return;
  const id = newId("account");
  const first = { id, accountId: userId, providerId: credential, userId, password, createdAt: updatedAt, updatedAt };
  await db.batch([db.insert(accounts).values(first), ...audit]);
}

interface NewPerson {
  email: string;
  name: string;
  passwordHash: string;
  /** What they agree to; null where nobody is asked. */
  consent: NewConsent | null;
}

/** A new person with their password, in one batch; undefined where the address has an account, also one made in parallel. */
export async function insertPerson(db: Database, input: NewPerson, now: number): Promise<Person | undefined> {
  const at = new Date(now);
  const id = newId("user");
  const [made] = await db.batch([
    db
      .insert(users)
      .values({ id, email: input.email, name: input.name, createdAt: at, updatedAt: at })
      .onConflictDoNothing({ target: users.email })
      .returning(),
    // All columns in their order, the six of foreign providers empty.
    db
      .insert(accounts)
      .select(
        sql`SELECT ${newId("account")}, ${id}, ${credential}, ${id}, NULL, NULL, NULL, NULL, NULL, NULL, ${input.passwordHash}, ${now}, ${now} WHERE EXISTS (SELECT 1 FROM ${users} WHERE id = ${id})`,
      ),
    ...(input.consent ? [insertConsent(db, id, input.consent, now)] : []),
  ]);
  return made[0];
}

/** Changes a person where `condition` holds. Whether it did. */
async function changePerson(
  db: Database,
  set: Partial<Person>,
  condition: SQL | undefined,
  now: number,
  audit: AuditStatements,
): Promise<boolean> {
  const change = db
    .update(users)
    .set({ ...set, updatedAt: new Date(now) })
    .where(condition)
    .returning({ id: users.id });
  const [changed] = await db.batch([change, ...audit]);
  return changed.length > 0;
}

/** Marks an address as its person's own, unless they have another by now. Whether it was theirs. */
export const confirmEmail = (
  db: Database,
  userId: string,
  email: string,
  now: number,
  audit: AuditStatements,
): Promise<boolean> =>
  changePerson(db, { emailVerified: true }, and(eq(users.id, userId), eq(users.email, email)), now, audit);

/** Gives a person another address, confirmed. False where somebody else has it by now. */
export function storeEmail(
  db: Database,
  userId: string,
  email: string,
  now: number,
  audit: AuditStatements,
): Promise<boolean> {
  const isFree = sql`NOT EXISTS (SELECT 1 FROM ${users} AS other WHERE other.email = ${email})`;
  return changePerson(db, { email, emailVerified: true }, and(eq(users.id, userId), isFree), now, audit);
}
