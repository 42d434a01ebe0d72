import type { Runtime } from "../platform/runtime.ts";
import { auth } from "./auth.ts";
import type { User } from "./contract.ts";
import { toUser } from "./sign-in.ts";

/** The person behind a session token or cookie in `headers`, or null. */
export async function readSession(runtime: Runtime, headers: Headers): Promise<User | null> {
  const session = await auth(runtime).api.getSession({ headers });
  return session ? toUser(session.user) : null;
}

/** Ends the session in `headers`; the answer's headers clear its cookie. Does nothing where there is none. */
export async function logout(runtime: Runtime, headers: Headers): Promise<Headers> {
  const ended = await auth(runtime).api.signOut({ headers, returnHeaders: true });
  return ended.headers;
}
