import type { SQL } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { tryDecodeURIComponent } from "hono/utils/url";
import type { Database } from "../db/client.ts";
import { inBackground } from "../platform/background.ts";
import { Problem, refusedField } from "../platform/errors.ts";
import type { Credential } from "../platform/http/credential.ts";
import type { Runtime } from "../platform/runtime.ts";
import { ShortCache } from "../platform/short-cache.ts";
import type { User } from "./contract.ts";
import { toUser } from "./session/present-user.ts";
import { signedToken } from "./session/session-cookie.ts";
import { hasLivingSession, holderOfSession, selectSession, touchSession } from "./session/session-queries.ts";
import { accessPrefix, holderOfAccessToken, selectAccessToken, sessionLifetime } from "./session/tokens.ts";

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
/** How often the time of a session's last use is written, and how often a cookie's session is prolonged by it; in ms. */
const [touchEvery, prolongEvery] = [60_000, 24 * 60 * 60 * 1000];

/** What else is asked about a person in the round trip that finds their session, where it is one query. */
export interface Beside {
  /** `userId` is an expression for the person's id. */
  select(db: Database, userId: SQL): BatchItem<"sqlite">;
  take(rows: unknown): void;
}

/** What a session is looked up by: an access token, or a cookie's value, which may also be sent as a bearer as it stands in its header. */
function presentedBy(credential: Credential): { key: string; value: string; isAccessToken: boolean } | null {
  const isBearer = credential.kind === "bearer";
  const value = isBearer ? credential.token : credential.kind === "cookies" ? credential.session : null;
  if (value === null) return null;
  const isAccessToken = isBearer && value.startsWith(accessPrefix);
  const isEncoded = isBearer && !isAccessToken;
  return { key: `${credential.kind} ${value}`, value: isEncoded ? tryDecodeURIComponent(value) : value, isAccessToken };
}

type Presented = NonNullable<ReturnType<typeof presentedBy>>;

async function lookUp({ db, config, clock }: Runtime, { value, isAccessToken }: Presented, beside: Beside | undefined) {
  const now = clock.now();
  const token = isAccessToken ? value : signedToken(config, value);
  if (token === null) return undefined;
  const session = (isAccessToken ? selectAccessToken : selectSession)(db, token, now);
  if (!beside) return (await session)[0];
  const holder = (isAccessToken ? holderOfAccessToken : holderOfSession)(token);
  const [[found], rows] = await db.batch([session, beside.select(db, holder)]);
  if (found) beside.take(rows);
  return found;
}

/** The living session that a request's credential opens, or null. */
export async function findSession(runtime: Runtime, credential: Credential, beside?: Beside): Promise<Session | null> {
  const presented = presentedBy(credential);
  if (presented === null) return null;
  const now = runtime.clock.now();
  const remembered = known.get(presented.key, now);
  if (remembered) return remembered;
  const found = await lookUp(runtime, presented, beside);
  if (!found) return null;
  const { id, createdAt, expiresAt, lastUsedAt } = found.session;
  const end = now + sessionLifetime * 1000;
  // Programs prolong their session as they refresh their tokens, browsers as they use it.
  const isDue = !presented.isAccessToken && end - expiresAt.getTime() >= prolongEvery;
  // A person's question does not wait for it.
  if (isDue || now - (lastUsedAt ?? 0) > touchEvery)
    inBackground(runtime, touchSession(runtime.db, id, now, isDue ? end : undefined));
  const session = {
    id,
    user: toUser(found.user),
    since: createdAt.getTime(),
    isSuspended: found.user.suspendedAt !== null,
  };
  known.set(presented.key, session, now);
  return session;
}

/** Whether a session goes on, also where the access token that it was found by has expired since. */
export const isLivingSession = ({ db, clock }: Runtime, id: string): Promise<boolean> =>
  hasLivingSession(db, id, clock.now());

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
  if (!isRecent(runtime, session)) throw refusedField("password", "Enter your password.");
}

/** Forgets what is remembered here of sessions that were ended or changed. */
export function forgetSessions(matches: (session: Session) => boolean): void {
  known.forget(matches);
}
