import type { SQL } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import { tryDecodeURIComponent } from "hono/utils/url";
import type { Database } from "../db/client.ts";
import { inBackground } from "../platform/background.ts";
import { findReliably, type Relying } from "../platform/changes/relying.ts";
import { Remembered } from "../platform/changes/remembered.ts";
import { Problem, refusedField } from "../platform/errors.ts";
import type { Credential } from "../platform/http/credential.ts";
import type { Runtime } from "../platform/runtime.ts";
import type { User } from "./contract.ts";
import { toUser } from "./session/present-user.ts";
import { signedToken } from "./session/session-cookie.ts";
import { endOfSession, holderOfSession, selectSession, touchSession } from "./session/session-queries.ts";
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

/** A session as it was read: until when it counts by what it was found by, and when its use was last written; both in ms. */
interface Found {
  session: Session;
  until: number;
  touchedAt: number;
}

/** What changes with a session, or ends it. */
const subjectsOf = (sessionId: string, userId: string) => [`session:${sessionId}`, `user:${userId}`];

/** By what opens them. */
const opened = new Remembered<Found>(({ session: { id, user } }) => subjectsOf(id, user.id));
/** By their ids: those that something open goes on with, and when they end, in ms. */
const living = new Remembered<{ id: string; userId: string; until: number }>(({ id, userId }) =>
  subjectsOf(id, userId),
);

/** Milliseconds since a sign-in within which it counts as the person’s own doing, without their password. */
const fresh = 10 * 60 * 1000;
/** How often the time of a session's last use is written, and how often a cookie's session is prolonged by it; in ms. */
const [touchEvery, prolongEvery] = [60_000, 24 * 60 * 60 * 1000];

/** What else is asked about a person in the round trip that finds their session, where it is one query. */
export interface Beside {
  /** `userId` is an expression for the person's id. */
  select(db: Database, userId: SQL): BatchItem<"sqlite">;
  /** `asOf` is when they began to be read, in ms. */
  take(rows: unknown, asOf: number): void;
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
  if (found) beside.take(rows, now);
  return found;
}

async function read(runtime: Runtime, presented: Presented, beside: Beside | undefined): Promise<Found | undefined> {
  const now = runtime.clock.now();
  const found = await lookUp(runtime, presented, beside);
  if (!found) return undefined;
  const { id, createdAt, expiresAt, lastUsedAt } = found.session;
  const end = now + sessionLifetime * 1000;
  // Programs prolong their session as they refresh their tokens, browsers as they use it.
  const isDue = !presented.isAccessToken && end - expiresAt.getTime() >= prolongEvery;
  // A person's question does not wait for it.
  if (isDue) inBackground(runtime, touchSession(runtime.db, id, now, end));
  return {
    session: {
      id,
      user: toUser(found.user),
      since: createdAt.getTime(),
      isSuspended: found.user.suspendedAt !== null,
    },
    until: found.until,
    touchedAt: isDue ? now : (lastUsedAt ?? 0),
  };
}

/** The living session that a request's credential opens, or null, by what is remembered where that is to be relied on. */
export async function recallSession(
  runtime: Runtime,
  credential: Credential,
  relying: Relying,
  beside?: Beside,
): Promise<Session | null> {
  const presented = presentedBy(credential);
  if (presented === null) return null;
  const now = runtime.clock.now();
  const recalled = relying.recall(opened, presented.key, now);
  // What has ended by the clock may have been prolonged since.
  const isOver = recalled !== undefined && recalled.until <= now;
  const found = recalled && !isOver ? recalled : await read(runtime, presented, beside);
  if (!found) return null;
  if (found !== recalled) opened.set(presented.key, found, now);
  const { session } = found;
  if (now - found.touchedAt > touchEvery) {
    found.touchedAt = now;
    inBackground(runtime, touchSession(runtime.db, session.id, now));
  }
  return session;
}

/** The living session that a request's credential opens, or null. */
export const findSession = (runtime: Runtime, credential: Credential): Promise<Session | null> =>
  findReliably(runtime, (relying) => recallSession(runtime, credential, relying));

/** When a person's session ends, in ms, where it goes on, as the database has it at this moment. */
export const sessionEnd = ({ db, clock }: Runtime, of: { id: string; userId: string }): Promise<number | undefined> =>
  endOfSession(db, of, clock.now());

/**
 * Whether a person's session goes on, also where the access token that it was found by has expired since, by what is remembered where that is
 * to be relied on.
 */
export async function isLivingSession(
  runtime: Runtime,
  { id, userId }: { id: string; userId: string },
  relying: Relying,
): Promise<boolean> {
  const now = runtime.clock.now();
  const recalled = relying.recall(living, id, now);
  if (recalled && recalled.until > now) return recalled.userId === userId;
  const until = await sessionEnd(runtime, { id, userId });
  if (until === undefined) return false;
  living.set(id, { id, userId, until }, now);
  return true;
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
  if (!isRecent(runtime, session)) throw refusedField("password", "Enter your password.");
}
