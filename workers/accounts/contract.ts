import { z } from "zod";

export const registerInput = z.object({
  email: z
    .email("Enter an e-mail address such as ada@example.com.")
    .max(254)
    .transform((value) => value.toLowerCase()),
  password: z.string().min(8, "Use at least 8 characters.").max(128, "Use at most 128 characters."),
  name: z.string().trim().min(1, "Enter your name.").max(100, "Use at most 100 characters."),
});

export const loginInput = z.object({
  email: z
    .email("Enter an e-mail address such as ada@example.com.")
    .max(254)
    .transform((value) => value.toLowerCase()),
  password: z.string().min(1, "Enter your password.").max(128),
});

export const user = z.object({ id: z.string(), email: z.string(), name: z.string(), created_at: z.iso.datetime() });
export type User = z.output<typeof user>;

export const sessionToken = z.object({
  access_token: z.string(),
  token_type: z.literal("Bearer"),
  expires_in: z.number().int().describe("Seconds until the session ends."),
  user,
});
