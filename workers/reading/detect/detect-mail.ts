const separatorLine = /^From \S+ .*\d\d:\d\d.*\d{4}[^\n]*\r?\n/;
/** Fields that only messages begin with, and those that they share with letters. */
const ofMail = /^(?:mime-version|message-id|received|return-path|delivered-to|dkim-signature|content-type):/im;
const ofAnyLetter = /^(?:from|to|cc|date|subject|reply-to):/gim;

/** Whether a file is a message, or a mailbox of them, by its first characters. The name only decides where the fields are those of any letter. */
export function mailKind(head: string, filename: string): "eml" | "mbox" | null {
  if (separatorLine.test(head)) return "mbox";
  const fields = head.slice(0, 8_192).split(/\r?\n\r?\n/)[0] ?? "";
  // Fields from the first line on, each with what it says or, folded, in the lines below it.
  if (!/^[A-Za-z][\w-]*:/.test(fields) || !fields.split(/\r?\n/).every((line) => /^(?:[\w-]+:|[ \t]|$)/.test(line)))
    return null;
  const fieldCount = fields.match(/^[\w-]+:/gm)?.length ?? 0;
  const ordinary = new Set(fields.match(ofAnyLetter)?.map((name) => name.toLowerCase())).size;
  const isMessage = ofMail.test(fields) ? ordinary >= 1 && fieldCount >= 3 : ordinary >= 2 && /\.eml$/i.test(filename);
  return isMessage ? "eml" : null;
}
