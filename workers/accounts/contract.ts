import { z } from "zod";
import { scopes } from "../platform/contract.ts";
import { singleLine } from "../platform/single-line.ts";
import { acceptedVersion } from "./consent-contract.ts";

export const tags = ["Accounts"];

const email = z
  .email("Enter an e-mail address such as ada@example.com.")
  .max(254)
  .transform((value) => value.toLowerCase());

const newPassword = z.string().min(12, "Use at least 12 characters.").max(128, "Use at most 128 characters.");
const currentPassword = z.string().min(1, "Enter your password.").max(128);

export const registerInput = z.strictObject({
  email,
  password: newPassword,
  name: singleLine({ most: 100, missing: "Enter your name." }),
  accept_policy: acceptedVersion
    .optional()
    .describe("The version of the terms that is agreed to, where the installation has one; see `/policy`."),
});

export const loginInput = z.strictObject({ email, password: currentPassword });
export const refreshInput = z.strictObject({ refresh_token: z.string().min(1, "Send the refresh token.").max(200) });
export const resetRequestInput = z.strictObject({ email });
const mailedToken = z.string().min(1, "Send the token from the mail.").max(200);
export const resetConfirmInput = z.strictObject({ token: mailedToken, password: newPassword });
export const changePasswordInput = z.strictObject({ current_password: currentPassword, new_password: newPassword });
export const verifyEmailInput = z.strictObject({ token: mailedToken });
export const changeEmailInput = z.strictObject({ email, password: currentPassword });

export const user = z.object({
  id: z.string(),
  email: z.string(),
  email_verified: z.boolean(),
  name: z.string(),
  created_at: z.iso.datetime(),
});
export type User = z.output<typeof user>;
export const userAnswer = z.object({ user });

export const sessionToken = z.object({
  access_token: z.string(),
  token_type: z.literal("Bearer"),
  expires_in: z.number().int().describe("Seconds for which the access token counts."),
  refresh_token: z.string().describe("Gets the next two tokens from `/auth/refresh`, once."),
  refresh_expires_in: z.number().int().describe("Seconds for which the refresh token counts."),
  user,
});
/** Where a password is not enough: `two_factor_token` and a code go to `/auth/2fa/verify`. */
export const codeRequired = z.object({
  two_factor_required: z.literal(true),
  two_factor_token: z.string(),
  expires_in: z.number().int().describe("Seconds for which the token counts."),
});
export const loginAnswer = z.union([sessionToken, codeRequired]);
export type LoginAnswer = z.output<typeof loginAnswer>;

const code = z.string().trim().min(6, "Enter the six digits, or a recovery code.").max(40, "That is no code.");
export const setupInput = z.strictObject({
  password: currentPassword.optional().describe("Needed where the sign-in was more than ten minutes ago."),
});
export const setupAnswer = z.object({
  secret: z.string().describe("To be typed into an authenticator app."),
  otpauth_url: z.string().describe("The same as a QR code shows it."),
});
export const verifyCodeInput = z.strictObject({
  code,
  two_factor_token: z
    .string()
    .max(2_000)
    .optional()
    .describe("From the sign-in; without it, the code confirms a set-up."),
});
export const recoveryCodesAnswer = z.object({
  two_factor_enabled: z.literal(true),
  recovery_codes: z.array(z.string()).describe("Shown this once. Each opens the account once, in place of a code."),
});
export const verifyCodeAnswer = z.union([sessionToken, recoveryCodesAnswer]);
export type VerifyCodeAnswer = z.output<typeof verifyCodeAnswer>;
export const newCodesInput = z.strictObject({ code });
export const disableInput = z.strictObject({ password: currentPassword, code });
/** What a sign-in takes: the code where the second factor is on. */
export const bothInput = z.strictObject({ password: currentPassword, code: code.optional() });
export const factorStatus = z.object({
  enabled: z.boolean(),
  recovery_codes_left: z.number().int(),
});

export const session = z.object({
  id: z.string(),
  current: z.boolean().describe("Whether it is the one that asks."),
  device: z.string().describe("Browser and system as the device named them, such as “Firefox on Linux”."),
  ip_address: z.string().nullable(),
  created_at: z.iso.datetime(),
  last_used_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
});
export type SessionEntry = z.output<typeof session>;
export const sessionList = z.object({ data: z.array(session), next_cursor: z.null() });

/** What was asked for is on its way, or would be if there were such an account: nobody learns which. */
export const mailSent = z.object({ detail: z.string() });

export const createApiKeyInput = z.strictObject({
  name: singleLine({ most: 100, missing: "Give the key a name." }),
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
  last_used_at: z.iso.datetime().nullable().describe("Null before its first use; at most a minute late."),
  created_at: z.iso.datetime(),
});
export type ApiKey = z.output<typeof apiKey>;
export const newApiKey = apiKey.extend({ key: z.string().describe("Shown this once.") });
export const apiKeyList = z.object({ data: z.array(apiKey), next_cursor: z.null() });
