import { z } from "zod";

const amount = z
  .number("Use a whole number of micro-credits, or null for no price.")
  .int("Use whole micro-credits: a credit is 1,000,000 of them.")
  .min(0, "A price cannot be below 0.")
  .max(10_000_000_000, "A price is at most 10,000 credits.")
  .nullable();
const basisPoints = z
  .number("Use ten-thousandths: 2500 is a quarter.")
  .int("Use whole ten-thousandths: 2500 is a quarter.")
  .min(1, "A share is at least one ten-thousandth.")
  .max(10_000, "A share is at most all of it: 10000.");

const fields = {
  payer: z
    .enum(["creator", "visitor"], "Use “creator” or “visitor”.")
    .describe("Who pays for questions of others: the clone’s workspace, or whoever asks."),
  per_message: amount.describe("For an answer, above what its model takes, in micro-credits."),
  per_session: amount.describe("For a session, all that the model takes in it included."),
  session_minutes: z
    .number("Use a number of minutes.")
    .int("Use whole minutes.")
    .min(5, "A session lasts at least 5 minutes.")
    .max(1_440, "A session lasts at most a day: 1440 minutes.")
    .nullable(),
  per_expert_minute: amount.describe("For a minute of the expert’s own time in a session."),
  trial_messages: z
    .number("Use a number of answers.")
    .int("Use a whole number of answers.")
    .min(0, "There cannot be fewer than 0 free answers.")
    .max(100, "At most 100 answers are free.")
    .describe("So many answers are free for each account before the first is paid."),
  contributors: z
    .array(z.strictObject({ user_id: z.string().max(60), basis_points: basisPoints }))
    .max(20, "Name at most 20 contributors.")
    .describe("Members who get some of the price, out of the creator’s share, into their own workspaces’ wallets."),
};

export const clonePriceInput = z
  .strictObject({
    payer: fields.payer.default("creator"),
    per_message: fields.per_message.default(null),
    per_session: fields.per_session.default(null),
    session_minutes: fields.session_minutes.default(null),
    per_expert_minute: fields.per_expert_minute.default(null),
    trial_messages: fields.trial_messages.default(0),
    contributors: fields.contributors.default([]),
  })
  .superRefine((value, context) => {
    const issue = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
    const isPriced = value.per_message !== null || value.per_session !== null;
    if (value.payer === "creator" && isPriced)
      issue("payer", "Only visitors pay a price: choose “visitor”, or leave the prices out.");
    if (value.per_session !== null && value.session_minutes === null)
      issue("session_minutes", "Say how long a session lasts.");
  });

export const clonePrice = z.object({
  ...fields,
  id: z.string().nullable().describe("The version that holds; null where no price was ever set."),
  clone_id: z.string(),
  creator_basis_points: z
    .number()
    .int()
    .describe("What of a price is the creator’s, contributors’ parts included, in ten-thousandths."),
  created_at: z.iso.datetime().nullable(),
});
export type WireClonePrice = z.output<typeof clonePrice>;
