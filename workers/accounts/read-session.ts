import { and, eq, gt, type SQL } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import type { Database } from "../db/client.ts";
import { sessions } from "../db/schema/accounts.ts";
import { inBackground } from "../platform/background.ts";
import { Problem } from "../platform/errors.ts";
import { type Credential, sessionCookie } from "../platform/http/credential.ts";
import { cookieName } from "../platform/http/security-headers.ts";
import type { Runtime } from "../platform/runtime.ts";
import { ShortCache } from "../platform/short-cache.ts";
import { type From, personAudit } from "./audit-person.ts";
import { auth } from "./auth.ts";
import type { User } from "./contract.ts";
import { toUser } from "./session/present-user.ts";
import { accessPrefix, holderOfAccessToken, selectAccessToken } from "./session/tokens.ts";

/** A living session and whose it is. */
export interface Session {
  id: string;
  user: User;
  /** Of the sign-in, in ms. */
  since: number;
  /** Whether its person may not do anything at present. */
  isSuspended: boolean;
}

// A session that ended elsewhere is refused here within three seconds; one that ended here, at once.
const known = new ShortCache<Session>(3_000);
/** Milliseconds since a sign-in within which it counts as the person’s own doing, without their password. */
const fresh = 10 * 60 * 1000;
/** How often the time of a session's last use is written. */
const touchEvery = 60_000;

/** What one credential is remembered under; null for one that can be no session's. */
function keyOf(credential: Credential): string | null {
  if (credential.kind === "bearer") return credential.token && `bearer ${credential.token}`;
  return credential.kind === "cookies" ? credential.session && `cookie ${credential.session}` : null;
}

/** The headers by which the account library knows a session: that one credential, and nothing else of the request. */
function headersOf(runtime: Runtime, credential: Credential): Headers {
  if (credential.kind === "bearer") return new Headers({ Authorization: `Bearer ${credential.token}` });
  const session = credential.kind === "cookies" ? credential.session : null;
  if (session === null) return new Headers();
  return new Headers({ Cookie: `${cookieName(runtime.config, sessionCookie)}=${encodeURIComponent(session)}` });
}

/** What else is asked about a person in the round trip that finds their session, where it is one query. */
export interface Beside {
  /** `userId` is an expression for the person's id. */
  select(db: Database, userId: SQL): BatchItem<"sqlite">;
  take(rows: unknown): void;
}

async function lookUp(runtime: Runtime, credential: Credential, beside: Beside | undefined) {
  const bearer = credential.kind === "bearer" ? credential.token : null;
  if (bearer?.startsWith(accessPrefix)) {
    const { db } = runtime;
    const session = selectAccessToken(db, bearer, runtime.clock.now());
    if (!beside) return (await session)[0];
    const [[found], rows] = await db.batch([session, beside.select(db, holderOfAccessToken(bearer))]);
    if (found) beside.take(rows);
    return found;
  }
  return auth(runtime).api.getSession({ headers: headersOf(runtime, credential) });
}

/** The living session that a request's credential opens, or null. */
export async function findSession(runtime: Runtime, credential: Credential, beside?: Beside): Promise<Session | null> {
  const key = keyOf(credential);
  if (key === null) return null;
  const now = runtime.clock.now();
  const remembered = known.get(key, now);
  if (remembered) return remembered;
  const found = await lookUp(runtime, credential, beside);
  if (!found) return null;
  if (now - (found.session.lastUsedAt ?? 0) > touchEvery) {
    // A person's question does not wait for it.
    const { id } = found.session;
    inBackground(runtime, runtime.db.update(sessions).set({ lastUsedAt: now }).where(eq(sessions.id, id)));
  }
  const isSuspended = typeof found.user.suspendedAt === "number";
  const session = {
    id: found.session.id,
    user: toUser(found.user),
    since: found.session.createdAt.getTime(),
    isSuspended,
  };
  known.set(key, session, now);
  return session;
}

/** Whether a session goes on, also where the access token that it was found by has expired since. */
export async function isLivingSession({ db, clock }: Runtime, id: string): Promise<boolean> {
  const rows = await db
    .select({ id: sessions.id })
    .from(sessions)
    .where(and(eq(sessions.id, id), gt(sessions.expiresAt, new Date(clock.now()))));
  return rows.length > 0;
}

/** What a suspended person is told. */
export const suspended = () =>
  new Problem("forbidden", "Your account is suspended. Write to whoever runs this installation.");

/** Like `findSession`, for what only a signed-in person may do. Throws `unauthenticated`, or `forbidden` where they are suspended. */
export async function requireSession(runtime: Runtime, credential: Credential): Promise<Session> {
  const session = await findSession(runtime, credential);
  if (!session) throw new Problem("unauthenticated", "Sign in to do this. An API key or a visitor’s token cannot.");
  if (session.isSuspended) throw suspended();
  return session;
}

/** Whether a sign-in is so recent that it counts as the person's own doing, without their password. */
export const isRecent = ({ clock }: Runtime, { since }: Session) => clock.now() - since <= fresh;

/** For what takes the password, unless the person has just signed in. Throws `validation_failed`. */
export function requireFresh(runtime: Runtime, session: Session): void {
  if (isRecent(runtime, session)) return;
  const message = "Enter your password.";
  throw new Problem("validation_failed", message, { errors: [{ path: "password", message }] });
}

/** Forgets what is remembered here of sessions that were ended or changed. */
export function forgetSessions(matches: (session: Session) => boolean): void {
  known.forget(matches);
}

/**
 * Ends the session that a credential opens; the cookies clear a browser's, which need not have one any more. Throws `unauthenticated` for a
 * bearer that opens none.
 */
export async function logout(runtime: Runtime, credential: Credential, from: From): Promise<string[]> {
  const isBearer = credential.kind === "bearer";
  const session = await (isBearer ? requireSession : findSession)(runtime, credential);
  if (session) {
    const { db } = runtime;
    const audit = await personAudit(runtime, session.user.id, from, { action: "session.ended" });
    await db.batch([db.delete(sessions).where(eq(sessions.id, session.id)), ...audit]);
    forgetSessions(({ id }) => id === session.id);
  }
  if (isBearer) return [];
  const headers = headersOf(runtime, credential);
  const { headers: cleared } = await auth(runtime).api.signOut({ headers, returnHeaders: true });
  return cleared.getSetCookie();
}
