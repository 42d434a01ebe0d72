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

/** Fields that only messages begin with, and those that they share with letters. */
const ofMail = /^(?:mime-version|message-id|received|return-path|delivered-to|dkim-signature|content-type):/im;
const ofAnyLetter = /^(?:from|to|cc|date|subject|reply-to):/gim;

/** Whether a file is a message, or a mailbox of them, by its first characters. The name only decides where the fields are those of any letter. */
export function mailKind(head: string, filename: string): "eml" | "mbox" | null {
  if (head.includes("\n") && isMailboxLine(head.slice(0, head.indexOf("\n")))) return "mbox";
  const fields = head.slice(0, 8_192).split(/\r?\n\r?\n/)[0] ?? "";
  // Fields from the first line on, each with what it says or, folded, in the lines below it.
  if (!/^[A-Za-z][\w-]*:/.test(fields) || !fields.split(/\r?\n/).every((line) => /^(?:[\w-]+:|[ \t]|$)/.test(line)))
    return null;
  const fieldCount = fields.match(/^[\w-]+:/gm)?.length ?? 0;
  const ordinary = new Set(fields.match(ofAnyLetter)?.map((name) => name.toLowerCase())).size;
  const isMessage = ofMail.test(fields) ? ordinary >= 1 && fieldCount >= 3 : ordinary >= 2 && /\.eml$/i.test(filename);
  return isMessage ? "eml" : null;
}
