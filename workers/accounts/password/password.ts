import { forgetEverywhere } from "../../platform/changes/changes.ts";
import { refusedField } from "../../platform/errors.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { personAudit } from "../audit-person.ts";
import { changePasswordInput, tags, type User } from "../contract.ts";
import { mails, sendNotice } from "../mails.ts";
import { type AccountCall, ownOperation } from "../operation.ts";
import { personById, storePassword } from "../person-queries.ts";
import { allowGuess } from "../session/attempts.ts";
import { deleteSessions } from "../session/session-queries.ts";
import { voidTokens } from "./one-time-tokens.ts";
import { requireGoodPassword } from "./password-rules.ts";
import { hashPassword, verifyPassword } from "./passwords.ts";

/** Sets a person's password, and ends every session but the one to `keep`. */
export async function replacePassword(
  call: AccountCall,
  user: { id: string; email: string },
  password: string,
  { by, keep }: { by: "mail" | "password"; keep?: string },
): Promise<void> {
  const { db, clock, config, from } = call;
  const now = clock.now();
  const audit = await personAudit(call, user.id, from, { action: "password.changed", details: { by } });
  await storePassword(db, user.id, await hashPassword(password, config.SCRYPT_COST), now, audit);
  await Promise.all([voidTokens(db, "reset-password", user.id, now), deleteSessions(db, user.id, [], keep)]);
  await forgetEverywhere(call, [`user:${user.id}`]);
  await sendNotice(call, mails.passwordChanged(call, user.email));
}

/** Throws `validation_failed` where the present password is wrong, or the new one is not good. */
export const changePassword = ownOperation({
  limit: "auth",
  summary: "Change your password",
  description: "Every other session ends.",
  tags,
  audit: "password.changed",
  input: changePasswordInput,
  done: "The password is changed.",
  async run(call, { body: { current_password, new_password } }) {
    const { session } = call;
    const user = await requirePassword(call, session.user, current_password, "current_password");
    await requireGoodPassword(new_password, user, "new_password");
    await replacePassword(call, user, new_password, { by: "password", keep: session.id });
  },
});

/**
 * For what a session alone is not enough for. Guesses count with those of the person's own devices. Throws `validation_failed` on the
 * field `path` where the password is wrong, and `rate_limited` after several of those.
 */
export async function requirePassword(
  runtime: Runtime,
  { id }: Pick<User, "id">,
  password: string,
  path = "password",
): Promise<{ id: string; email: string; name: string }> {
  const person = await personById(runtime.db, id);
  const account = person?.user.email ?? id;
  const guess = await allowGuess(runtime, { what: "password", account, isOwnDevice: true });
  if (!person?.passwordHash || !(await verifyPassword({ hash: person.passwordHash, password })))
    throw refusedField(path, "This is not your password.");
  await guess.wasRight();
  return person.user;
}
