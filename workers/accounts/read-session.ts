import type { Runtime } from "../platform/runtime.ts";
import { ShortCache } from "../platform/short-cache.ts";
import { auth } from "./auth.ts";
import type { User } from "./contract.ts";
import { toUser } from "./sign-in.ts";

// A session that ended elsewhere is refused here within three seconds; one that ended here, at once.
const sessions = new ShortCache<User>(3_000);

const credential = (headers: Headers) => headers.get("Authorization") ?? headers.get("Cookie") ?? "";

/** The person behind a session token or cookie in `headers`, or null. */
export async function readSession(runtime: Runtime, headers: Headers): Promise<User | null> {
  const key = credential(headers);
  const now = runtime.clock.now();
  const known = sessions.get(key, now);
  if (known) return known;
  const session = await auth(runtime).api.getSession({ headers });
  if (!session) return null;
  const user = toUser(session.user);
  sessions.set(key, user, now);
  return user;
}

/** Ends the session in `headers`; the answer's headers clear its cookie. Does nothing where there is none. */
export async function logout(runtime: Runtime, headers: Headers): Promise<Headers> {
  const user = await readSession(runtime, headers);
  const ended = await auth(runtime).api.signOut({ headers, returnHeaders: true });
  if (user) sessions.forget(({ id }) => id === user.id);
  return ended.headers;
}
