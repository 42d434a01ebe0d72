import { Problem } from "../errors.ts";
import { escapeHtml } from "../http/html.ts";
import { publicUrl } from "../http/public-url.ts";
import type { Runtime } from "../runtime.ts";
import { cleanLine, cleanLines } from "../single-line.ts";
import { keepInOutbox } from "./mail-outbox.ts";
import { sendThroughService } from "./mail-service.ts";

export interface Mail {
  /** One address. */
  to: string;
  subject: string;
  /** Plain text; a blank line parts paragraphs. */
  text: string;
  /** Safe HTML; made from `text` where it is missing. */
  html?: string;
}

/** A mail as it leaves: one line of subject, and both forms. */
export type CompleteMail = Required<Mail>;

/**
 * A name that somebody chose, for the text of a mail to somebody else: short, on one line, and no address that a mail program would make a link of, nor an end of
 * the quotation that it stands in.
 */
export function mailName(name: string): string {
  return cleanLine(name, 80)
    .replace(/[:/\\@<>]+/g, " ")
    .replace(/[“”„"«»]/g, "’")
    .replace(/([.。．｡])(?=\S)/g, "$1 ")
    .replace(/\s+/g, " ")
    .trim();
}

/**
 * `text` as HTML: everything escaped, and only addresses of this installation made links, so that a name that somebody chose can
 * carry none.
 */
export function mailHtml(text: string, ownUrl: string): string {
  const linked = (paragraph: string) =>
    escapeHtml(paragraph)
      .replace(/https?:\/\/[^\s<]+/g, (url) => (isOwn(url, ownUrl) ? `<a href="${url}">${url}</a>` : url))
      .replaceAll("\n", "<br>");
  const paragraphs = text.split(/\n{2,}/).map((paragraph) => `<p>${linked(paragraph)}</p>`);
  const style = "max-width:36rem;font:16px/1.55 system-ui,sans-serif";
  return `<!doctype html><html lang="en"><body><div style="${style}">${paragraphs.join("")}</div></body></html>`;
}

const isOwn = (escapedUrl: string, ownUrl: string) =>
  URL.parse(escapedUrl.replaceAll("&amp;", "&"))?.origin === new URL(ownUrl).origin;

/** Throws `not_ready` where this installation cannot send mail at all: for calls that would be pointless without. */
export function requireMail({ config }: Runtime): void {
  if (config.ENVIRONMENT === "production" && !config.MAIL_API_URL) {
    throw new Problem("not_ready", "This installation sends no mail yet. Its operator has to set MAIL_API_URL.");
  }
}

/**
 * Sends a mail: through the service at `MAIL_API_URL` where that is set, else, outside production, into the local outbox. Throws
 * where it could not be handed over, after a few attempts.
 */
export async function sendMail(runtime: Runtime, mail: Mail): Promise<void> {
  requireMail(runtime);
  const text = cleanLines(mail.text);
  const complete: CompleteMail = {
    to: mail.to,
    subject: cleanLine(mail.subject, 250),
    text,
    html: mail.html ?? mailHtml(text, publicUrl(runtime.config)),
  };
  if (runtime.config.MAIL_API_URL) await sendThroughService(runtime.config, complete);
  else await keepInOutbox(runtime, complete);
  runtime.log.info("mail_sent", { subject: complete.subject });
}
