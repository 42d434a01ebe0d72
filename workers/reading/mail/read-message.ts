import type { Address, Attachment, Email } from "postal-mime";
import type { ReadingBudget } from "../budget.ts";
import { fieldsStart } from "../detect/detect-mail.ts";
import { blocksOfHtml } from "../markup/parse-html.ts";
import { type Block, BlockList } from "../parsed-document.ts";
import { type Reading, tooManyFiles } from "../reading.ts";
import { blocksOfText } from "../text/parse-text.ts";
import { UnreadableDocument } from "../unreadable-document.ts";
import { MailParser, withReadableHead } from "./mail-parser.ts";

/** An e-mail message as blocks, and what it says of itself. */
interface Message {
  blocks: Block[];
  subject: string | null;
  author: string | null;
  date: string | null;
}

const addressLine = ({ name, address }: Address): string =>
  address ? (name && name !== address ? `${name} <${address}>` : address) : name;

/** The fields that people read, as lines. */
function headOf({ from, to, cc, date, subject }: Email): string {
  const lines: [name: string, value: string | undefined][] = [
    ["Subject", subject],
    ["From", from && addressLine(from)],
    ["To", to?.slice(0, 20).map(addressLine).join(", ")],
    ["Cc", cc?.slice(0, 20).map(addressLine).join(", ")],
    ["Date", date],
  ];
  return lines.flatMap(([name, value]) => (value?.trim() ? [`${name}: ${value.trim()}`] : [])).join("\n");
}

const wordsOf = (text: string) => new Set(text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu));

/** So much of two forms of a message is compared. */
const comparedLength = 200_000;

/** Whether most words of `text` are among those of `blocks`: two forms of one message. */
function saysTheSame(text: string, blocks: Block[]): boolean {
  const words = wordsOf(text.slice(0, comparedLength).replace(/https?:\S+/g, ""));
  let shown = "";
  for (const block of blocks) if (shown.length < 2 * comparedLength) shown += `${block.text}\n`;
  const others = wordsOf(shown.slice(0, 2 * comparedLength));
  return [...words].filter((word) => others.has(word)).length >= words.size * 0.6;
}

/** The body: as HTML where there is that, and as plain text where it says something else. */
function bodyOf({ text = "", html = "" }: Email, budget: ReadingBudget): Block[] {
  const shown = html.trim() ? blocksOfHtml(html, budget) : [];
  const isTold = shown.length > 0 && saysTheSame(text, shown);
  const plain = new BlockList();
  if (text.trim() && !isTold) for (const block of blocksOfText(text, budget)) plain.push(block);
  return [...plain, ...shown];
}

const bytesOf = ({ content }: Attachment): Uint8Array =>
  typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content);

/** What a part is called that has no name of its own. */
function nameOf({ filename, mimeType }: Attachment, number: number): string {
  return filename?.trim() || `Attachment ${number}${mimeType === "message/rfc822" ? ".eml" : ""}`;
}

/** Proofs of who wrote a message, in which nothing is said. */
const signature = /^application\/(?:(?:x-)?pkcs7-signature|pgp-signature|pgp-encrypted)$/;
const encrypted =
  "It is encrypted, or signed as a whole (S/MIME, PGP). Save it decrypted in your mail program and upload that.";

/** What most mail servers take. */
const maxMessage = 25_000_000;
/** Parts of one message; a line that begins as those between parts do may also be text. */
const maxBoundaries = 20_000;
/** What a line costs the parser, which keeps each by itself, beside its bytes. */
const lineCost = 400;
const [newline, dash] = [10, 45];

/** Refuses what would take far more memory than it has bytes. */
function refuseLarge(bytes: Uint8Array, budget: ReadingBudget): void {
  if (bytes.length > maxMessage) {
    throw new UnreadableDocument(
      "unreadable",
      "This message is larger than 25 MB. Upload what is attached to it by itself.",
    );
  }
  let boundaries = 0;
  budget.spend(bytes.length);
  for (let at = 0; at < bytes.length; at = bytes.indexOf(newline, at) + 1 || bytes.length) {
    budget.spend(lineCost);
    if (bytes[at] === dash && bytes[at + 1] === dash && ++boundaries > maxBoundaries) throw tooManyFiles();
  }
}

async function parse(file: Uint8Array, budget: ReadingBudget): Promise<Email> {
  refuseLarge(file, budget);
  const head = new TextDecoder("latin1").decode(file.subarray(0, 1_024));
  const bytes = withReadableHead(file.subarray(fieldsStart(head)));
  try {
    return await new MailParser({ forceRfc822Attachments: true, maxNestingDepth: 50 }).parse(bytes);
  } catch (cause) {
    // Parts in parts without end, or heads longer than any message's.
    throw new UnreadableDocument(
      "damaged",
      "This message is damaged. Save it anew in your mail program and upload the new file.",
      cause,
    );
  }
}

/**
 * Reads a message: its fields and body in the section that `place` gives for its subject, its attachments where `below` puts
 * their own sections. Pictures that only belong to the look of its HTML are left out. Throws `UnreadableDocument`.
 */
export async function readMessage(
  bytes: Uint8Array,
  reading: Reading,
  place: (subject: string | null) => { section: string | null; below: (section: string | null) => string | null },
): Promise<Message> {
  const email = await parse(bytes, reading.budget);
  const subject = email.subject?.trim() || null;
  const { section, below } = place(subject);
  const blocks = new BlockList();
  blocks.push({ text: headOf(email), page: null, section });
  for (const block of bodyOf(email, reading.budget)) blocks.push({ ...block, section: section ?? block.section });
  if (/^-----BEGIN PGP MESSAGE-----/m.test(email.text ?? "")) reading.leaveOut("Message", encrypted);
  for (const [i, attachment] of email.attachments.entries()) {
    if (signature.test(attachment.mimeType)) continue;
    const isLocked = /^application\/(?:x-)?pkcs7-mime$/.test(attachment.mimeType);
    if (isLocked || /\.(?:asc|pgp|gpg)$/i.test(attachment.filename ?? "")) {
      reading.leaveOut(nameOf(attachment, i + 1), encrypted);
      continue;
    }
    if (attachment.related && attachment.mimeType.startsWith("image/")) continue;
    const inside = await reading.blocksOf(nameOf(attachment, i + 1), () => bytesOf(attachment));
    for (const block of inside) blocks.push({ ...block, section: below(block.section) });
  }
  const author = email.from?.name || email.from?.address || null;
  return { blocks, subject, author, date: email.date ?? null };
}
