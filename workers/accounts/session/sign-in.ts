import { inBackground } from "../../platform/background.ts";
import { Problem, refusedField } from "../../platform/errors.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { personAudit, recordRefusal } from "../audit-person.ts";
import { consentAtSignUp } from "../consents.ts";
import { loginAnswer, loginInput, registerInput, sessionToken, tags } from "../contract.ts";
import { accountOperation } from "../operation.ts";
import { sendVerification } from "../password/email.ts";
import { requireGoodPassword } from "../password/password-rules.ts";
import { hashPassword, verifyPassword } from "../password/passwords.ts";
import { insertPerson, personByEmail } from "../person-queries.ts";
import { suspended } from "../read-session.ts";
import { askForCode } from "../two-factor.ts";
import { allowGuess } from "./attempts.ts";
import { openSession } from "./open-session.ts";
import { isOwnDevice } from "./own-device.ts";
import { toUser } from "./present-user.ts";

/** Opens the account's first session, and mails a link that confirms the address. Throws `conflict` where it has an account already. */
export const register = accountOperation({
  limit: "auth",
  summary: "Create an account",
  tags,
  audit: { nothing: "the account is told when its first workspace is made, at its first call" },
  input: registerInput,
  output: sessionToken,
  async run(call, { body: input }) {
    const { db, config, clock } = call;
    const consent = consentAtSignUp(call, input.accept_policy);
    await requireGoodPassword(input.password, input);
    const taken = await personByEmail(db, input.email);
    const row = taken
      ? undefined
      : await insertPerson(
          db,
          { ...input, passwordHash: await hashPassword(input.password, config.SCRYPT_COST), consent },
          clock.now(),
        );
    if (!row)
      throw refusedField("email", "There is an account with this address already. Sign in instead.", "conflict");
    const user = toUser(row);
    const signedIn = await openSession(call, user, []);
    await sendVerification(call, user);
    return signedIn;
  },
});

/**
 * Opens a session, or asks for a code. Throws `unauthenticated`, the same and after the same work for an unknown address and a wrong
 * password, and `rate_limited` after too many of those.
 */
export const login = accountOperation({
  limit: "auth",
  summary: "Sign in",
  description: "Where the account has a second factor, the answer asks for a code; see `/auth/2fa/verify`.",
  tags,
  audit: ["session.started", "session.refused"],
  input: loginInput,
  output: loginAnswer,
  async run(call, { body: { email, password } }) {
    const person = await personByEmail(call.db, email);
    const own = await isOwnDevice(call, person?.user.id);
    const guess = await allowGuess(call, { what: "password", account: email, isOwnDevice: own });
    const isRight = await checkPassword(call, person?.passwordHash, password);
    if (!person || !isRight) {
      // Later, so that the answer takes as long for an address that nobody has.
      if (person) inBackground(call, recordRefusal(call, person.user.id, "password"));
      throw new Problem("unauthenticated", "The e-mail address or the password is wrong.");
    }
    await guess.wasRight();
    const { user } = person;
    if (user.suspendedAt !== null) throw suspended();
    const waiting = await askForCode(call, user.id, { by: "password" });
    if (waiting) return waiting;
    const event = { action: "session.started", details: { by: "password" } } as const;
    return openSession(call, toUser(user), await personAudit(call, user.id, call.from, event));
  },
});

/** Whether a password is right; takes as long where there is none to compare it with. */
async function checkPassword({ config }: Runtime, hash: string | null | undefined, password: string): Promise<boolean> {
  if (hash) return verifyPassword({ hash, password });
  await hashPassword(password, config.SCRYPT_COST);
  return false;
}
