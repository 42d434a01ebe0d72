import { iso } from "../../platform/clock.ts";
import type { User } from "../contract.ts";

interface LibraryUser {
  id: string;
  email: string;
  emailVerified: boolean;
  name: string;
  createdAt: Date;
}

/** A person as the API shows one. */
export function toUser({ id, email, emailVerified, name, createdAt }: LibraryUser): User {
  return { id, email, email_verified: emailVerified, name, created_at: iso(createdAt.getTime()) };
}
