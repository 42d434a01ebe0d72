import { z } from "zod";
import { acceptedVersion } from "./consent-contract.ts";

export const oauthProvider = z.object({
  id: z.string().describe("As it stands in `/auth/oauth/{provider}`."),
  name: z.string().describe("As its button says it."),
  kind: z
    .enum(["redirect", "password"])
    .describe("By `/auth/oauth/{provider}`, which leads there and back; or by name and password, at `/auth/ldap`."),
});
export type OAuthProviderEntry = z.output<typeof oauthProvider>;
export const oauthProviderList = z.object({ data: z.array(oauthProvider), next_cursor: z.null() });

/** Why a sign-in by a provider came to nothing, as `/sign-in?problem=` has it. */
export const oauthRefusals = [
  "cancelled",
  "expired",
  "provider_failed",
  "email_unverified",
  "account_unconfirmed",
  "already_linked",
  "suspended",
  "address_not_allowed",
  "not_member",
  "workspace_full",
] as const;
export type OAuthRefusalReason = (typeof oauthRefusals)[number];

export const agreementInput = z.strictObject({
  agreement_token: z.string().max(4_000),
  accept_policy: acceptedVersion.optional(),
});

export const startQuery = z.strictObject({
  return_to: z.string().max(2_000).optional().describe("The path of this site to end at."),
});
const sent = z.string().max(4_000).optional();
/** What providers say beside it (`scope`, `session_state`, …) is theirs to choose. */
export const callbackQuery = z.looseObject({ code: sent, state: sent, error: sent, iss: sent });
