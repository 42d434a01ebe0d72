import type { z } from "zod";
import { iso } from "../platform/clock.ts";
import { Problem } from "../platform/errors.ts";
import type { Runtime } from "../platform/runtime.ts";
import { auth, refusalCode } from "./auth.ts";
import type { loginInput, registerInput, sessionToken, User } from "./contract.ts";

/** A new session: its token for the body, and the headers that set it as a cookie. */
export interface SignedIn {
  body: z.output<typeof sessionToken>;
  headers: Headers;
}

interface LibraryUser {
  id: string;
  email: string;
  name: string;
  createdAt: Date;
}

/** The library's user as the API shows one. */
export function toUser(user: LibraryUser): User {
  return { id: user.id, email: user.email, name: user.name, created_at: iso(user.createdAt.getTime()) };
}

function signedIn(token: string, user: LibraryUser, headers: Headers): SignedIn {
  const body = {
    access_token: token,
    token_type: "Bearer" as const,
    expires_in: 30 * 24 * 60 * 60,
    user: toUser(user),
  };
  return { body, headers };
}

/** Creates an account and its first session. Throws `conflict` where the address has one already. */
export async function register(runtime: Runtime, input: z.output<typeof registerInput>): Promise<SignedIn> {
  try {
    const { headers, response } = await auth(runtime).api.signUpEmail({ body: input, returnHeaders: true });
    if (!response.token) throw new Error("The account library made no session at sign-up.");
    return signedIn(response.token, response.user, headers);
  } catch (cause) {
    if (refusalCode(cause)?.startsWith("USER_ALREADY_EXISTS")) {
      const message = "There is an account with this address already. Sign in instead.";
      throw new Problem("conflict", message, { cause, errors: [{ path: "email", message }] });
    }
    throw cause;
  }
}

/** Opens a session. Throws `unauthenticated`, the same for an unknown address and a wrong password. */
export async function login(runtime: Runtime, input: z.output<typeof loginInput>): Promise<SignedIn> {
  try {
    const { headers, response } = await auth(runtime).api.signInEmail({ body: input, returnHeaders: true });
    return signedIn(response.token, response.user, headers);
  } catch (cause) {
    if (refusalCode(cause) === "INVALID_EMAIL_OR_PASSWORD") {
      throw new Problem("unauthenticated", "The e-mail address or the password is wrong.", { cause });
    }
    throw cause;
  }
}
