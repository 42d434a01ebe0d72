import { z } from "zod";

const outboxMail = z.object({
  id: z.string(),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  html: z.string(),
  created_at: z.iso.datetime(),
});
export const outbox = z.object({ data: z.array(outboxMail), next_cursor: z.null() });

/** What an API key may be made for: reading, asking, every other change. */
export const scopes = ["read", "chat", "write"] as const;
export type Scope = (typeof scopes)[number];
