import type { z } from "zod";
import { Problem, refusedField } from "../../platform/errors.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { type From, personAudit, recordRefusal } from "../audit-person.ts";
import { consentAtSignUp } from "../consents.ts";
import type { LoginAnswer, loginInput, registerInput } from "../contract.ts";
import type { WithCookies } from "../cookies.ts";
import { sendVerification } from "../password/email.ts";
import { requireGoodPassword } from "../password/password-rules.ts";
import { hashPassword, verifyPassword } from "../password/passwords.ts";
import { insertPerson, personByEmail } from "../person-queries.ts";
import { suspended } from "../read-session.ts";
import { askForCode } from "../two-factor.ts";
import { allowGuess } from "./attempts.ts";
import { openSession, type SignedIn } from "./open-session.ts";
import { isOwnDevice } from "./own-device.ts";
import { toUser } from "./present-user.ts";

/** Creates an account with its first session, and mails a link that confirms the address. Throws `conflict` where it has one already. */
export async function register(
  runtime: Runtime,
  input: z.output<typeof registerInput>,
  request: Headers,
): Promise<SignedIn> {
  const consent = consentAtSignUp(runtime, input.accept_policy, request);
  await requireGoodPassword(input.password, input);
  const { db } = runtime;
  const taken = await personByEmail(db, input.email);
  const row = taken
    ? undefined
    : await insertPerson(
        db,
        { ...input, passwordHash: await hashPassword(input.password, runtime.config.SCRYPT_COST), consent },
        runtime.clock.now(),
      );
  if (!row) throw refusedField("email", "There is an account with this address already. Sign in instead.", "conflict");
  const user = toUser(row);
  const signedIn = await openSession(runtime, user, request, []);
  await sendVerification(runtime, user);
  return signedIn;
}

/**
 * Opens a session, or asks for a code. Throws `unauthenticated`, the same and after the same work for an unknown address and a wrong
 * password, and `rate_limited` after too many of those.
 */
export async function login(
  runtime: Runtime,
  input: z.output<typeof loginInput>,
  request: Headers,
  { from, defer }: { from: From; defer: (work: Promise<unknown>) => void },
): Promise<WithCookies<LoginAnswer>> {
  const person = await personByEmail(runtime.db, input.email);
  const own = await isOwnDevice(runtime, request, person?.user.id);
  const guess = await allowGuess(runtime, { what: "password", account: input.email, isOwnDevice: own });
  const isRight = await checkPassword(runtime, person?.passwordHash, input.password);
  if (!person || !isRight) {
    // Later, so that the answer takes as long for an address that nobody has.
    if (person) defer(recordRefusal(runtime, person.user.id, from, "password"));
    throw new Problem("unauthenticated", "The e-mail address or the password is wrong.");
  }
  await guess.wasRight();
  if (person.user.suspendedAt !== null) throw suspended();
  const waiting = await askForCode(runtime, person.user.id, { by: "password" });
  if (waiting) return waiting;
  const event = { action: "session.started", details: { by: "password" } } as const;
  return openSession(runtime, toUser(person.user), request, await personAudit(runtime, person.user.id, from, event));
}

/** Whether a password is right; takes as long where there is none to compare it with. */
export async function checkPassword(
  { config }: Runtime,
  hash: string | null | undefined,
  password: string,
): Promise<boolean> {
  if (hash) return verifyPassword({ hash, password });
  await hashPassword(password, config.SCRYPT_COST);
  return false;
}
