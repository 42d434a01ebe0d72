import { and, eq, gt, lt } from "drizzle-orm";
import type { Database } from "../db/client.ts";
import { verifications } from "../db/schema/accounts.ts";
import { newId } from "../platform/ids.ts";

/** What waits until somebody comes with the secret that its identifier is made of. */
interface Verification {
  /** A kind and a hash. */
  identifier: string;
  value: string;
  /** Milliseconds. */
  lifetime: number;
}

/** What stores it at `now` (ms), to stand in a batch. What nobody takes is swept by the cron. */
export function insertVerification(db: Database, { identifier, value, lifetime }: Verification, now: number) {
  const at = new Date(now);
  const expiresAt = new Date(now + lifetime);
  return db
    .insert(verifications)
    .values({ id: newId("attempt"), identifier, value, expiresAt, createdAt: at, updatedAt: at });
}

/** Takes it: its value, or null where it is unknown, over at `now` (ms), or was taken before. */
export async function takeVerification(db: Database, identifier: string, now: number): Promise<string | null> {
  const [taken] = await db
    .delete(verifications)
    .where(and(eq(verifications.identifier, identifier), gt(verifications.expiresAt, new Date(now))))
    .returning({ value: verifications.value });
  return taken?.value ?? null;
}

/** What removes all that is over at `now` (ms), to stand in a batch. */
export const deleteExpiredVerifications = (db: Database, now: number) =>
  db.delete(verifications).where(lt(verifications.expiresAt, new Date(now)));
