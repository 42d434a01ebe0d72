import { z } from "zod";

export const erasureStarted = z.object({
  status: z.literal("running"),
  token: z.string().describe("Reads what becomes of it, at `/erasures/{token}`, for ten years."),
});

const ids = z.array(z.string());

export const erasure = z.object({
  id: z.string(),
  subject: z.enum(["person", "workspace"]).describe("What is erased: an account, or a workspace."),
  status: z.enum(["running", "done"]),
  requested_at: z.iso.datetime(),
  finished_at: z.iso.datetime().nullable(),
  erased: z
    .object({
      workspace: ids,
      membership: ids.describe("Workspaces of others that were left."),
      clone: ids,
      document: ids,
      conversation: ids,
      key: ids,
      session: ids,
    })
    .describe("Ids of what is erased, by kind; complete once `status` is `done`."),
  receipt: z
    .string()
    .nullable()
    .describe("A JWT (HS256, by this installation’s key) with the SHA-256 of `erased` as JSON; null while it runs."),
  receipt_valid: z.boolean().nullable().describe("Whether the receipt was signed here for exactly this list."),
});
export type Erasure = z.output<typeof erasure>;
