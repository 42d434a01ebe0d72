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
