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

export const scopes = ["read", "chat", "write"] as const;
export type Scope = (typeof scopes)[number];

export const createApiKeyInput = z.object({
  name: z.string().trim().min(1, "Give the key a name.").max(100, "Use at most 100 characters."),
  scopes: z
    .array(z.enum(scopes))
    .min(1, "Give the key at least one scope.")
    .default([...scopes])
    .describe("What the key may do: `read`, `chat` (ask and manage conversations), `write` (change everything else)."),
  expires_at: z.iso.datetime("Use a time such as 2027-01-31T00:00:00Z.").optional(),
});

export const apiKey = z.object({
  id: z.string(),
  name: z.string(),
  preview: z.string().describe("The key’s first characters."),
  scopes: z.array(z.enum(scopes)),
  expires_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
});
export type ApiKey = z.output<typeof apiKey>;
export const newApiKey = apiKey.extend({ key: z.string().describe("Shown this once.") });
export const apiKeyList = z.object({ data: z.array(apiKey), next_cursor: z.null() });
