import type { z } from "zod";
import { inBackground } from "../../platform/background.ts";
import { isProblem, Problem } from "../../platform/errors.ts";
import type { Call } from "../../platform/open-operation.ts";
import type { Runtime } from "../../platform/runtime.ts";
import { recordRefusal } from "../audit-person.ts";
import { type LoginAnswer, loginAnswer, tags } from "../contract.ts";
import type { WithCookies } from "../cookies.ts";
import { ldapInput } from "../ldap-contract.ts";
import type { OAuthRefusalReason } from "../oauth-contract.ts";
import { accountOperation } from "../operation.ts";
import { signUpNewcomer } from "../providers/oauth-agreement.ts";
import { linkedPerson } from "../providers/oauth-queries.ts";
import { OAuthRefusal } from "../providers/oauth-refusal.ts";
import { signInIdentified } from "../providers/sign-in-identified.ts";
import { suspended } from "../read-session.ts";
import { type Allowed, allowGuess } from "../session/attempts.ts";
import { isOwnDevice, peopleOf } from "../session/own-device.ts";
import { type Directory, requireDirectory } from "./ldap-directory.ts";
import { DirectoryError } from "./ldap-error.ts";

type Input = z.output<typeof ldapInput>;

/**
 * Throws `unauthenticated`, the same and after the same work for an unknown name and a wrong password, `rate_limited` after too many of
 * those, `not_ready` where the directory cannot be asked, `validation_failed` where a newcomer has to agree to the terms, and
 * `not_found`, `forbidden` and `conflict`.
 */
export const signInByDirectory = accountOperation({
  limit: "auth",
  summary: "Sign in by the directory",
  description:
    "With a name and password of this installation's directory (LDAP, Active Directory). Answers as `/auth/login` does; where the account has a second factor, see `/auth/2fa/verify`.",
  tags,
  audit: ["session.started", "session.refused"],
  input: ldapInput,
  output: loginAnswer,
  async run(call, { body: input }): Promise<WithCookies<LoginAnswer>> {
    const directory = requireDirectory(call);
    const guesses = [await allowName(call, directory, input.username)];
    const { person, isRight, known } = await askDirectory(call, directory, input, guesses);
    if (!person || !isRight) {
      // Later, so that the answer takes as long for a name that nobody has.
      if (known) inBackground(call, recordRefusal(call, known.id, "ldap"));
      throw new Problem("unauthenticated", "The name or the password is wrong.");
    }
    await takeBack(guesses);
    if (!person.isAdmitted)
      throw new Problem("forbidden", "You are not in the group of people who may sign in here. Ask whoever runs it.");
    try {
      const signedIn = await signInIdentified(call, { id: "ldap", ...directory }, person.identity);
      if (!("newcomer" in signedIn)) return signedIn;
      return await signUpNewcomer(call, signedIn.newcomer, input.accept_policy);
    } catch (error) {
      throw error instanceof OAuthRefusal ? refusal(error.reason) : error;
    }
  },
});

const takeBack = (guesses: Allowed[]) => Promise.all(guesses.map((guess) => guess.wasRight()));

/**
 * Counts a guess at a name before the directory is asked. Whose name it is is not known yet, so browsers that somebody has signed in
 * from have an allowance each, which strangers cannot use up.
 */
async function allowName(call: Call, directory: Directory, username: string): Promise<Allowed> {
  const [someone] = await peopleOf(call);
  const name = username.normalize("NFKC").toLowerCase();
  const account = JSON.stringify([directory.authority, name, someone ?? null]);
  return allowGuess(call, { what: "directory", account, isOwnDevice: someone !== undefined });
}

/** Who has a name, and whether the password is theirs. Throws `not_ready`; what was counted for it is taken back then. */
async function askDirectory(call: Call, directory: Directory, { username, password }: Input, guesses: Allowed[]) {
  const [{ withDirectory }, { bindSearcher, findPerson, isPasswordOf }] = await Promise.all([
    import("./ldap-connection.ts"),
    import("./ldap-person.ts"),
  ]);
  try {
    return await withDirectory(directory, async (ldap) => {
      await bindSearcher(ldap, directory);
      const found = await findPerson(ldap, directory, username);
      if (found === "several") call.log.info("ldap_name_of_several", { authority: directory.authority });
      const person = found === "several" ? null : found;
      const link = { authority: directory.authority, subject: person?.identity.subject ?? `nobody:${username}` };
      const known = await linkedPerson(call.db, link);
      const guess = await allowPerson(call, link, await isOwnDevice(call, known?.id));
      if (guess) guesses.push(guess);
      const isRight = await isPasswordOf(ldap, directory, guess ? person : null, password);
      return { person, isRight, known };
    });
  } catch (error) {
    if (!(error instanceof DirectoryError)) throw error;
    await takeBack(guesses);
    call.log.error("ldap_failed", error, { authority: directory.authority });
    const detail = "The directory cannot be asked right now. Try again in a minute, or write to whoever runs it.";
    throw new Problem("not_ready", detail, { retryAfterSeconds: 60, cause: error });
  }
}

/**
 * Counts a guess at whoever a name has led to, as one person has many: their address, other spellings, letters that directories pass
 * over. Null after too many, which has to look as if the password were wrong, or else it would tell that there is such a person.
 */
async function allowPerson(
  runtime: Runtime,
  { authority, subject }: { authority: string; subject: string },
  isOwn: boolean,
): Promise<Allowed | null> {
  try {
    const account = JSON.stringify([authority, subject]);
    return await allowGuess(runtime, { what: "directory", account, isOwnDevice: isOwn });
  } catch (error) {
    if (isProblem(error) && error.code === "rate_limited") return null;
    throw error;
  }
}

/** What became of a right password, as the API says it. */
function refusal(reason: OAuthRefusalReason): Problem {
  if (reason === "suspended") return suspended();
  if (reason === "account_unconfirmed")
    return new Problem(
      "conflict",
      "There is an account with your address that nobody has confirmed yet. Choose a new password for it by mail; then you can sign in this way.",
    );
  if (reason === "already_linked")
    return new Problem(
      "conflict",
      "The account with your address belongs to another person of the directory. Ask whoever runs it.",
    );
  return new Problem("forbidden", "The directory has no e-mail address of yours. Ask whoever runs it to enter one.");
}
