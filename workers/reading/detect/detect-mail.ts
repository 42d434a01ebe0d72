/** A line is looked at so far. */
const lineLength = 300;

/** Whether a line is of those that stand before every message of a mailbox: `From somebody Mon Jun 01 10:00:00 2009`. */
export function isMailboxLine(line: string): boolean {
  const said = line.slice(0, lineLength);
  const sender = /^From \S+ /.exec(said)?.[0];
  if (sender === undefined) return false;
  // One look for each: what comes before the time is not tried again where no year follows.
  const time = said.slice(sender.length).search(/\d\d:\d\d/);
  return time >= 0 && /\d{4}/.test(said.slice(sender.length + time + 5));
}

/** What some programs put before the first field: a byte order mark, empty lines, and a mailbox's line, with a date or without. */
const beforeFields = /^(?:\u00ef\u00bb\u00bf)?(?:[ \t]*\r?\n)*(?:>?From [^\r\n]{0,300}\r?\n)?(?=[A-Za-z][\w-]*[ \t]*:)/;

/** Where a message's first field begins, by its first characters, a byte each. */
export const fieldsStart = (head: string): number => beforeFields.exec(head)?.[0].length ?? 0;

/** Fields that only messages have, and those that they share with letters, which have a person in them or what it is about. */
const ofMail =
  /^(?:mime-version|message-id|received|return-path|delivered-to|envelope-to|dkim-signature|content-type|content-transfer-encoding|authentication-results|arc-[a-z-]+|x-ms-[a-z-]+|x-mailer|x-google-[a-z-]+|x-gm-[a-z-]+|x-received|list-[a-z-]+|received-spf|in-reply-to|references|user-agent)$/;
const ofAnyLetter = /^(?:from|to|cc|subject|reply-to|sender)$/;

/** What the lines down to the first empty one are: the names of fields, and how many lines are neither a field nor the rest of one. */
function fieldsIn(head: string): { names: string[]; strays: number; isCut: boolean } {
  const end = head.search(/\r?\n\r?\n|\r\r/);
  const names: string[] = [];
  let strays = 0;
  for (const line of (end < 0 ? head : head.slice(0, end)).split(/\r?\n|\r/)) {
    const name = /^([A-Za-z][\w-]*)[ \t]*:/.exec(line.slice(0, lineLength))?.[1];
    if (name) names.push(name.toLowerCase());
    else if (!/^[ \t]/.test(line) && line !== "") strays++;
  }
  return { names, strays, isCut: end < 0 };
}

/** Whether a file is a message, or a mailbox of them, by its first characters. The name only decides where the fields are those of any letter. */
export function mailKind(head: string, filename: string): "eml" | "mbox" | null {
  const first = head.slice(/^(?:\u00ef\u00bb\u00bf)?(?:[ \t]*\r?\n)*/.exec(head)?.[0].length);
  if (first.includes("\n") && isMailboxLine(first.slice(0, first.indexOf("\n")))) return "mbox";
  const from = fieldsStart(head);
  const fields = head.slice(from);
  if (!/^[A-Za-z][\w-]*[ \t]*:/.test(fields.slice(0, lineLength))) return null;
  const { names, strays, isCut } = fieldsIn(fields);
  const mail = new Set(names.filter((name) => ofMail.test(name))).size;
  const ordinary = new Set(names.filter((name) => ofAnyLetter.test(name))).size;
  // A relay may have broken a line; notes are made of such.
  if (strays > (mail > 1 ? names.length / 5 : 0)) return null;
  // Some servers write more about a message than it is long.
  const isMessage = isCut && ordinary === 0 ? mail >= 3 : mail >= 1 && ordinary >= 1 && names.length >= 3;
  const isByName = ordinary >= 2 && /\.eml$/i.test(filename);
  if (!isMessage && !isByName) return null;
  const isMailbox = /\.mbox$/i.test(filename) && /^>?From /.test(first);
  return isMailbox ? "mbox" : "eml";
}
