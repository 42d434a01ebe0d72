import { iso } from "../clock.ts";
import { newId } from "../ids.ts";
import type { Runtime } from "../runtime.ts";
import type { CompleteMail } from "./mail.ts";

/** Mails that the outbox keeps: enough to work with, and no archive. */
const capacity = 200;

export interface OutboxMail extends CompleteMail {
  id: string;
  created_at: string;
}

interface Row extends CompleteMail {
  id: string;
  created_at: number;
}

/** Keeps a mail where a developer can read it, and forgets the oldest. */
export async function keepInOutbox({ env, clock }: Runtime, mail: CompleteMail): Promise<void> {
  await env.DB.batch([
    env.DB.prepare(
      "INSERT INTO outbox_mails (id, recipient, subject, text, html, created_at) VALUES (?, ?, ?, ?, ?, ?)",
    ).bind(newId("mail"), mail.to, mail.subject, mail.text, mail.html, clock.now()),
    env.DB.prepare(
      "DELETE FROM outbox_mails WHERE id NOT IN (SELECT id FROM outbox_mails ORDER BY created_at DESC, id DESC LIMIT ?)",
    ).bind(capacity),
  ]);
}

/** The mails of the outbox, newest first; those to one address where `to` is given. */
export async function readOutbox({ env }: Runtime, to?: string): Promise<OutboxMail[]> {
  const { results } = await env.DB.prepare(
    "SELECT id, recipient AS 'to', subject, text, html, created_at FROM outbox_mails WHERE ?1 IS NULL OR recipient = ?1 ORDER BY created_at DESC, id DESC LIMIT ?2",
  )
    .bind(to ?? null, capacity)
    .all<Row>();
  return results.map((row) => ({ ...row, created_at: iso(row.created_at) }));
}
