import { z } from "zod";

export const ldapInput = z.strictObject({
  username: z
    .string()
    .trim()
    .min(1, "Enter your name in the directory.")
    .max(254, "That is longer than any name in the directory."),
  // A bind without a password would succeed as nobody.
  password: z.string().min(1, "Enter your password.").max(256, "That is longer than any password."),
  accept_policy: z
    .string()
    .max(100)
    .optional()
    .describe("The version of the terms that whoever has no account here yet agrees to, where this installation asks."),
});
