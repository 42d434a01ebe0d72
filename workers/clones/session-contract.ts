import { z } from "zod";

const money = z.number().int();

export const openSessionInput = z.strictObject({
  id: z
    .string()
    .regex(/^ses_[\w-]{8,60}$/, "Begin the session’s id with “ses_”, followed by 8 to 60 letters, digits or dashes.")
    .optional()
    .describe("Yours, so that a call that is repeated opens one session."),
});

export const extendSessionInput = z.strictObject({
  id: z
    .string()
    .regex(/^ext_[\w-]{8,60}$/, "Begin the extension’s id with “ext_”, followed by 8 to 60 letters, digits or dashes.")
    .describe("Yours, so that a call that is repeated extends it once."),
});

export const cloneSession = z.object({
  id: z.string(),
  clone_id: z.string(),
  state: z
    .enum(["open", "closed", "released"])
    .describe("`released`: nothing was answered, and all of it was given back."),
  price: money.describe("What was set aside for it, in micro-credits, extensions included."),
  left: money.describe("What is left of that for answers."),
  opened_at: z.iso.datetime(),
  until: z.iso.datetime().nullable(),
  closed_at: z.iso.datetime().nullable(),
});
export type WireSession = z.output<typeof cloneSession>;

export const cloneSessions = z.object({ data: z.array(cloneSession) });
