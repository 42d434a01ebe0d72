import { sectionSeparator } from "../../text/section-path.ts";
import type { ReadingBudget } from "../budget.ts";
import { isMailboxLine } from "../detect/detect-mail.ts";
import { assembleDocument, BlockList, type ParsedDocument } from "../parsed-document.ts";
import { isOfOneFile, type Reading, tooManyFiles } from "../reading.ts";
import { SectionPath } from "../section-path.ts";
import { readMessage } from "./read-message.ts";

const maxMessages = 10_000;
const [newline, carriageReturn, mark] = [10, 13, 0x3e];

const startsLine = (bytes: Uint8Array, at: number, word: string): boolean =>
  [...word].every((character, i) => bytes[at + i] === character.charCodeAt(0));

/** A line that names a sender without a date, as some programs write it; fields follow it. */
const isSender = /^From (?:\S+@\S+|-|MAILER-DAEMON)\s*$/;

/** Where lines begin that part messages: at the start, or below an empty line. */
function* separatorsOf(bytes: Uint8Array, budget: ReadingBudget): Generator<{ start: number; end: number }> {
  const decoder = new TextDecoder("latin1");
  let isBelowEmpty = true;
  for (let start = 0; start < bytes.length; ) {
    const at = bytes.indexOf(newline, start);
    const end = at < 0 ? bytes.length : at + 1;
    budget.spend(1 + end - start);
    if (isBelowEmpty && startsLine(bytes, start, "From ")) {
      const line = decoder.decode(bytes.subarray(start, Math.min(end, start + 300)));
      const next = decoder.decode(bytes.subarray(end, end + 100));
      if (isMailboxLine(line) || (isSender.test(line) && /^[A-Za-z][\w-]*:/.test(next))) yield { start, end };
    }
    isBelowEmpty = end - start === 1 || (end - start === 2 && bytes[start] === carriageReturn);
    start = end;
  }
}

/** A message as it was before its lines that begin with “From ” were marked so that they part nothing. */
function unquoted(message: Uint8Array): Uint8Array {
  const marks: number[] = [];
  for (let at = message.indexOf(mark); at >= 0; at = message.indexOf(mark, at + 1)) {
    if (at > 0 && message[at - 1] !== newline) continue;
    let end = at;
    while (message[end] === mark) end++;
    if (startsLine(message, end, "From ")) marks.push(at);
  }
  if (marks.length === 0) return message;
  const text = new Uint8Array(message.length - marks.length);
  let [from, length] = [0, 0];
  for (const at of [...marks, message.length]) {
    text.set(message.subarray(from, at), length);
    length += at - from;
    from = at + 1;
  }
  return text;
}

/** The messages of a mailbox in order, without the lines between them. */
function messagesOf(bytes: Uint8Array, budget: ReadingBudget): Uint8Array[] {
  const separators = separatorsOf(bytes, budget);
  const messages: Uint8Array[] = [];
  let before = separators.next();
  while (!before.done) {
    const next = separators.next();
    messages.push(unquoted(bytes.subarray(before.value.end, next.done ? bytes.length : next.value.start)));
    if (messages.length > maxMessages) throw tooManyFiles();
    before = next;
  }
  return messages;
}

/** Below a message's title, with the headings of a file that is attached to it. */
function sectionBelow(title: string, section: string | null): string | null {
  const path = new SectionPath();
  path.enter(1, title);
  for (const [i, step] of (section?.split(sectionSeparator) ?? []).entries()) path.enter(2 + i, step);
  return path.current;
}

/** Reads a mailbox: every message is a section, with its attachments below it. Throws `UnreadableDocument`. */
export async function parseMbox(bytes: Uint8Array, reading: Reading): Promise<ParsedDocument> {
  const messages = messagesOf(bytes, reading.budget);
  const used = new Map<string, number>();
  const blocks = new BlockList();
  for (const [i, message] of messages.entries()) {
    const place = (subject: string | null) => {
      const name = subject ?? `Message ${i + 1}`;
      // Answers have the same subject as what they answer.
      const count = (used.get(name) ?? 0) + 1;
      used.set(name, count);
      const title = count === 1 ? name : `${name} (${count})`;
      return { section: sectionBelow(title, null), below: (section: string | null) => sectionBelow(title, section) };
    };
    try {
      const read = await readMessage(message, reading, place);
      for (const block of read.blocks) blocks.push(block);
    } catch (error) {
      if (!isOfOneFile(error)) throw error;
      reading.leaveOut(`Message ${i + 1}`, error.message);
    }
    await reading.budget.breathe();
    await reading.onProgress?.((i + 1) / messages.length);
  }
  return assembleDocument(blocks, null);
}
