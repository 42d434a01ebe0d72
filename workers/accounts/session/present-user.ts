import { iso } from "../../platform/clock.ts";
import type { User } from "../contract.ts";
import type { Person } from "../person-queries.ts";

/** A person as the API shows one. */
export function toUser({ id, email, emailVerified, name, createdAt }: Person): User {
  return { id, email, email_verified: emailVerified, name, created_at: iso(createdAt.getTime()) };
}
