import { z } from "zod";

export const policy = z.object({
  version: z.string().nullable().describe("What people have to agree to; null where nobody is asked."),
  terms_url: z.string().nullable(),
  privacy_url: z.string().nullable(),
});
export type Policy = z.output<typeof policy>;

/** The version that somebody agrees to: the present one, so that nobody agrees to what they were not shown. */
export const acceptedVersion = z.string().max(40);

export const consentInput = z.strictObject({ version: acceptedVersion });

export const consent = z.object({
  version: z.string(),
  agreed_at: z.iso.datetime(),
  terms_url: z.string().describe("Where it could be read then."),
  privacy_url: z.string(),
  address: z.string().nullable(),
  agent: z.string().nullable().describe("The browser or program, as it names itself."),
});
export type Consent = z.output<typeof consent>;
export const consentList = z.object({ data: z.array(consent), next_cursor: z.null() });
