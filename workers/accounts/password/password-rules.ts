import { refusedField } from "../../platform/errors.ts";

interface Person {
  email: string;
  name: string;
}

const letters = (text: string) =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");

/** What of a password is left when the person's own name and address are taken out of it. */
function withoutPerson(password: string, { email, name }: Person): string {
  const words = [email, email.split("@")[0] ?? "", name, ...name.split(/\s+/), ...email.split(/[@._+-]/)];
  const own = [...new Set(words.map(letters))].filter((word) => word.length >= 3).sort((a, b) => b.length - a.length);
  return own.reduce((rest, word) => rest.replaceAll(word, ""), letters(password));
}

let meter: Promise<(password: string) => number> | undefined;

/** From 0 (among the first that are tried) to 4. The dictionary of leaked passwords is loaded when it is first needed. */
async function strength(password: string): Promise<number> {
  meter ??= (async () => {
    const [{ ZxcvbnFactory }, { adjacencyGraphs, dictionary }] = await Promise.all([
      import("@zxcvbn-ts/core"),
      import("@zxcvbn-ts/language-common"),
    ]);
    const zxcvbn = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });
    // What stands beyond the first characters only adds to a password; looking at them would only take time.
    return (candidate) => zxcvbn.check(candidate.slice(0, 40)).score;
  })();
  return (await meter)(password);
}

/** Throws `validation_failed` on the field `path` for a password that guessers try early. Its length is the contract's matter. */
export async function requireGoodPassword(password: string, person: Person, path = "password"): Promise<void> {
  if (withoutPerson(password, person).length < 6)
    throw refusedField(path, "This is mostly your own name or address, which is tried first. Choose something else.");
  if ((await strength(password)) < 2) {
    const message = "This password is too common, and would be guessed. Four or five unrelated words are a good one.";
    throw refusedField(path, message);
  }
}
